import { registerGradient, unregisterGradient } from "@tensorflow/tfjs";
import { convReluPoolGradient } from "./conv_relu_pool_gradient.ts";
import { reluGradient } from "./relu_gradient.ts";
import { softmaxCrossEntropyGradient } from "./softmax_cross_entropy_gradient.ts";

let isRegistered = false;

/**
 * Registers the gradients of our kernels, which TensorFlow.js keeps for all
 * backends together. A second call does nothing.
 */
export function registerGradients(): void {
  if (isRegistered) return;
  registerGradient(convReluPoolGradient);
  registerGradient(softmaxCrossEntropyGradient);
  // Otherwise TensorFlow.js warns of a gradient registered twice.
  unregisterGradient(reluGradient.kernelName);
  registerGradient(reluGradient);
  isRegistered = true;
}

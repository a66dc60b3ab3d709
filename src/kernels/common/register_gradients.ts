import { registerGradient, unregisterGradient } from "@tensorflow/tfjs";
import { convReluPoolGradient } from "../ops/conv_relu_pool.ts";
import { reluGradient } from "../ops/relu_gradient.ts";
import { softmaxCrossEntropyGradient } from "../ops/softmax_cross_entropy.ts";

/**
 * Registers the gradients of fused kernels, which TensorFlow.js keeps for all
 * backends alike. A second call does nothing.
 */
export function registerGradients(): void {
  if (isRegistered) return;
  registerGradient(convReluPoolGradient);
  registerGradient(softmaxCrossEntropyGradient);
  // Without this TensorFlow.js warns of a gradient registered twice.
  unregisterGradient(reluGradient.kernelName);
  registerGradient(reluGradient);
  isRegistered = true;
}

let isRegistered = false;

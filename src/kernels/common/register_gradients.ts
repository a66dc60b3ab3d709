import {
  getGradient,
  registerGradient,
  unregisterGradient,
} from "@tensorflow/tfjs";
import { addBiasGradient } from "./add_bias_gradient.ts";
import { convReluPoolGradient } from "./conv_relu_pool_gradient.ts";
import { dilatedGradient } from "./dilated_gradient.ts";
import { einsumGradient } from "./einsum_gradient.ts";
import { globalAvgPoolGradient } from "./global_avg_pool_gradient.ts";
import type { KernelName } from "./kernel.ts";
import { maxPoolGradient } from "./max_pool_gradient.ts";
import { normaliseGradient } from "./normalise_gradient.ts";
import { reluGradGradient, reluGradient } from "./relu_gradient.ts";
import { residualAddGradient } from "./residual_add_gradient.ts";
import { softmaxCrossEntropyGradient } from "./softmax_cross_entropy_gradient.ts";

const gradients = [
  addBiasGradient,
  convReluPoolGradient,
  einsumGradient,
  globalAvgPoolGradient,
  maxPoolGradient,
  normaliseGradient,
  reluGradGradient,
  residualAddGradient,
  softmaxCrossEntropyGradient,
];

/** What gradients need to know of kernels. */
export interface GradientOptions {
  /** Whether a backend has our kernel of a name. */
  readonly isOurs: (kernel: KernelName, backend: string) => boolean;
}

let isRegistered = false;

/**
 * Registers the gradients of our kernels, which TensorFlow.js keeps for all
 * backends together. A second call does nothing.
 */
export function registerGradients({ isOurs }: GradientOptions): void {
  if (isRegistered) return;
  gradients.forEach(registerGradient);
  // TensorFlow.js warns of a gradient registered twice.
  unregisterGradient(reluGradient.kernelName);
  registerGradient(reluGradient);
  for (const name of ["Conv2D", "DepthwiseConv2dNative"] as const) {
    const official = getGradient(name);
    if (official === undefined) continue;
    unregisterGradient(name);
    registerGradient(dilatedGradient(name, { official, isOurs }));
  }
  isRegistered = true;
}

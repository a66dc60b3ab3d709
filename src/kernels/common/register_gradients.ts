import {
  getGradient,
  type GradConfig,
  registerGradient,
  unregisterGradient,
} from "@tensorflow/tfjs";
import { addBiasGradient } from "./add_bias_gradient.ts";
import { avgPoolGradGradient } from "./avg_pool_grad_gradient.ts";
import { batchMatMulGradient } from "./batch_mat_mul_gradient.ts";
import { broadcastGradient, broadcastKernels } from "./broadcast_gradients.ts";
import { clipGradient, relu6Gradient } from "./clip_gradient.ts";
import { comparisonGradients } from "./comparison_gradients.ts";
import { conv2dGradient } from "./conv2d_gradient.ts";
import { convReluPoolGradient } from "./conv_relu_pool_gradient.ts";
import { convolutionGradients } from "./convolution_gradients.ts";
import { einsumGradient } from "./einsum_gradient.ts";
import {
  fusedBatchNormGradient,
  normaliseSumsGradient,
} from "./fused_batch_norm_gradient.ts";
import { globalAvgPoolGradient } from "./global_avg_pool_gradient.ts";
import type { KernelName } from "./kernel.ts";
import { maxPoolGradient } from "./max_pool_gradient.ts";
import { maxPoolGradGradients } from "./max_pool_grad_gradients.ts";
import { normaliseGradient } from "./normalise_gradient.ts";
import { reluGradGradient, reluGradient } from "./relu_gradient.ts";
import { residualAddGradient } from "./residual_add_gradient.ts";
import { sigmoidGradients } from "./sigmoid_gradients.ts";
import { softmaxCrossEntropyGradient } from "./softmax_cross_entropy_gradient.ts";
import { splitGradients, spreadGradients } from "./spread_gradients.ts";

const gradients = [
  addBiasGradient,
  convReluPoolGradient,
  einsumGradient,
  globalAvgPoolGradient,
  maxPoolGradient,
  normaliseGradient,
  normaliseSumsGradient,
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
  for (
    const gradient of [
      avgPoolGradGradient,
      ...comparisonGradients,
      ...maxPoolGradGradients,
    ]
  ) {
    if (getGradient(gradient.kernelName) === undefined) {
      registerGradient(gradient);
    }
  }
  for (
    const gradient of [
      clipGradient,
      relu6Gradient,
      reluGradient,
      ...convolutionGradients,
      ...sigmoidGradients,
      ...splitGradients,
      ...spreadGradients,
    ]
  ) replaceGradient(gradient);
  for (const name of broadcastKernels) {
    const official = getGradient(name);
    if (official) replaceGradient(broadcastGradient(official));
  }
  const conv2d = getGradient("Conv2D");
  if (conv2d) replaceGradient(conv2dGradient({ official: conv2d, isOurs }));
  const batchMatMul = getGradient("BatchMatMul");
  if (batchMatMul) replaceGradient(batchMatMulGradient(batchMatMul));
  const batchNorm = getGradient("FusedBatchNorm");
  if (batchNorm) replaceGradient(fusedBatchNormGradient(batchNorm));
  isRegistered = true;
}

/** Registers a gradient in place of another one, if there is one. */
function replaceGradient(gradient: GradConfig): void {
  // TensorFlow.js warns of a gradient registered twice, and throws on removing none.
  if (getGradient(gradient.kernelName) !== undefined) {
    unregisterGradient(gradient.kernelName);
  }
  registerGradient(gradient);
}

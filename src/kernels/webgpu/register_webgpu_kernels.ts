import { getKernel, registerKernel, unregisterKernel } from "@tensorflow/tfjs";
import { registerGradients } from "../common/register_gradients.ts";
import { avgPoolGrad } from "./avg_pool_grad.ts";
import { batchMatMul, fusedMatMul } from "./batch_mat_mul.ts";
import { conv2d } from "./conv2d.ts";
import { conv2dBackpropFilter } from "./conv2d_backprop_filter.ts";
import { conv2dBackpropInput } from "./conv2d_backprop_input.ts";
import {
  convReluPool,
  convReluPoolBiasGrad,
  convReluPoolFilterGrad,
  convReluPoolInputGrad,
} from "./conv_relu_pool.ts";
import { gatherImages } from "./gather_images.ts";
import { maxPoolGrad } from "./max_pool.ts";
import { softmaxCrossEntropy } from "./softmax_cross_entropy.ts";
import { toKernelConfig, type TrainingKernel } from "./training_kernel.ts";
import { adamStep, linfStep, reluGrad, sgdStep } from "./updates.ts";

const trainingKernels: readonly TrainingKernel[] = [
  adamStep,
  avgPoolGrad,
  batchMatMul,
  conv2d,
  conv2dBackpropFilter,
  conv2dBackpropInput,
  convReluPool,
  convReluPoolBiasGrad,
  convReluPoolFilterGrad,
  convReluPoolInputGrad,
  fusedMatMul,
  gatherImages,
  linfStep,
  maxPoolGrad,
  reluGrad,
  sgdStep,
  softmaxCrossEntropy,
];

let isRegistered = false;

/**
 * Replaces the kernels of TF.js's WebGPU backend that are wrong, slow or not
 * repeatable in training, and adds fused ones. The package
 * `@tensorflow/tfjs-backend-webgpu` must be imported before, as it registers
 * the official kernels. A second call does nothing.
 *
 * On one adapter the kernels are bit-reproducible: none adds atomically, and
 * they sum in an order that depends on shapes and the adapter alone.
 *
 * @throws {TypeError} If the official kernels are not there.
 */
export function registerWebgpuKernels(): void {
  if (isRegistered) return;
  if (getKernel("BatchMatMul", "webgpu") === undefined) {
    throw new TypeError(
      "Cannot register kernels as @tensorflow/tfjs-backend-webgpu must be imported first: current value is no kernels",
    );
  }
  registerGradients();
  for (const kernel of trainingKernels) {
    const official = getKernel(kernel.name, "webgpu");
    // Without this TF.js warns of a kernel registered twice.
    if (official !== undefined) unregisterKernel(kernel.name, "webgpu");
    registerKernel(toKernelConfig(kernel, official));
  }
  isRegistered = true;
}

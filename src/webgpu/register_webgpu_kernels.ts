import {
  getKernel,
  type KernelConfig,
  registerKernel,
  unregisterKernel,
} from "@tensorflow/tfjs";
import { batchMatMuls } from "./batch_mat_mul.ts";
import { conv2dBackpropFilter } from "./conv2d_backprop_filter.ts";
import { maxPoolGrad } from "./max_pool_grad.ts";

let isRegistered = false;

/**
 * Replaces the kernels of TF.js's WebGPU backend that are wrong, slow or not
 * repeatable in training. The package `@tensorflow/tfjs-backend-webgpu` must be
 * imported before, as it registers the stock kernels. A second call does
 * nothing.
 *
 * @throws {TypeError} If the stock kernels are not there.
 */
export function registerWebgpuKernels(): void {
  if (isRegistered) return;
  if (getKernel("BatchMatMul", "webgpu") === undefined) {
    throw new TypeError(
      "Cannot register kernels as @tensorflow/tfjs-backend-webgpu must be imported first: current value is no kernels",
    );
  }
  const kernels: KernelConfig[] = [
    ...batchMatMuls(),
    conv2dBackpropFilter,
    maxPoolGrad,
  ];
  for (const kernel of kernels) {
    // Without this TF.js warns of a kernel registered twice.
    if (getKernel(kernel.kernelName, "webgpu") !== undefined) {
      unregisterKernel(kernel.kernelName, "webgpu");
    }
    registerKernel(kernel);
  }
  isRegistered = true;
}

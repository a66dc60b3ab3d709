import "@tensorflow/tfjs-backend-webgpu";
import { registerWebgpuKernels } from "./register_webgpu_kernels.ts";

/**
 * Gives the official `webgpu` backend kernels with which convolutional networks
 * train right, repeatably and faster: the gradients of max pooling and of
 * convolutions, matrix products and what a training step spends its time in.
 * Call it once, before or after `tf.setBackend("webgpu")`; a second call does
 * nothing.
 *
 * On one adapter the kernels are bit-reproducible: none adds atomically, and
 * they sum in an order that depends on shapes and the adapter alone. Operations
 * without a kernel of ours run on the official ones, which promise neither.
 */
export function registerWebgpuTrainingKernels(): void {
  registerWebgpuKernels();
}

/**
 * Training kernels for TensorFlow.js's `wasm` backend. They work with any model
 * and need no other part of this package. Existing code runs on them unchanged
 * once they are registered; the other functions compute whole steps in one
 * kernel where the backend has it, and run on every backend.
 *
 * @example
 * ```ts
 * import * as tf from "@tensorflow/tfjs";
 * import { registerTrainingKernels } from "@dupbench/dupbench/wasm-training";
 *
 * await registerTrainingKernels();
 * await tf.setBackend("wasm");
 * const x = tf.randomNormal([8, 32, 32, 3]) as tf.Tensor4D;
 * const loss = (filter: tf.Tensor) =>
 *   tf.sum(tf.square(tf.conv2d(x, filter as tf.Tensor4D, 1, "same"))) as tf.Scalar;
 * const gradient = tf.grad(loss)(tf.ones([3, 3, 3, 16]));
 * console.log(gradient.shape); // [3, 3, 3, 16]
 * ```
 *
 * @module
 */
export type { KernelBinary } from "./kernel_binary.ts";
export type { RegistrationOptions } from "./register_training_kernels.ts";
export { registerTrainingKernels } from "./register_training_kernels.ts";
export { convReluPool } from "../ops/conv_relu_pool.ts";
export { linfStep } from "../ops/linf_step.ts";
export type {
  AdamStepOptions,
  AdamwStepOptions,
  SgdStepOptions,
} from "../common/kernel.ts";
export type { AdamState, SgdState } from "../ops/optimizer_steps.ts";
export {
  adamStep,
  adamwStep,
  nesterovStep,
  sgdStep,
} from "../ops/optimizer_steps.ts";
export { softmaxCrossEntropy } from "../ops/softmax_cross_entropy.ts";

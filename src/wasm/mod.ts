/**
 * Training kernels for TensorFlow.js's `wasm` backend, on their own: works
 * with any model, and needs nothing else of this package.
 *
 * @module
 */
export { registerTrainingKernels } from "./register_training_kernels.ts";
export { convReluPool } from "./ops/conv_relu_pool.ts";
export { linfStep } from "./ops/linf_step.ts";
export { adamStep, sgdStep } from "./ops/optimizer_steps.ts";
export { softmaxCrossEntropy } from "./ops/softmax_cross_entropy.ts";

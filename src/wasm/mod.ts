/**
 * Training kernels for TensorFlow.js's `wasm` backend, on their own: works
 * with any model, and needs nothing else of this package.
 *
 * @module
 */
export { registerTrainingKernels } from "./register_training_kernels.ts";
export { convReluPool } from "./ops/conv_relu_pool.ts";

/**
 * Training kernels for TensorFlow.js's `webgpu` backend. They work with any model
 * and need no other part of this package. Existing code runs on them unchanged
 * once they are registered. The official backend passes the gradient of max
 * pooling to the last of equal maxima, adds some products atomically, so that
 * equal runs give unequal sums, and computes some transposed products incorrectly.
 *
 * @example
 * ```ts
 * import * as tf from "@tensorflow/tfjs";
 * import { registerWebgpuTrainingKernels } from "@dupbench/dupbench/webgpu-training";
 *
 * registerWebgpuTrainingKernels();
 * // False where the browser, or the machine, has no WebGPU.
 * if (await tf.setBackend("webgpu")) {
 *   const model = tf.sequential();
 *   model.add(tf.layers.conv2d({ inputShape: [8, 8, 1], filters: 4, kernelSize: 3 }));
 *   model.add(tf.layers.flatten());
 *   model.add(tf.layers.dense({ units: 2, activation: "softmax" }));
 *   model.compile({ optimizer: "sgd", loss: "categoricalCrossentropy" });
 *   await model.fit(tf.ones([4, 8, 8, 1]), tf.ones([4, 2]));
 * }
 * ```
 *
 * @module
 */
export { registerWebgpuTrainingKernels } from "./register_webgpu_training_kernels.ts";

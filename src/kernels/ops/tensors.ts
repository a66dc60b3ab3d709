/**
 * Names for TensorFlow.js's tensors in public signatures. They are its own
 * types, unchanged; `@internal` keeps them out of our documentation, because
 * TensorFlow.js documents them.
 *
 * @module
 */
import type * as tf from "@tensorflow/tfjs";

/**
 * A single number.
 *
 * @internal
 */
export type Scalar = tf.Scalar;
/**
 * Numbers of any shape.
 *
 * @internal
 */
export type Tensor = tf.Tensor;
/**
 * A vector.
 *
 * @internal
 */
export type Tensor1D = tf.Tensor1D;
/**
 * A matrix.
 *
 * @internal
 */
export type Tensor2D = tf.Tensor2D;
/**
 * A batch of images.
 *
 * @internal
 */
export type Tensor4D = tf.Tensor4D;
/**
 * A tensor whose value can be replaced.
 *
 * @internal
 */
export type Variable = tf.Variable;

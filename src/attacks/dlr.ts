import * as tf from "@tensorflow/tfjs";
import type { Tensor1D, Tensor2D } from "../kernels/ops/tensors.ts";

/** Keeps the quotient finite where leading logits are equal. */
const TINY = 1e-12;

/** The classes of the given ranks, as one-hot masks; shape `[b, k]` each. */
function ranked(logits: Tensor2D, ranks: readonly number[]): tf.Tensor[] {
  const [rows, classes] = logits.shape;
  const most = Math.max(...ranks);
  const { indices } = tf.topk(logits, most);
  return ranks.map((rank) =>
    tf.cast(
      tf.oneHot(
        tf.reshape(tf.slice(indices, [0, rank - 1], [rows, 1]), [rows]),
        classes,
      ),
      "float32",
    )
  );
}

const pick = (logits: tf.Tensor, mask: tf.Tensor) =>
  tf.sum(tf.mul(logits, mask), 1);

/**
 * A quotient of differences of logits, with its gradient in closed form:
 * TensorFlow.js has none for sorting.
 *
 * @param over Signed mask of the logits in the numerator, by the logits.
 * @param under The same for the denominator. Which logits a mask selects is
 * treated as constant.
 */
function quotient(
  over: (logits: Tensor2D) => tf.Tensor,
  under: (logits: Tensor2D) => tf.Tensor,
): (logits: Tensor2D) => Tensor1D {
  return tf.customGrad((input, save) => {
    const logits = input as Tensor2D;
    const [top, bottom] = [over(logits), under(logits)];
    const width = tf.add(pick(logits, bottom), TINY);
    const value = tf.div(pick(logits, top), width);
    const slope = tf.div(
      tf.sub(top, tf.mul(bottom, tf.expandDims(value, 1))),
      tf.expandDims(width, 1),
    );
    (save as tf.GradSaveFunc)([slope]);
    return {
      value,
      gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) =>
        tf.mul(tf.expandDims(dy, 1), saved[0]!),
    };
  }) as unknown as (logits: Tensor2D) => Tensor1D;
}

/**
 * Difference of logits ratio, a loss that is invariant to the scale of the logits
 * (Croce and Hein 2020, arXiv:2003.01690, sec. 4.1):
 * `-(z_y - max_{i != y} z_i) / (z_(1) - z_(3))`.
 *
 * @param logits Shape `[b, k]`, at least 3 classes.
 * @param labels One-hot, shape `[b, k]`.
 * @returns Losses in `[-1, 1]`, shape `[b]`; the caller disposes them.
 */
export function dlr(logits: Tensor2D, labels: Tensor2D): Tensor1D {
  return quotient(
    (z) => {
      // Without the true class, the largest is the largest other one.
      const others = tf.sub(z, tf.mul(labels, 2e30)) as Tensor2D;
      return tf.sub(ranked(others, [1])[0]!, labels);
    },
    (z) => {
      const [first, third] = ranked(z, [1, 3]);
      return tf.sub(first!, third!);
    },
  )(logits);
}

/**
 * The targeted difference of logits ratio (ibid., sec. 5):
 * `-(z_y - z_t) / (z_(1) - (z_(3) + z_(4)) / 2)`.
 *
 * @param logits Shape `[b, k]`, at least 4 classes.
 * @param labels One-hot true classes, shape `[b, k]`.
 * @param targets One-hot targets, shape `[b, k]`.
 * @returns Losses, shape `[b]`; the caller disposes them.
 */
export function targetedDlr(
  logits: Tensor2D,
  labels: Tensor2D,
  targets: Tensor2D,
): Tensor1D {
  return quotient(
    () => tf.sub(targets, labels),
    (z) => {
      const [first, third, fourth] = ranked(z, [1, 3, 4]);
      return tf.sub(first!, tf.mul(tf.add(third!, fourth!), 0.5));
    },
  )(logits);
}

/**
 * The classes of one rank, one-hot.
 *
 * @param logits Shape `[b, k]`.
 * @param rank From 1, the largest.
 * @returns Shape `[b, k]`; the caller disposes it.
 */
export function classOfRank(logits: Tensor2D, rank: number): Tensor2D {
  return tf.tidy(() => ranked(logits, [rank])[0] as Tensor2D);
}

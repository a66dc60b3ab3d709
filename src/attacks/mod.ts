/**
 * Attacks on image classifiers, as values: each takes a function from images to
 * class scores, and works on any TensorFlow.js model and backend. Perturbations
 * stay within an L-infinity ball and within `[0, 1]`.
 *
 * `parseAttack` makes an attack by its name in studies, such as `pgd-10`; `pgd`,
 * `fgsm`, `apgdCe`, `apgdTargeted` and `square` make one from options. Attacks
 * are deterministic: their random numbers follow from a seed.
 *
 * @example FGSM on a linear classifier
 * ```ts
 * import * as tf from "@tensorflow/tfjs";
 * import { assertEquals } from "@std/assert";
 * import { fgsm, openStream } from "@dupbench/dupbench/attacks";
 *
 * await tf.setBackend("cpu");
 * await tf.ready();
 * // The score of class 1 is the mean pixel, so FGSM on an image of class 1
 * // lowers every pixel by epsilon.
 * const classify = (images: tf.Tensor4D): tf.Tensor2D =>
 *   tf.tidy(() => {
 *     const mean = tf.mean(images, [1, 2, 3]);
 *     return tf.stack([tf.neg(mean), mean], 1) as tf.Tensor2D;
 *   });
 * const images = tf.fill([1, 4, 4, 1], 0.5) as tf.Tensor4D;
 * const labels = tf.tensor2d([[0, 1]]);
 * const found = await fgsm({ epsilon: 0.1 }).perturb(classify, {
 *   images,
 *   labels,
 *   // Only an attack with a random start draws from it.
 *   streamOf: (index) => openStream(1, "attack", index),
 * });
 * const changed = await found.images.data();
 * assertEquals(changed, new Float32Array(16).fill(0.4));
 * ```
 *
 * @module
 */
export { openStream } from "../core/stream.ts";
export { apgdCe, apgdTargeted } from "./apgd.ts";
export { parseAttack } from "./parse_attack.ts";
export { fgsm, pgd } from "./pgd.ts";
export { square } from "./square.ts";
export type { ApgdOptions } from "./apgd_search.ts";
export type {
  Attack,
  AttackBatch,
  AttackResult,
  Classify,
  ThreatModel,
  TrainingAttack,
} from "./attack.ts";
export type {
  AscentBatch,
  AscentOptions,
  AscentResult,
} from "../plan/plan_ascent.ts";
export type { PgdOptions } from "./pgd.ts";
export type { SquareOptions } from "./square.ts";
export type { Purpose, Stream } from "../core/stream.ts";

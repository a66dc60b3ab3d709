import * as tf from "@tensorflow/tfjs";
import type { Attack, AttackBatch } from "../../src/attacks/attack.ts";
import { openStream } from "../../src/core/stream.ts";

/** Two classes, logits (w·x, -w·x): the gradient's sign is known everywhere. */
export const weights = [0.5, -2, 0.25, 1, -1, 3];

/** That model, for images of 1x2x3. */
export const linear = (x: tf.Tensor4D): tf.Tensor2D =>
  tf.tidy(() => {
    const score = tf.matMul(
      tf.reshape(x, [x.shape[0], 6]),
      tf.tensor2d(weights, [6, 1]),
    );
    return tf.concat([score, tf.neg(score)], 1) as tf.Tensor2D;
  });

/** Images of 1x2x3 with their labels; an image's stream goes by its place. */
export function batchOf(
  pixels: number[][],
  labels: number[],
  { seed = 0, offset = 0, classes = 2 } = {},
): AttackBatch {
  return {
    images: tf.tensor4d(pixels.flat(), [pixels.length, 1, 2, 3]),
    labels: tf.tidy(() => tf.oneHot(labels, classes).toFloat() as tf.Tensor2D),
    streamOf: (i: number) => openStream(seed, "attack", offset + i),
  };
}

/** Runs an attack, frees all, and returns the pixels found. */
export async function attacked(
  attack: Attack,
  batch: AttackBatch,
  classify = linear,
): Promise<number[]> {
  const found = await attack.perturb(classify, batch);
  const values = [...await found.images.data()];
  tf.dispose([found.images, found.zeroGradients, batch.images, batch.labels]);
  return values;
}

/** The strongest image against the linear model, in closed form. */
export function closedForm(pixels: number[], label: number, epsilon: number) {
  const direction = label === 0 ? -1 : 1;
  return pixels.map((v, i) =>
    Math.min(1, Math.max(0, v + direction * Math.sign(weights[i]!) * epsilon))
  );
}

import * as tf from "@tensorflow/tfjs";
import type { Attack } from "../attacks/attack.ts";
import type { Backend } from "../backend/backend.ts";
import { runOnBackend } from "../backend/run_on_backend.ts";
import { requireCount } from "../core/require_count.ts";
import { openStream } from "../core/stream.ts";
import { yieldToEvents } from "../core/yield_to_events.ts";
import type { Dataset, Split } from "../data/dataset.ts";
import {
  gatherImages,
  gatherLabels,
  type PixelMove,
} from "../data/gather_images.ts";
import { requireLikeRows, requireRowsBelow } from "../data/require_lists.ts";
import type { Classifier } from "../models/classifier.ts";

/** Axis of images along which mirror images are reversed. */
const WIDTH_AXIS = 2;

/** What to evaluate, and where. */
export interface EvaluationOptions {
  /** The opened backend, on which the classifier is. */
  backend: Backend;
  /** Which split of the data set. */
  split: Split;
  /** Rows of the split, in order; default all. */
  rows?: Uint32Array | undefined;
  /** Class of each of these, in order; default: those of the images. */
  labels?: Uint8Array | undefined;
  /** Images per batch; affects memory, not the result. */
  batch: number;
  /** Moves the image of a row; default: images are not moved. */
  moveOf?: ((row: number) => PixelMove) | undefined;
  /**
   * Whether images are also classified with their mirror images; clean images
   * only. Default: no.
   */
  withMirror?: boolean | undefined;
  /** Seed of the run, for random starts. */
  seed: number;
  /** Attack to evaluate under; default: the clean images. */
  attack?: Attack | undefined;
  /** Called after every batch with the number of images done so far. */
  onImages?: ((done: number) => void) | undefined;
}

/** Which images were classified correctly, and how much the attack changed them. */
export interface Evaluation {
  /** Whether each row was classified correctly, in the order of the rows. */
  correct: boolean[];
  /**
   * The same by the mean of the logits of an image and of its mirror image, where
   * that was asked for.
   */
  flipped?: boolean[];
  /**
   * Largest change of any pixel that is a number, in `[0, 1]`; 0 where there is no
   * attack.
   */
  maxPerturbation: number;
  /** Smallest pixel shown to the classifier. */
  minPixel: number;
  /** Largest pixel shown to the classifier. */
  maxPixel: number;
  /** Pixels shown to the classifier that are not numbers. */
  nanPixels: number;
  /** Images whose gradient was all zeros at the start of the attack. */
  zeroGradients: number;
  /** Images with a logit that is not finite, mirror images left out. */
  nonFiniteLogits: number;
}

/**
 * Classifies images, clean or attacked, without dropout. The prediction is the
 * first of the largest logits; logits that are not numbers count as wrong.
 *
 * @throws {RangeError} If mirror images are asked for under an attack, the batch
 * is not an integer of at least 1, a row is not there, or there are not as many
 * labels as rows.
 * @throws {BackendError} If another backend is in use, or the device fails.
 */
export function evaluate(
  classifier: Classifier,
  dataset: Dataset,
  options: EvaluationOptions,
): Promise<Evaluation> {
  return runOnBackend(
    options.backend,
    () => classify(classifier, dataset, options),
  );
}

async function classify(
  classifier: Classifier,
  dataset: Dataset,
  options: EvaluationOptions,
): Promise<Evaluation> {
  const { backend, split, batch, seed, attack, moveOf, onImages } = options;
  const { withMirror = false } = options;
  if (withMirror && attack !== undefined) {
    throw new RangeError("Mirror images are classified without an attack only");
  }
  const images = dataset[split];
  const rows = options.rows ??
    Uint32Array.from({ length: images.rows }, (_, i) => i);
  requireCount("batch", batch);
  requireRowsBelow("rows", rows, {
    count: images.rows,
    of: `the ${
      split === "train" ? "training" : "test"
    } images of ${dataset.name}`,
  });
  requireLikeRows(rows, { labels: options.labels });
  const labelOf = options.labels ??
    Uint8Array.from(rows, (row) => images.labels[row]!);
  const classes = dataset.classNames.length;
  const result: Evaluation = {
    correct: [],
    ...(withMirror && { flipped: [] }),
    maxPerturbation: 0,
    minPixel: Infinity,
    maxPixel: -Infinity,
    nanPixels: 0,
    zeroGradients: 0,
    nonFiniteLogits: 0,
  };
  const attackPart = async (
    clean: tf.Tensor4D,
    part: Uint32Array,
    { attack, at }: { attack: Attack; at: number },
  ) => {
    const oneHot = gatherLabels(
      { labels: labelOf },
      classes,
      part.map((_, i) => at + i),
    );
    const labels = tf.tensor2d(oneHot, [part.length, classes]);
    const found = await attack.perturb(classifier.classify, {
      images: clean,
      labels,
      streamOf: (index) =>
        openStream(seed, "attack", attack.name, split, part[index]!),
    });
    labels.dispose();
    return found;
  };
  /** Hands a batch to the backend; its results are read while the next one runs. */
  const show = async (at: number) => {
    const part = rows.subarray(at, at + batch);
    const pixels = gatherImages(
      images,
      dataset.shape,
      part,
      moveOf && ((index) => moveOf(part[index]!)),
    );
    const clean = tf.tensor4d(pixels, [part.length, ...dataset.shape]);
    const shown = attack === undefined
      ? unattacked(clean)
      : await attackPart(clean, part, { attack, at });
    const facts = tf.tidy(() => {
      const isNaN = tf.isNaN(shown.images);
      // A pixel that is no number is counted, and is in no extreme.
      const numbers = tf.where(isNaN, clean, shown.images);
      return {
        logits: classifier.classify(shown.images),
        mirrored: withMirror
          ? classifier.classify(tf.reverse(shown.images, WIDTH_AXIS))
          : undefined,
        // One tensor, so that one read-back brings all five.
        range: tf.stack([
          tf.max(tf.abs(tf.sub(numbers, clean))),
          tf.min(numbers),
          tf.max(numbers),
          shown.zeroGradients,
          tf.sum(tf.cast(isNaN, "float32")),
        ]),
      };
    });
    tf.dispose([clean, shown.images, shown.zeroGradients]);
    const read = Promise.all([
      facts.logits.data(),
      facts.range.data(),
      facts.mirrored?.data(),
    ]).finally(() =>
      tf.dispose([facts.logits, facts.range, facts.mirrored ?? []])
    );
    // Not unhandled if the next batch fails first.
    read.catch(() => {});
    return { at, rows: part.length, read };
  };
  const count = async (
    { at, rows, read }: Awaited<ReturnType<typeof show>>,
  ) => {
    const [logits, range, mirrored] = await read;
    await yieldToEvents();
    for (let i = 0; i < rows; i++) {
      const scores = logits.subarray(i * classes, (i + 1) * classes);
      const label = labelOf[at + i];
      result.correct.push(argmax(scores) === label);
      if (!scores.every(Number.isFinite)) result.nonFiniteLogits++;
      // Sums of two float32 numbers are exact here, and in the order of their means.
      const sums = mirrored && Array.from(
        scores,
        (score, c) => score + mirrored[i * classes + c]!,
      );
      result.flipped?.push(sums !== undefined && argmax(sums) === label);
    }
    result.maxPerturbation = Math.max(result.maxPerturbation, range[0]!);
    result.minPixel = Math.min(result.minPixel, range[1]!);
    result.maxPixel = Math.max(result.maxPixel, range[2]!);
    result.zeroGradients += range[3]!;
    result.nanPixels += range[4]!;
    onImages?.(at + rows);
  };
  let pending: Awaited<ReturnType<typeof show>> | undefined;
  for (let at = 0; at < rows.length; at += batch) {
    const shown = await show(at);
    if (pending !== undefined) await count(pending);
    pending = shown;
  }
  if (pending !== undefined) await count(pending);
  // A device that failed gives zeros, and only `settle` tells.
  await backend.settle();
  return result;
}

function unattacked(images: tf.Tensor4D) {
  return { images: tf.clone(images), zeroGradients: tf.scalar(0) };
}

function argmax(scores: ArrayLike<number>): number {
  let best = -1;
  let largest = -Infinity;
  for (let i = 0; i < scores.length; i++) {
    if (Number.isNaN(scores[i])) return -1;
    if (scores[i]! > largest) {
      largest = scores[i]!;
      best = i;
    }
  }
  return best;
}

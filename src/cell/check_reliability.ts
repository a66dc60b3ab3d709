import * as tf from "@tensorflow/tfjs";
import type { Backend } from "../backend/backend.ts";
import { countZeroRows } from "../attacks/count_zero_rows.ts";
import { dlr } from "../attacks/dlr.ts";
import type { Tensor4D } from "../kernels/ops/tensors.ts";
import type { Dataset } from "../data/dataset.ts";
import {
  gatherImages,
  gatherLabels,
  type PixelMove,
} from "../data/gather_images.ts";
import type { Classifier } from "../models/classifier.ts";

/** Reasons not to trust an evaluation under gradient attacks. */
export interface ReliabilityReport {
  /** Largest L2 distance of normalised logits between equal passes. */
  spread: number;
  /** Whether the outputs are probabilities rather than logits. */
  isSoftmax: boolean;
  /** Images whose gradient of the difference of logits ratio is all zeros. */
  zeroDlrGradients: number;
}

/** Forward passes that are compared. */
const PASSES = 5;

/** Largest distance from probabilities at which outputs count as such. */
const SOFTMAX_SLACK = 1e-5;

/**
 * The checks by which AutoAttack warns that its result may be meaningless (its
 * `flags_doc.md`; Croce and Hein 2020, arXiv:2003.01690): a model whose output
 * differs between equal inputs, one that ends in a softmax, and one whose
 * gradient vanishes.
 *
 * @param options `backend`: the opened one; `rows`: test images to check, at
 * least one, all classified correctly, as the ratio is constant where the true
 * class has the third largest logit; `moveOf`: how the image of a row is moved
 * before it is classified, default: not at all.
 * @throws {BackendError} If the device fails.
 */
export async function checkReliability(
  classifier: Pick<Classifier, "classify">,
  { test, shape, classNames }: Dataset,
  { backend, rows, moveOf }: {
    backend: Backend;
    rows: Uint32Array;
    moveOf?: ((row: number) => PixelMove) | undefined;
  },
): Promise<ReliabilityReport> {
  const classes = classNames.length;
  const facts = tf.tidy(() => {
    const pixels = gatherImages(
      test,
      shape,
      rows,
      moveOf && ((index) => moveOf(rows[index]!)),
    );
    const images = tf.tensor4d(pixels, [rows.length, ...shape]);
    const labels = tf.tensor2d(gatherLabels(test, classes, rows), [
      rows.length,
      classes,
    ]);
    const passes = Array.from(
      { length: PASSES },
      () => classifier.classify(images),
    );
    const normalised = passes.map((z) =>
      tf.div(z, tf.add(tf.norm(z, 2, 1, true), 1e-12))
    );
    const spread = tf.max(tf.stack(
      normalised.flatMap((a, i) =>
        normalised.slice(i).map((b) => tf.max(tf.norm(tf.sub(a, b), 2, 1)))
      ),
    ));
    const logits = passes[0]!;
    const outside = tf.max(tf.stack([
      tf.max(tf.sub(logits, 1)),
      tf.max(tf.neg(logits)),
      tf.max(tf.abs(tf.sub(tf.sum(logits, 1), 1))),
    ]));
    // With two classes the ratio is constant, so it is not a loss.
    const zeros = classes < 3 ? tf.scalar(0) : countZeroGradients(
      (x) => dlr(classifier.classify(x), labels),
      images,
    );
    return tf.stack([spread, outside, zeros]);
  });
  const [spread, outside, zeros] = await facts.data();
  facts.dispose();
  await backend.settle();
  return {
    spread: spread!,
    isSoftmax: outside! < SOFTMAX_SLACK,
    zeroDlrGradients: zeros!,
  };
}

function countZeroGradients(
  loss: (images: Tensor4D) => tf.Tensor,
  images: Tensor4D,
): tf.Tensor {
  return countZeroRows(
    tf.grad((x) => tf.sum(loss(x as Tensor4D)))(images),
  );
}

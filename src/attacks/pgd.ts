import * as tf from "@tensorflow/tfjs";
import type { AttackBatch, TrainingAttack } from "./attack.ts";
import { requireCount } from "../core/require_count.ts";
import { checkLengths, checkLowest, checkNoise } from "./_check.ts";
import { countZeroRows } from "./count_zero_rows.ts";
import { linfStep } from "../kernels/ops/linf_step.ts";
import { softmaxCrossEntropy } from "../kernels/ops/softmax_cross_entropy.ts";
import { projectLinf } from "./project_linf.ts";

/** Settings of projected gradient descent. */
export interface PgdOptions {
  /** Name in result sets; default `pgd-STEPS`. */
  name?: string;
  /** Radius of the L-infinity ball in pixel units, in `(0, 1]`. */
  epsilon: number;
  /** Length of a step in pixel units, in `(0, 1]`. */
  stepSize: number;
  /** Gradient evaluations, at least 1. */
  steps: number;
  /** Whether to start at a uniformly random point of the ball. */
  randomStart: boolean;
  /**
   * Radius of the noise of a random start, in pixel units, above 0; default: that
   * of the ball, into which a larger one is projected.
   */
  noise?: number | undefined;
  /**
   * Smallest pixel of the result, in `[0, 1)`; default 0. Above 0 the attack is
   * not PGD proper: the option is there to repeat the published notebook, which
   * clamps pixels that are normalised to `[-1, 1]` to `[0, 1]`, so that half of
   * the pixel range is lost.
   */
  lowest?: number | undefined;
}

/**
 * Projected gradient ascent on the cross-entropy within an L-infinity ball
 * (Madry et al. 2018, arXiv:1706.06083, sec. 2.1). The loss is summed, not
 * averaged, over the batch: images are attacked independently of each other.
 * Only the gradient for the images is computed.
 *
 * @throws {RangeError} If a number is out of its range.
 */
export function pgd(options: PgdOptions): TrainingAttack {
  const { epsilon, stepSize, steps, randomStart, lowest = 0 } = options;
  const radius = options.noise ?? epsilon;
  checkLengths({ epsilon, stepSize });
  checkNoise(radius);
  requireCount("steps", steps);
  checkLowest(lowest);
  return {
    name: options.name ?? `pgd-${steps}`,
    steps,
    perturb(classify, batch) {
      const { images, labels } = batch;
      if (classify.ascend !== undefined) {
        const noise = randomStart ? drawNoise(batch, radius) : undefined;
        const options = { epsilon, stepSize, steps, lowest };
        return classify.ascend({ images, labels, noise }, options);
      }
      const gradient = tf.grad((x) =>
        tf.sum(softmaxCrossEntropy(classify(x as tf.Tensor4D), labels))
      );
      let current = randomStart
        ? startInBall(batch, { epsilon, radius })
        : images;
      let zeroGradients: tf.Scalar | undefined;
      for (let step = 0; step < steps; step++) {
        const next = tf.tidy(() => {
          const slope = gradient(current) as tf.Tensor4D;
          zeroGradients ??= tf.keep(countZeroRows(slope));
          const moved = linfStep(current, slope, images, { epsilon, stepSize });
          return lowest > 0 ? tf.maximum(moved, lowest) as tf.Tensor4D : moved;
        });
        if (current !== images) current.dispose();
        current = next;
      }
      return { images: current, zeroGradients: zeroGradients! };
    },
  };
}

/**
 * The fast gradient sign method (Goodfellow et al. 2015, arXiv:1412.6572,
 * sec. 4): one step of the full radius from the image itself.
 */
export function fgsm({ epsilon }: { epsilon: number }): TrainingAttack {
  return pgd({
    name: "fgsm",
    epsilon,
    stepSize: epsilon,
    steps: 1,
    randomStart: false,
  });
}

/**
 * Noise and one step of the gradient's sign without projection onto a ball, the
 * pixels clipped to `[0, 1]` after each (N-FGSM; de Jorge et al. 2022,
 * arXiv:2202.01181, sec. 4, and its authors' code). An image may change by
 * `noise + stepSize`, so it is for training, not for evaluation.
 *
 * @param options `noise`: radius of the uniform noise, above 0; `stepSize`: in
 * `(0, 1]`; both in pixel units.
 * @throws {RangeError} If a number is out of its range.
 */
export function nFgsm(
  { noise, stepSize }: { noise: number; stepSize: number },
): TrainingAttack {
  // A ball of radius 1 holds every image.
  return pgd({
    name: "n-fgsm",
    epsilon: 1,
    stepSize,
    steps: 1,
    randomStart: true,
    noise,
  });
}

function startInBall(
  batch: AttackBatch,
  { epsilon, radius }: { epsilon: number; radius: number },
): tf.Tensor4D {
  const { images } = batch;
  const noise = drawNoise(batch, radius);
  return tf.tidy(() =>
    projectLinf(
      tf.add(images, tf.tensor4d(noise, images.shape)),
      images,
      epsilon,
    )
  );
}

/** Draws a uniform point of a ball around 0 for each image. */
function drawNoise(
  { images, streamOf }: AttackBatch,
  radius: number,
): Float32Array {
  const [rows] = images.shape;
  const size = images.size / Math.max(rows, 1);
  const noise = new Float32Array(images.size);
  for (let row = 0; row < rows; row++) {
    const own = noise.subarray(row * size, (row + 1) * size);
    streamOf(row).fillSymmetric(own, radius);
  }
  return noise;
}

import type { Stream } from "../core/stream.ts";
import type { Classify } from "../plan/classify.ts";
import type { Scalar, Tensor2D, Tensor4D } from "../kernels/ops/tensors.ts";

export type { Classify };

/** The images an attack starts from. */
export interface AttackBatch {
  /** Pixels in `[0, 1]`, shape `[b, h, w, c]`. */
  readonly images: Tensor4D;
  /** True classes, one-hot, shape `[b, k]`, of any type. */
  readonly labels: Tensor2D;
  /**
   * Opens the random stream of one image of the batch. It belongs to the image,
   * not to its position, so that the batch size does not change the result.
   */
  streamOf(index: number): Stream;
}

/** The result of an attack. */
export interface AttackResult {
  /** Adversarial pixels, shape `[b, h, w, c]`; the caller disposes them. */
  readonly images: Tensor4D;
  /**
   * Number of images with a gradient of all zeros at the start, a scalar: a sign
   * that the attack has no direction there. The caller disposes it.
   */
  readonly zeroGradients: Scalar;
}

/** A search for images that a classifier misclassifies. */
export interface Attack {
  /** Name in result sets, such as `pgd-10`. */
  readonly name: string;
  /**
   * Largest work for an image, in gradient evaluations; less where the search
   * ends early for misclassified images.
   */
  readonly steps: number;
  /**
   * Whether only images that are classified correctly are attacked, as for
   * robust accuracy; the others count as wrong. Default: all images are.
   */
  readonly onlyRight?: boolean;
  /** Smallest number of classes for which its loss is defined; default 2. */
  readonly leastClasses?: number;
  /**
   * Runs the search. The images it returns are in the ball and in `[0, 1]`, and
   * still on the device: what is read from them may be kept only once
   * `Backend.settle` has resolved, as `runOnBackend` and `evaluate` ensure.
   */
  perturb(
    classify: Classify,
    batch: AttackBatch,
  ): AttackResult | Promise<AttackResult>;
}

/** An attack that reads nothing back, so that training does not wait for it. */
export interface TrainingAttack extends Attack {
  /** Submits the search to the backend, without waiting for it. */
  perturb(classify: Classify, batch: AttackBatch): AttackResult;
}

/**
 * Checks that the loss of an attack is defined for a number of classes.
 *
 * @throws {RangeError} If it is not.
 */
export function requireClasses(
  { name, leastClasses = 2 }: Pick<Attack, "name" | "leastClasses">,
  classes: number,
): void {
  if (classes >= leastClasses) return;
  throw new RangeError(
    `The attack ${name} needs at least ${leastClasses} classes, got ${classes}`,
  );
}

/** What an attack may do to an image: an L-infinity ball, in pixel units. */
export interface ThreatModel {
  /** Radius of the ball, in `(0, 1]`. */
  readonly epsilon: number;
  /** Length of one step of an iterated attack, in `(0, 1]`. */
  readonly alpha: number;
  /** Smallest pixel that PGD leaves, in `[0, 1)`; default 0. */
  readonly lowest?: number | undefined;
  /** Whether PGD starts at a random point of the ball; default true. */
  readonly randomStart?: boolean | undefined;
}

import { util } from "@tensorflow/tfjs";
import type { TensorInfo } from "@tensorflow/tfjs";

/** Values of each channel of a tensor whose last axis is channels. */
export function valuesPerChannel({ shape }: TensorInfo): number {
  return util.sizeFromShape(shape.slice(0, -1));
}

/**
 * Values of each channel in training mode.
 *
 * @throws {RangeError} If there is one, whose variance says nothing.
 */
export function countForMoments(x: TensorInfo): number {
  const count = valuesPerChannel(x);
  if (count === 1) {
    throw new RangeError(
      `Batch normalisation in training needs more than one value per channel, got shape [${
        x.shape.join(", ")
      }]`,
    );
  }
  return count;
}

/** What the biased variance of `count` values is multiplied by to be unbiased. */
export function unbiasedFactor(count: number): number {
  return count / (count - 1);
}

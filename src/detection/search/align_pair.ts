import { forEachAligned } from "./for_each_aligned.ts";
import type { Images, ImageShape } from "./images.ts";
import { pixelDifference } from "./pixel_difference.ts";
import { listPoses, type Pose } from "./pose.ts";

/** How one image becomes another, as well as it may. */
export interface Alignment {
  /** How the other image is moved onto the reference. */
  readonly pose: Pose;
  /** `pixelDifference` in that pose. */
  readonly difference: number;
  /** Contrast of the other image relative to the reference. */
  readonly gain: number;
  /** Mean brightness of the other image less that of the reference, in bytes. */
  readonly brighter: number;
  /** Largest change of the mean of a channel beyond `brighter`, in bytes. */
  readonly tint: number;
}

const unmoved: Pose = { down: 0, right: 0, mirrored: false };

/**
 * Aligns two images: the pose of least `pixelDifference`, of all in which the
 * search compares images, not moved where that is as good. `gain` is that of a
 * least-squares fit of the other image by the reference, over the pixels that both
 * cover, with an offset per channel.
 *
 * @param options `reference` and `other`: rows; `mirrored`: whether to mirror.
 */
export function alignPair(
  { pixels }: Images,
  shape: ImageShape,
  { reference, other, mirrored }: {
    reference: number;
    other: number;
    mirrored: boolean;
  },
): Alignment {
  const differenceIn = (pose: Pose) =>
    pixelDifference(pixels, shape, { moved: other, still: reference, pose });
  let best = { pose: unmoved, difference: differenceIn(unmoved) };
  for (const { down, right, mirrored: mirror } of listPoses(mirrored)) {
    const pose = { down, right, mirrored: mirror };
    const difference = differenceIn(pose);
    if (difference < best.difference) best = { pose, difference };
  }
  return {
    ...best,
    ...fitChange(pixels, shape, { reference, other, ...best }),
  };
}

function fitChange(
  pixels: Uint8Array,
  shape: ImageShape,
  { reference, other, pose }: { reference: number; other: number; pose: Pose },
): Pick<Alignment, "gain" | "brighter" | "tint"> {
  const [height, width, channels] = shape;
  const size = height * width * channels;
  let covariance = 0, variance = 0;
  const changes: number[] = [];
  for (let channel = 0; channel < channels; channel++) {
    let count = 0, sumA = 0, sumB = 0, squareA = 0, product = 0;
    forEachAligned(shape, pose, (still, moved) => {
      const a = pixels[reference * size + still + channel]!;
      const b = pixels[other * size + moved + channel]!;
      count++;
      sumA += a;
      sumB += b;
      squareA += a * a;
      product += a * b;
    });
    variance += squareA - sumA * sumA / count;
    covariance += product - sumA * sumB / count;
    changes.push((sumB - sumA) / count);
  }
  const brighter = changes.reduce((sum, by) => sum + by, 0) / channels;
  return {
    // A plain reference has no contrast to change.
    gain: variance > 0 ? covariance / variance : 1,
    brighter,
    tint: Math.max(...changes.map((by) => Math.abs(by - brighter))),
  };
}

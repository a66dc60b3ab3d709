import type { ImageShape } from "./images.ts";
import type { Pose } from "./pose.ts";

/**
 * How much one image differs from another when it is aligned with it in a pose:
 * over the pixels that both cover, the root mean square of the residual of one
 * after a least-squares fit of the other, with one gain and an offset per
 * channel, relative to its deviation from its channel means. That equals
 * `sqrt(1 - r^2)`, where r is the correlation over pixels and channels, each
 * channel minus its mean, so that it is symmetric. The offsets are per channel,
 * because otherwise different objects in the same plain sky would be similar by
 * its colour. Where r is negative the fit would invert the image, and the
 * difference is 1.
 *
 * @param pixels Images, shape `[rows, h, w, c]`.
 * @param shape Height, width and channels of an image.
 * @param pair `moved`: row of the image that is moved; `still`: row of the
 * other.
 * @returns In `[0, 1]`; 0 for two plain images, 1 if only one is plain.
 */
export function pixelDifference(
  pixels: Uint8Array,
  [height, width, channels]: ImageShape,
  { moved, still, pose }: { moved: number; still: number; pose: Pose },
): number {
  const { down, right, mirrored } = pose;
  const size = height * width * channels;
  const step = mirrored ? -channels : channels;
  const top = Math.max(0, down);
  const bottom = Math.min(height, height + down);
  const left = Math.max(0, right);
  const end = Math.min(width, width + right);
  const count = (bottom - top) * (end - left);
  const source = mirrored ? width - 1 - (left - right) : left - right;
  // Whole numbers below 2^53 each, so equal on every machine.
  let varianceA = 0, varianceB = 0, covariance = 0;
  for (let channel = 0; channel < channels; channel++) {
    let sumA = 0, sumB = 0, squareA = 0, squareB = 0, product = 0;
    for (let y = top; y < bottom; y++) {
      let a = moved * size + ((y - down) * width + source) * channels + channel;
      let b = still * size + (y * width + left) * channels + channel;
      for (let x = left; x < end; x++, a += step, b += channels) {
        const p = pixels[a]!;
        const q = pixels[b]!;
        sumA += p;
        sumB += q;
        squareA += p * p;
        squareB += q * q;
        product += p * q;
      }
    }
    varianceA += count * squareA - sumA * sumA;
    varianceB += count * squareB - sumB * sumB;
    covariance += count * product - sumA * sumB;
  }
  if (varianceA === 0 || varianceB === 0) {
    return varianceA === varianceB ? 0 : 1;
  }
  if (covariance <= 0) return 1;
  const unexplained = 1 - covariance * covariance / varianceA / varianceB;
  return Math.sqrt(Math.max(0, unexplained));
}

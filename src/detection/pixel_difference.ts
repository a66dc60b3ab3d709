import type { Dataset } from "../data/dataset.ts";
import type { Pose } from "./pose.ts";

/**
 * How much one image differs from another as it lies on it in a pose: of the
 * pixels where both are, the root mean square of what is left of one after a
 * gain and an offset of brightness (the same for all channels) have fitted the
 * other to it by least squares, as a share of its standard deviation. That is
 * `sqrt(1 - r^2)` with Pearson's r over pixels and channels, so it is the same
 * either way round. Where r is negative the fit would be a negative, and the
 * difference is 1.
 *
 * @param pixels Images, shape `[rows, h, w, c]`.
 * @param shape Height, width and channels of an image.
 * @param pair `moved`: row of the image that is moved; `still`: of the other.
 * @returns In `[0, 1]`; 0 for two plain images, 1 if only one is plain.
 */
export function pixelDifference(
  pixels: Uint8Array,
  [height, width, channels]: Dataset["shape"],
  { moved, still, pose }: { moved: number; still: number; pose: Pose },
): number {
  const { down, right, mirrored } = pose;
  const size = height * width * channels;
  const step = mirrored ? -channels : channels;
  const top = Math.max(0, down);
  const bottom = Math.min(height, height + down);
  const left = Math.max(0, right);
  const end = Math.min(width, width + right);
  let sumA = 0, sumB = 0, squareA = 0, squareB = 0, product = 0;
  for (let y = top; y < bottom; y++) {
    const x = mirrored ? width - 1 - (left - right) : left - right;
    let a = moved * size + ((y - down) * width + x) * channels;
    let b = still * size + (y * width + left) * channels;
    for (let at = left; at < end; at++) {
      for (let c = 0; c < channels; c++) {
        const p = pixels[a + c]!;
        const q = pixels[b + c]!;
        sumA += p;
        sumB += q;
        squareA += p * p;
        squareB += q * q;
        product += p * q;
      }
      a += step;
      b += channels;
    }
  }
  const count = (bottom - top) * (end - left) * channels;
  // Whole numbers below 2^53 each: equal on every machine.
  const varianceA = count * squareA - sumA * sumA;
  const varianceB = count * squareB - sumB * sumB;
  if (varianceA === 0 || varianceB === 0) {
    return varianceA === varianceB ? 0 : 1;
  }
  const covariance = count * product - sumA * sumB;
  if (covariance <= 0) return 1;
  const unexplained = 1 - covariance * covariance / varianceA / varianceB;
  return Math.sqrt(Math.max(0, unexplained));
}

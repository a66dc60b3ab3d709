import type { RgbImage } from "./decode_image.ts";

/**
 * Resizes an image to a square by area averaging: each output pixel is the mean
 * of the input under it, where input pixels on an edge count by the part that is
 * covered. The aspect ratio is not kept. An image that already has the size is
 * returned unchanged, byte for byte.
 *
 * @param image Pixels, shape `[height, width, 3]`.
 * @param side Height and width of the result, at least 1.
 * @returns Pixels, shape `[side, side, 3]`, rounded to the nearest integer.
 */
export function resizeArea(image: RgbImage, side: number): Uint8Array {
  const { width, height, pixels } = image;
  const columns = spans(width, side);
  const rows = spans(height, side);
  const narrow = new Float64Array(height * side * 3);
  for (let y = 0; y < height; y++) {
    columns.forEach((span, x) => {
      for (const { at, share } of span) {
        for (let c = 0; c < 3; c++) {
          narrow[(y * side + x) * 3 + c]! += share *
            pixels[(y * width + at) * 3 + c]!;
        }
      }
    });
  }
  const small = new Float64Array(side * side * 3);
  const line = side * 3;
  rows.forEach((span, y) => {
    for (const { at, share } of span) {
      for (let i = 0; i < line; i++) {
        small[y * line + i]! += share * narrow[at * line + i]!;
      }
    }
  });
  return Uint8Array.from(small, Math.round);
}

/** Which of `from` input cells lie under each of `to` outputs; shares sum to 1. */
function spans(from: number, to: number): { at: number; share: number }[][] {
  return Array.from({ length: to }, (_, i) => {
    const [start, end] = [i * from / to, (i + 1) * from / to];
    const span = [];
    for (let at = Math.floor(start); at < Math.min(from, end); at++) {
      const covered = Math.min(end, at + 1) - Math.max(start, at);
      if (covered > 0) span.push({ at, share: covered * to / from });
    }
    return span;
  });
}

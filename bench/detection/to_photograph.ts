import codecs from "imagescript/codecs/node/index.js";

/** Height and width of a photograph. */
export const SIDE = 256;

/**
 * A photograph of 32x32 as a JPEG of 256x256.
 *
 * @param pixels RGB, row by row.
 * @param noise Numbers in `[0, 1)`: grain, so that the file is as large as one of a
 *   camera.
 * @param quality Of the JPEG, in `[1, 100]`.
 */
export function toPhotograph(
  pixels: Uint8Array,
  noise: () => number,
  quality = 85,
): Uint8Array {
  const rgba = new Uint8Array(SIDE * SIDE * 4).fill(255);
  for (let y = 0, to = 0; y < SIDE; y++) {
    for (let x = 0; x < SIDE; x++, to += 4) {
      const from = ((y >> 3) * 32 + (x >> 3)) * 3;
      const grain = Math.round(16 * (noise() - 0.5));
      for (let c = 0; c < 3; c++) {
        rgba[to + c] = Math.max(0, Math.min(255, pixels[from + c]! + grain));
      }
    }
  }
  // deno-lint-ignore no-explicit-any
  return (codecs as any).jpeg.encode(rgba, {
    width: SIDE,
    height: SIDE,
    quality,
  });
}

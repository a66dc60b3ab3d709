import type { Raster } from "./raster.ts";

/** What transparent pixels are laid on. */
export type Ground = "white" | "black";

const levels: Readonly<Record<Ground, number>> = { white: 255, black: 0 };

/**
 * The RGB pixels of a raster. Transparent ones are blended with a plain ground,
 * whatever colour is stored under alpha 0; where nothing but the ground would be
 * left to see, as of a white drawing on white, with the opposite.
 *
 * @returns Shape `[height, width, 3]`.
 */
export function layOnGround(
  { width, height, channels, pixels }: Raster,
  ground: Ground,
): Uint8Array {
  if (channels === 3) return pixels;
  if (channels === 4) {
    const level = levels[ground];
    const laid = blend(pixels, level);
    // Otherwise all drawings of that colour would be equal.
    return laid.every((byte) => byte === level)
      ? blend(pixels, 255 - level)
      : laid;
  }
  const rgb = new Uint8Array(width * height * 3);
  for (let i = 0; i < pixels.length; i++) {
    rgb.fill(pixels[i]!, 3 * i, 3 * i + 3);
  }
  return rgb;
}

/**
 * Lays RGBA pixels, whose alpha is straight, on a plain ground, to the nearest
 * integer.
 */
function blend(rgba: Uint8Array, ground: number): Uint8Array {
  const rgb = new Uint8Array(rgba.length / 4 * 3);
  for (let from = 0, to = 0; from < rgba.length; from += 4, to += 3) {
    const alpha = rgba[from + 3]!;
    // The usual case, for which a division per byte is slow.
    if (alpha === 255) {
      rgb[to] = rgba[from]!;
      rgb[to + 1] = rgba[from + 1]!;
      rgb[to + 2] = rgba[from + 2]!;
      continue;
    }
    for (let c = 0; c < 3; c++) {
      rgb[to + c] = Math.round(
        (rgba[from + c]! * alpha + ground * (255 - alpha)) / 255,
      );
    }
  }
  return rgb;
}

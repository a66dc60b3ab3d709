import type { RgbImage } from "./decode_image.ts";

/** Height and width in pixels. */
export interface ImageSize {
  readonly height: number;
  readonly width: number;
}

/** A part of an image, in pixels, which may begin and end within one. */
export interface ImagePart extends ImageSize {
  readonly top: number;
  readonly left: number;
}

/**
 * Resizes an image by area averaging: each output pixel is the mean of the input
 * under it, where input pixels on an edge count by the part that is covered. The
 * aspect ratio is not kept. An image that already has the size is returned
 * unchanged, byte for byte.
 *
 * @param image Pixels, shape `[height, width, 3]`.
 * @param size Height and width of the result, each at least 1.
 * @param part What of the image is resized; default: all.
 * @returns Pixels, shape `[height, width, 3]`, rounded to the nearest integer.
 */
export function resizeArea(
  image: RgbImage,
  size: ImageSize,
  part: ImagePart = { top: 0, left: 0, ...sizeOf(image) },
): Uint8Array<ArrayBuffer> {
  const { width, height, pixels } = image;
  const columns = spans(width, part.left, part.width, size.width);
  const rows = spans(height, part.top, part.height, size.height);
  const line = size.width * 3;
  const narrow = new Float64Array(height * line);
  for (let y = 0; y < height; y++) {
    columns.forEach((span, x) => {
      for (const { at, share } of span) {
        for (let c = 0; c < 3; c++) {
          narrow[y * line + x * 3 + c]! += share *
            pixels[(y * width + at) * 3 + c]!;
        }
      }
    });
  }
  const small = new Float64Array(size.height * line);
  rows.forEach((span, y) => {
    for (const { at, share } of span) {
      for (let i = 0; i < line; i++) {
        small[y * line + i]! += share * narrow[at * line + i]!;
      }
    }
  });
  return Uint8Array.from(small, Math.round);
}

function sizeOf({ height, width }: ImageSize): ImageSize {
  return { height, width };
}

/**
 * Which of `cells` input cells lie under each of `to` outputs, which divide those
 * from `first` on of the given length; shares sum to 1.
 */
function spans(
  cells: number,
  first: number,
  length: number,
  to: number,
): { at: number; share: number }[][] {
  return Array.from({ length: to }, (_, i) => {
    const start = first + i * length / to;
    const end = first + (i + 1) * length / to;
    const span = [];
    for (let at = Math.floor(start); at < Math.min(cells, end); at++) {
      const covered = Math.min(end, at + 1) - Math.max(start, at);
      if (covered > 0) span.push({ at, share: covered * to / length });
    }
    return span;
  });
}

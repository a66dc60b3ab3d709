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
  /** The last line that was made narrow: a high image has too many for all. */
  const narrow = new Float64Array(line);
  let narrowed = -1;
  const narrowLine = (y: number) => {
    if (y === narrowed) return;
    narrowed = y;
    narrow.fill(0);
    columns.forEach(({ first, shares }, x) => {
      for (let i = 0; i < shares.length; i++) {
        const from = (y * width + first + i) * 3;
        for (let c = 0; c < 3; c++) {
          narrow[x * 3 + c]! += shares[i]! * pixels[from + c]!;
        }
      }
    });
  };
  const small = new Float64Array(size.height * line);
  rows.forEach(({ first, shares }, y) => {
    for (let i = 0; i < shares.length; i++) {
      narrowLine(first + i);
      for (let at = 0; at < line; at++) {
        small[y * line + at]! += shares[i]! * narrow[at]!;
      }
    }
  });
  return Uint8Array.from(small, Math.round);
}

function sizeOf({ height, width }: ImageSize): ImageSize {
  return { height, width };
}

/** The input cells under an output one, and the share of each in it. */
interface Span {
  readonly first: number;
  readonly shares: Float64Array;
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
): Span[] {
  return Array.from({ length: to }, (_, i) => {
    // A part of all cells may begin before the first, and end after the last, by
    // rounding.
    const start = Math.max(0, first + i * length / to);
    const end = Math.min(cells, first + (i + 1) * length / to);
    const from = Math.floor(start);
    return {
      first: from,
      shares: Float64Array.from(
        { length: Math.max(0, Math.ceil(end) - from) },
        (_, k) =>
          (Math.min(end, from + k + 1) - Math.max(start, from + k)) * to /
          length,
      ),
    };
  });
}

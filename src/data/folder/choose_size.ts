import {
  COMMON_SIDE,
  readingDefaults,
  SMALLEST_SIDE,
} from "../../spec/reading.ts";
import { readImageHeader } from "../image_header.ts";
import type { ImageSize } from "../resize_area.ts";

/** The size that a field gives: `32`, `48x64`; `undefined` for `common`. */
export function parseSize(
  imageSize: string = readingDefaults.imageSize,
): ImageSize | undefined {
  if (imageSize === "common") return undefined;
  const [height, width = height] = imageSize.split("x").map(Number);
  return { height: height!, width: width! };
}

/**
 * The size of an image as it is seen, from its header: an EXIF orientation may
 * exchange height and width.
 *
 * @returns `undefined` if the bytes are no image.
 */
export function seenSize(
  bytes: Uint8Array,
  { upright }: { upright: boolean },
): ImageSize | undefined {
  const header = readImageHeader(bytes);
  if (header === null) return undefined;
  const { width, height, orientation = 1 } = header;
  return upright && orientation >= 5
    ? { height: width, width: height }
    : { height, width };
}

/**
 * Whether the first bytes of a file have its whole header: in JPEG, GIF and BMP
 * it is in front, in others an orientation may be anywhere.
 */
export function hasWholeHeader(head: Uint8Array): boolean {
  const format = readImageHeader(head)?.format;
  return format === "jpeg" || format === "gif" || format === "bmp";
}

/**
 * The most common size, of several the largest; where a side is longer than 64
 * pixels, both are made smaller by the same factor, to 11 at least.
 */
export function commonSize(sizes: readonly ImageSize[]): ImageSize {
  const counts = new Map<string, { size: ImageSize; count: number }>();
  for (const size of sizes) {
    const key = `${size.height}x${size.width}`;
    const entry = counts.get(key) ?? { size, count: 0 };
    entry.count++;
    counts.set(key, entry);
  }
  const area = ({ height, width }: ImageSize) => height * width;
  const [most] = [...counts.values()].sort((a, b) =>
    b.count - a.count || area(b.size) - area(a.size) ||
    b.size.height - a.size.height
  );
  const { height, width } = most!.size;
  const scale = Math.min(1, COMMON_SIDE / Math.max(height, width));
  return {
    height: Math.max(SMALLEST_SIDE, Math.round(height * scale)),
    width: Math.max(SMALLEST_SIDE, Math.round(width * scale)),
  };
}

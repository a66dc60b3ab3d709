import { decodeImage } from "../../data/decode_image.ts";
import { folderLimits } from "../../data/image_folder.ts";
import { readBytes } from "../../data/read_bytes.ts";
import { resizeArea } from "../../data/resize_area.ts";
import { alignPair } from "../../detection/search/align_pair.ts";
import { encodePng } from "../../report/encode_png.ts";
import type { SearchResult } from "./result.ts";

/** Longest side of a picture on the page, in pixels. */
export const pictureSide = 144;

/** By how much a difference of pixels is amplified. */
export const amplification = 2;

/** A picture of the page. */
export interface Picture {
  /** The file, a PNG. */
  readonly png: Uint8Array;
  /** Width and height on the page. */
  readonly width: number;
  readonly height: number;
  /** Whether its pixels are shown as squares. */
  readonly isSmall: boolean;
}

/** The image of a row: its file, made smaller, or the pixels that were searched. */
export async function drawImage(
  { sides: { paths, dataset, decoding }, found }: SearchResult,
  row: number,
): Promise<Picture> {
  const path = paths?.[row];
  if (path === undefined) {
    return drawPixels(pixelsOf(found.images, row), dataset.shape);
  }
  const bytes = await readBytes(path, { limitBytes: folderLimits.fileBytes });
  const image = await decodeImage(bytes, {
    path,
    limitPixels: folderLimits.pixels,
    ...decoding,
  });
  const { width, height, pixels } = image;
  if (Math.max(width, height) <= pictureSide) {
    return { ...drawPixels(pixels, [height, width, 3]), isSmall: false };
  }
  const size = fit(width, height);
  return {
    png: encodePng(resizeArea(image, size), [size.height, size.width, 3]),
    ...size,
    isSmall: false,
  };
}

/**
 * What differs between two images as they were searched, the other one moved onto
 * the reference: mid grey is no change, and what only one image covers.
 */
export function drawDifference(
  { sides: { dataset: { shape } }, found: { images }, mirrored }: SearchResult,
  { reference, other }: { reference: number; other: number },
): Picture {
  const [height, width, channels] = shape;
  const { pose } = alignPair(images, shape, { reference, other, mirrored });
  const [a, b] = [pixelsOf(images, reference), pixelsOf(images, other)];
  const change = new Uint8Array(a.length).fill(128);
  for (let y = 0; y < height; y++) {
    const fromY = y - pose.down;
    if (fromY < 0 || fromY >= height) continue;
    for (let x = 0; x < width; x++) {
      const shifted = x - pose.right;
      if (shifted < 0 || shifted >= width) continue;
      const fromX = pose.mirrored ? width - 1 - shifted : shifted;
      for (let c = 0; c < channels; c++) {
        const at = (y * width + x) * channels + c;
        const moved = b[(fromY * width + fromX) * channels + c]!;
        const value = 128 + amplification * (moved - a[at]!);
        change[at] = Math.max(0, Math.min(255, value));
      }
    }
  }
  return drawPixels(change, shape);
}

function drawPixels(
  pixels: Uint8Array,
  shape: readonly [number, number, number],
): Picture {
  const [height, width] = shape;
  return {
    png: encodePng(pixels, shape),
    ...fit(width, height),
    isSmall: Math.max(width, height) < pictureSide,
  };
}

/** Sides on the page: the longer one is that of a picture. */
function fit(
  width: number,
  height: number,
): { width: number; height: number } {
  const scale = pictureSide / Math.max(width, height);
  const side = (length: number) => Math.max(1, Math.round(length * scale));
  return { width: side(width), height: side(height) };
}

function pixelsOf(
  { pixels, rows }: SearchResult["found"]["images"],
  row: number,
): Uint8Array {
  const size = pixels.length / rows;
  return pixels.subarray(row * size, (row + 1) * size);
}

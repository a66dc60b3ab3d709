import { decodeImage } from "../../data/decode_image.ts";
import { folderLimits } from "../../data/image_folder.ts";
import { readBytes } from "../../data/read_bytes.ts";
import { resizeArea } from "../../data/resize_area.ts";
import { differenceImage } from "../../detection/difference_image.ts";
import type { MatchedRows } from "../../detection/explain_match.ts";
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

/** What differs between two images, at the size at which they were searched. */
export function drawDifference(
  { sides: { dataset: { shape } }, found, mirrored }: SearchResult,
  pair: MatchedRows,
): Picture {
  const pixels = differenceImage(found, shape, {
    ...pair,
    mirrored,
    amplification,
  });
  return drawPixels(pixels, shape);
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

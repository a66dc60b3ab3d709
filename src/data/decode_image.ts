import { messageOf } from "../core/errors.ts";
import { fileFault } from "./_file_fault.ts";
import { decodeByMagick } from "./decode/image_magick.ts";
import {
  formatList,
  type ImageHeader,
  readImageHeader,
} from "./image_header.ts";
import { decoders } from "./decode/imagescript.ts";
import { countScans } from "./decode/jpeg_header.ts";
import { type Ground, layOnGround } from "./decode/lay_on_ground.ts";
import { orientPixels } from "./decode/orient_pixels.ts";
import type { Raster } from "./decode/raster.ts";

/** An image as RGB bytes. */
export interface RgbImage {
  /** Width in pixels. */
  readonly width: number;
  /** Height in pixels. */
  readonly height: number;
  /** Pixels, shape `[height, width, 3]`. */
  readonly pixels: Uint8Array;
}

/** How a file is decoded. */
export interface DecodeOptions {
  /** The file, for messages. */
  readonly path: string;
  /** Largest number of pixels; default {@linkcode maxPixels}. */
  readonly limitPixels?: number;
  /** What transparent pixels are laid on; default `white`. */
  readonly ground?: Ground;
  /** Whether EXIF orientation is applied, or ignored; default `exif`. */
  readonly orientation?: "exif" | "stored";
}

/**
 * Largest number of pixels of an image, where no other limit is given: photographs
 * of cameras and telephones of 60 megapixels are below it. To decode that many takes
 * about a gigabyte of memory.
 */
export const maxPixels = 2 ** 26;

/**
 * Most scans of a JPEG of so many pixels. Progressive ones have about ten; each
 * costs a pass over all pixels, so that thousands of empty ones would keep a
 * decoder busy for minutes.
 */
export function mostScans(pixels: number): number {
  return Math.min(100, Math.max(20, Math.floor(2 ** 28 / pixels)));
}

/**
 * Decodes an image to RGB, upright. Grey is repeated over the channels, CMYK is
 * converted without a profile, and of an animation or several pages the first is
 * taken; of an animated PNG the default image. Transparent pixels are blended
 * with the ground; where nothing would be left to see, as of a white drawing on
 * white, with the opposite. The declared size is checked before anything is
 * decoded.
 *
 * @param bytes The whole file.
 * @throws {UsageError} If the bytes are in another format, declare no or too many
 * pixels, or cannot be decoded.
 */
export async function decodeImage(
  bytes: Uint8Array,
  { path, limitPixels = maxPixels, ground = "white", orientation = "exif" }:
    DecodeOptions,
): Promise<RgbImage> {
  const header = readImageHeader(bytes);
  if (header === null) {
    const found = bytes.length === 0
      ? "an empty file"
      : "another format or a file that is cut off in its header";
    throw fileFault(path, `must be a ${formatList} image, got ${found}`);
  }
  const { format, width, height } = header;
  if (!(width > 0 && height > 0 && width * height <= limitPixels)) {
    throw fileFault(
      path,
      `must have 1 to ${limitPixels} pixels, got ${width} x ${height}`,
    );
  }
  const scans = format === "jpeg" ? countScans(bytes) : 0;
  const most = mostScans(width * height);
  if (scans > most) {
    throw fileFault(
      path,
      `must have at most ${most} scans, as decoding takes time for each, got ${scans}`,
    );
  }
  let raster: Raster;
  try {
    raster = await decodeRaster(bytes, header);
    requireWhole(raster, limitPixels);
  } catch (error) {
    throw fileFault(
      path,
      `is a ${format.toUpperCase()} image that is damaged, cut off or of an unsupported kind (${
        messageOf(error)
      })`,
    );
  }
  const image = {
    width: raster.width,
    height: raster.height,
    pixels: layOnGround(raster, ground),
  };
  return orientation === "stored" ? image : orientPixels(
    image,
    raster.orientation || header.orientation || 1,
  );
}

/**
 * PNG, JPEG and GIF are decoded by imagescript, as ever; what it does not take,
 * such as CMYK, is for ImageMagick, which also gives the reason where a file is
 * damaged.
 */
async function decodeRaster(
  bytes: Uint8Array,
  header: ImageHeader,
): Promise<Raster> {
  const { format, isMisread = false } = header;
  const isOwn = format === "png" || format === "jpeg" || format === "gif";
  if (isOwn && !isMisread) {
    try {
      return await decoders[format](bytes);
    } catch {
      // Its reasons are numbers, or only that it trapped.
    }
  }
  return await decodeByMagick(bytes, header);
}

/** Requires the bytes of a raster to be as many as its size says. */
function requireWhole(
  { width, height, channels, pixels }: Raster,
  limitPixels: number,
): void {
  if (width * height > limitPixels) {
    throw new Error(`it decodes to ${width} x ${height} pixels`);
  }
  if (pixels.length !== width * height * channels) {
    throw new Error(`${pixels.length} bytes of pixels`);
  }
}

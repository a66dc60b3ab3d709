import { fileURLToPath } from "node:url";
import type { IMagickImage } from "@imagemagick/magick-wasm";
import { readWholeFile } from "../../core/read_whole_file.ts";
import type { ImageHeader } from "../image_header.ts";
import { openTiffFloats } from "./tiff_samples.ts";
import { openTiffHighBytes } from "./tiff_high_bytes.ts";
import type { Raster } from "./raster.ts";

type Magick = typeof import("@imagemagick/magick-wasm");

/** Colour spaces of ImageMagick that are read, by its numbers. */
const colourSpaces: Readonly<Record<number, "CMYK" | "RGBA">> = {
  2: "CMYK",
  3: "RGBA", // grey
  23: "RGBA", // sRGB
};

/** Severity of ImageMagick's warning that an image is damaged. */
const CORRUPT_IMAGE_WARNING = 325;

/**
 * Most pixels that ImageMagick may hold, which is several times those of an image
 * that it decodes.
 */
const MOST_PIXELS = 2n ** 28n;

/** Largest piece of memory that a file may ask for, in bytes. */
const LARGEST_REQUEST = 2n ** 30n;

let opened: Promise<Magick> | undefined;
let module: WebAssembly.Module | undefined;
let told: (isLoading: boolean) => void = () => {};

/**
 * Tells a listener when ImageMagick starts to be loaded, which may include its
 * download, and when that ends: this is no time that the file takes to decode.
 */
export function watchLoading(listener: (isLoading: boolean) => void): void {
  told = listener;
}

/**
 * Decodes the first image of a file by ImageMagick's WebAssembly build, which is
 * loaded at the first call.
 *
 * @throws {Error} With ImageMagick's reason, also where it would only warn that
 * the file is damaged.
 */
export async function decodeByMagick(
  bytes: Uint8Array,
  header: ImageHeader,
): Promise<Raster> {
  const magick = await (opened ??= loadMagick());
  try {
    return decode(magick, bytes, header);
  } catch (error) {
    // A trap leaves its memory in an unknown state.
    if (error instanceof WebAssembly.RuntimeError) opened = undefined;
    throw new Error(reasonOf(error));
  }
}

function decode(
  magick: Magick,
  bytes: Uint8Array,
  { format, hasAlpha }: ImageHeader,
): Raster {
  const isTiff = format === "tiff";
  const floats = isTiff ? openTiffFloats(bytes) : undefined;
  if (floats !== undefined) {
    readImage(magick, floats.bytes, (image) => {
      floats.check(samplesOf(image, floats.mapping));
    });
  }
  const deep = isTiff ? openTiffHighBytes(bytes) : undefined;
  return readImage(magick, deep?.bytes ?? bytes, (image) => {
    const mapping = colourSpaces[image.colorSpace];
    if (mapping === undefined) {
      throw new Error(
        `its colours are neither grey, RGB nor CMYK, but of ImageMagick's colour space ${image.colorSpace}`,
      );
    }
    const samples = samplesOf(image, deep?.mapping ?? mapping);
    const pixels = deep?.take?.(samples) ?? samples;
    if (mapping === "CMYK") fromCmyk(pixels);
    else if (hasAlpha === false) makeOpaque(pixels);
    const { height, orientation } = image;
    const width = pixels.length / 4 / height;
    return { width, height, channels: 4, pixels, orientation };
  });
}

/** Reads the first image of a file for as long as `use` runs. */
function readImage<T>(
  { MagickImage }: Magick,
  bytes: Uint8Array,
  use: (image: IMagickImage) => T,
): T {
  const image = MagickImage.create();
  try {
    let damage: string | undefined;
    image.onWarning = ({ error }) => {
      if (error.severity === CORRUPT_IMAGE_WARNING) damage ??= error.message;
    };
    image.read(bytes);
    if (damage !== undefined) throw new Error(damage);
    return use(image);
  } finally {
    image.dispose();
  }
}

/** The samples of an image, copied out of the memory of WebAssembly. */
function samplesOf(image: IMagickImage, mapping: string): Uint8Array {
  return image.getPixels((pixels) =>
    pixels.toByteArray(0, 0, image.width, image.height, mapping)
  )!;
}

async function loadMagick(): Promise<Magick> {
  told(true);
  try {
    return await openMagick();
  } finally {
    told(false);
  }
}

async function openMagick(): Promise<Magick> {
  const magick = await import("@imagemagick/magick-wasm");
  if (module === undefined) {
    const path = import.meta.resolve("@imagemagick/magick-wasm/magick.wasm");
    module = new WebAssembly.Module(await readWholeFile(fileURLToPath(path)));
  }
  // A new instance, also where there is one: it is only replaced if it failed.
  (magick.ImageMagick as unknown as { _api: unknown })._api = undefined;
  await magick.initializeImageMagick(module);
  const { ResourceLimits } = magick;
  ResourceLimits.area = MOST_PIXELS;
  ResourceLimits.disk = 0n;
  ResourceLimits.maxMemoryRequest = LARGEST_REQUEST;
  return magick;
}

/** Ink to light, without a colour profile, as in PDF (ISO 32000-1, 10.3.5). */
function fromCmyk(pixels: Uint8Array): void {
  for (let at = 0; at < pixels.length; at += 4) {
    const light = 255 - pixels[at + 3]!;
    for (let c = 0; c < 3; c++) {
      pixels[at + c] = Math.round((255 - pixels[at + c]!) * light / 255);
    }
  }
  makeOpaque(pixels);
}

function makeOpaque(pixels: Uint8Array): void {
  for (let at = 3; at < pixels.length; at += 4) pixels[at] = 255;
}

/**
 * ImageMagick's reason in words: its messages end with the place in its source,
 * and some are a name such as `InsufficientImageDataInFile`.
 */
function reasonOf(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  const reason = text.split(/\s*`[^']*' @ /)[0]!.trim();
  if (!/^[A-Z][A-Za-z]+$/.test(reason)) return reason || "no reason given";
  const words = reason.replace(/(?<=[a-z])(?=[A-Z])/g, " ");
  return words[0]! + words.slice(1).toLowerCase();
}

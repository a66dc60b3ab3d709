import { canonicalJson, sha256 } from "../../core/digest.ts";
import { UsageError } from "../../core/errors.ts";
import { type Reading, readingDefaults } from "../../spec/reading.ts";
import type { PixelCache } from "../cache/pixel_cache.ts";
import { fileFault } from "../_file_fault.ts";
import type { Dataset } from "../dataset.ts";
import { decodeImage, type RgbImage } from "../decode_image.ts";
import { readBytes } from "../read_bytes.ts";
import type { ImageSize } from "../resize_area.ts";
import { badImages } from "./bad_images.ts";
import { commonSize, parseSize, seenSize } from "./choose_size.ts";
import { fitImage } from "./fit_image.ts";
import { folderLimits } from "./folder_limits.ts";
import type { ListedImage } from "./folder_listing.ts";
import { readChunks } from "./read_chunks.ts";

/** Images that were read, all of one size. */
export interface ReadImages {
  /** Height, width and channels of every image. */
  readonly shape: Dataset["shape"];
  /** Those of the listed images that were read, in order. */
  readonly images: readonly ListedImage[];
  /** Pixels, shape `[images, height, width, 3]`. */
  readonly pixels: Uint8Array;
  /** What is wrong with each image that was skipped. */
  readonly skipped: readonly string[];
}

/** How images are read. */
export interface ReadImagesOptions {
  /** The folder, for messages. */
  readonly folder: string;
  readonly reading: Reading;
  /** Keeps decoded images between runs; default: nothing is kept. */
  readonly cache?: PixelCache | undefined;
  /** Told how many images are read, of how many. */
  readonly onProgress?: LoadListener | undefined;
}

/** Told how many images are loaded, of how many; waited for. */
export type LoadListener = (
  done: number,
  total: number,
) => void | Promise<void>;

/**
 * Changes whenever the pixels of a file do, as with another decoder: kept images
 * are then decoded anew.
 */
const DECODING = "1";

/**
 * Decodes images and gives them one size.
 *
 * @throws {UsageError} If images are broken and not to be skipped, none is left,
 * or all together are too large.
 */
export async function readImages(
  images: readonly ListedImage[],
  { folder, reading, cache, onProgress }: ReadImagesOptions,
): Promise<ReadImages> {
  const {
    imageOrientation: orientation = readingDefaults.imageOrientation,
    imageGround: ground = readingDefaults.imageGround,
    imageFit = readingDefaults.imageFit,
  } = reading;
  const read = async ({ path, content }: ListedImage) =>
    content instanceof Uint8Array
      ? content
      : await readBytes(path, { limitBytes: folderLimits.fileBytes });
  const size = parseSize(reading.imageSize) ??
    await findCommonSize(images, { read, upright: orientation !== "stored" });
  const { height, width } = size;
  const imageBytes = height * width * 3;
  if (images.length * imageBytes > folderLimits.decodedBytes) {
    throw fileFault(
      folder,
      `must have at most ${
        Math.floor(folderLimits.decodedBytes / imageBytes)
      } images of ${height} x ${width}, got ${images.length}`,
      "imageSize",
    );
  }
  const pixels = new Uint8Array(images.length * imageBytes);
  const kept: ListedImage[] = [];
  const bad = badImages({ folder, isSkipped: reading.onBadImage === "skip" });
  const fit = { size, imageFit, imageGround: ground };
  let done = 0;
  const place = async (
    image: ListedImage,
    decode: () => RgbImage | Promise<RgbImage>,
  ): Promise<boolean> => {
    await onProgress?.(done++, images.length);
    try {
      const decoded = await decode();
      pixels.set(fitImage(decoded, fit), kept.length * imageBytes);
      kept.push(image);
      return true;
    } catch (error) {
      if (!(error instanceof UsageError)) throw error;
      bad.add(error);
      return false;
    }
  };
  const inMemory = images.filter((image) => pixelsOf(image) !== undefined);
  for (const image of inMemory) await place(image, () => pixelsOf(image)!);
  const files = inMemory.length === 0 ? images : [];
  for await (const chunk of readChunks(files, read)) {
    const first = kept.length * imageBytes;
    const bytes = chunk.images.length * imageBytes;
    const key = cache && chunk.digest && sha256(
      canonicalJson([DECODING, fit, orientation]),
      chunk.digest,
    );
    const known = key && await cache.read(key, bytes);
    if (known) {
      pixels.set(known, first);
      for (const image of chunk.images) kept.push(image);
      done += chunk.images.length;
      continue;
    }
    let isWhole = true;
    for (const [i, image] of chunk.images.entries()) {
      const file = chunk.files[i]!;
      const isRead = await place(image, () => {
        if (!(file instanceof Uint8Array)) throw file;
        return decodeImage(file, {
          path: image.path,
          limitPixels: folderLimits.pixels,
          orientation,
          ground,
        });
      });
      isWhole &&= isRead;
    }
    if (key && isWhole) {
      await cache.write(key, pixels.subarray(first, first + bytes));
    }
  }
  await cache?.trim();
  await onProgress?.(images.length, images.length);
  return {
    shape: [height, width, 3],
    images: kept,
    pixels: pixels.subarray(0, kept.length * imageBytes),
    skipped: bad.settle(kept.length),
  };
}

/** The pixels of an image of an array file that holds them. */
function pixelsOf({ content }: ListedImage): RgbImage | undefined {
  return content === undefined || content instanceof Uint8Array
    ? undefined
    : content;
}

/** Broken images have no say; where all are, the size does not matter. */
async function findCommonSize(
  images: readonly ListedImage[],
  { read, upright }: {
    read: (image: ListedImage) => Promise<Uint8Array>;
    upright: boolean;
  },
): Promise<ImageSize> {
  const sizes: ImageSize[] = [];
  for (const image of images) {
    try {
      const size = pixelsOf(image) ??
        seenSize(await read(image), { upright });
      if (size !== undefined) sizes.push(size);
    } catch (error) {
      if (!(error instanceof UsageError)) throw error;
    }
  }
  return sizes.length === 0 ? { height: 1, width: 1 } : commonSize(sizes);
}

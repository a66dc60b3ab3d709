import { canonicalJson, sha256 } from "../../core/digest.ts";
import { UsageError } from "../../core/errors.ts";
import { type Reading, readingDefaults } from "../../spec/reading.ts";
import type { PixelCache } from "../cache/pixel_cache.ts";
import { fileFault } from "../_file_fault.ts";
import type { Dataset } from "../dataset.ts";
import type { RgbImage } from "../decode_image.ts";
import type { ImageSize } from "../resize_area.ts";
import { badImages } from "./bad_images.ts";
import { commonSize, parseSize, seenSize } from "./choose_size.ts";
import { fitImage } from "./fit_image.ts";
import { folderLimits } from "./folder_limits.ts";
import type { ListedImage } from "./folder_listing.ts";
import { type ImageBytes, openImageBytes } from "./image_bytes.ts";
import { openDecoders } from "./open_decoders.ts";
import { type Chunk, readChunks } from "./read_chunks.ts";

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

/** Called with the number of loaded images and of all images; its promise is awaited. */
export type LoadListener = (
  done: number,
  total: number,
) => void | Promise<void>;

/**
 * Changes whenever the pixels of a file do, as with another decoder: kept images
 * are then decoded anew.
 */
const DECODING = "2";

/** Most that is read and not yet placed: it waits for threads, or for its turn. */
const UNDERWAY = { images: 256, bytes: 2 ** 26 };

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
    imageBackground: ground = readingDefaults.imageBackground,
    imageFit = readingDefaults.imageFit,
  } = reading;
  const bytesOf = openImageBytes();
  const size = parseSize(reading.imageSize) ??
    await findCommonSize(images, bytesOf, {
      upright: orientation !== "stored",
    });
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
  const fit = { size, imageFit, imageBackground: ground };
  let done = 0;
  /** Places the next image, or notes what is wrong with it. */
  const place = async (
    image: ListedImage,
    fitted: Promise<Uint8Array>,
  ): Promise<boolean> => {
    await onProgress?.(done++, images.length);
    try {
      pixels.set(await fitted, kept.length * imageBytes);
      kept.push(image);
      return true;
    } catch (error) {
      if (!(error instanceof UsageError)) throw error;
      bad.add(error);
      return false;
    }
  };
  const inMemory = images.filter((image) => pixelsOf(image) !== undefined);
  for (const image of inMemory) {
    await place(image, Promise.resolve(fitImage(pixelsOf(image)!, fit)));
  }
  const decoders = openDecoders({
    fit,
    orientation,
    ground,
    limitPixels: folderLimits.pixels,
  });
  /** What is read and not yet placed, in order. */
  const underway: ChunkUnderway[] = [];
  const finishFirst = async () => {
    const { chunk, key, known, decoded } = underway.shift()!;
    const first = kept.length * imageBytes;
    if (known !== undefined) {
      pixels.set(known, first);
      for (const image of chunk.images) kept.push(image);
      done += chunk.images.length;
      return;
    }
    let isWhole = true;
    for (const [i, image] of chunk.images.entries()) {
      const isPlaced = await place(image, decoded[i]!);
      isWhole &&= isPlaced;
    }
    if (key !== undefined && isWhole) {
      await cache!.write(key, pixels.subarray(first, kept.length * imageBytes));
    }
  };
  const files = inMemory.length === 0 ? images : [];
  try {
    for await (const chunk of readChunks(files, bytesOf.whole)) {
      const key = cache && chunk.digest && sha256(
        canonicalJson([DECODING, fit, orientation]),
        chunk.digest,
      );
      const known = key &&
        await cache.read(key, chunk.images.length * imageBytes);
      const decoded = known ? [] : chunk.images.map(({ path }, i) => {
        const file = chunk.files[i]!;
        const fitted = file instanceof Uint8Array
          ? decoders.decode(file, path)
          : Promise.reject(file);
        // It is awaited when its turn comes.
        fitted.catch(() => {});
        return fitted;
      });
      underway.push({
        chunk,
        key: key || undefined,
        known: known || undefined,
        decoded,
      });
      while (isMuch(underway)) await finishFirst();
    }
    while (underway.length > 0) await finishFirst();
  } finally {
    decoders.close();
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

/** A chunk whose images are being decoded, or were in the cache. */
interface ChunkUnderway {
  readonly chunk: Chunk<ListedImage>;
  readonly key: string | undefined;
  readonly known: Uint8Array | undefined;
  readonly decoded: readonly Promise<Uint8Array>[];
}

/** Whether more is underway than keeps the threads that decode busy. */
function isMuch(underway: readonly ChunkUnderway[]): boolean {
  let [images, bytes] = [0, 0];
  for (const { chunk } of underway) {
    images += chunk.images.length;
    for (const file of chunk.files) {
      if (file instanceof Uint8Array) bytes += file.length;
    }
  }
  return underway.length > 1 &&
    (images > UNDERWAY.images || bytes > UNDERWAY.bytes);
}

/** Broken images have no say; where all are, the size does not matter. */
async function findCommonSize(
  images: readonly ListedImage[],
  bytesOf: ImageBytes,
  options: { upright: boolean },
): Promise<ImageSize> {
  const sizes: ImageSize[] = [];
  for (const image of images) {
    try {
      const size = pixelsOf(image) ??
        seenSize(await bytesOf.header(image), options);
      if (size !== undefined) sizes.push(size);
    } catch (error) {
      if (!(error instanceof UsageError)) throw error;
    }
  }
  return sizes.length === 0 ? { height: 1, width: 1 } : commonSize(sizes);
}

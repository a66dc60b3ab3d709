import { UsageError } from "../../core/errors.ts";
import type { Reading } from "../../spec/reading.ts";
import { fileFault } from "../_file_fault.ts";
import type { Dataset } from "../dataset.ts";
import { decodeImage } from "../decode_image.ts";
import { readBytes } from "../read_bytes.ts";
import type { ImageSize } from "../resize_area.ts";
import { badImages } from "./bad_images.ts";
import { commonSize, parseSize, seenSize } from "./choose_size.ts";
import { fitImage } from "./fit_image.ts";
import { folderLimits } from "./folder_limits.ts";
import type { ListedImage } from "./folder_listing.ts";

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

/**
 * Decodes images and gives them one size.
 *
 * @param folder The folder, for messages.
 * @throws {UsageError} If images are broken and not to be skipped, none is left,
 * or all together are too large.
 */
export async function readImages(
  images: readonly ListedImage[],
  { folder, reading }: { folder: string; reading: Reading },
): Promise<ReadImages> {
  const { imageOrientation: orientation, imageGround: ground } = reading;
  const read = (path: string) =>
    readBytes(path, { limitBytes: folderLimits.fileBytes });
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
  for (const image of images) {
    try {
      const decoded = await decodeImage(await read(image.path), {
        path: image.path,
        limitPixels: folderLimits.pixels,
        ...(orientation && { orientation }),
        ...(ground && { ground }),
      });
      pixels.set(
        fitImage(decoded, { ...reading, size }),
        kept.length * imageBytes,
      );
      kept.push(image);
    } catch (error) {
      if (!(error instanceof UsageError)) throw error;
      bad.add(error);
    }
  }
  return {
    shape: [height, width, 3],
    images: kept,
    pixels: pixels.subarray(0, kept.length * imageBytes),
    skipped: bad.settle(kept.length),
  };
}

/** Broken images have no say; where all are, the size does not matter. */
async function findCommonSize(
  images: readonly ListedImage[],
  { read, upright }: {
    read: (path: string) => Promise<Uint8Array>;
    upright: boolean;
  },
): Promise<ImageSize> {
  const sizes: ImageSize[] = [];
  for (const { path } of images) {
    try {
      const size = seenSize(await read(path), { upright });
      if (size !== undefined) sizes.push(size);
    } catch (error) {
      if (!(error instanceof UsageError)) throw error;
    }
  }
  return sizes.length === 0 ? { height: 1, width: 1 } : commonSize(sizes);
}

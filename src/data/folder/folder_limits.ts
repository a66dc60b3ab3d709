import { maxPixels } from "../decode_image.ts";

/** Limits of an image folder, so that a wrong one fails early. */
export const folderLimits = {
  /** Number of classes: a label is one byte. */
  classes: 256,
  /** Number of images in total. */
  images: 100_000,
  /** Size of a file in bytes. */
  fileBytes: 2 ** 26,
  /** Number of pixels of an image. */
  pixels: maxPixels,
  /** Bytes of all images together, once decoded and resized. */
  decodedBytes: 2 ** 32,
} as const;

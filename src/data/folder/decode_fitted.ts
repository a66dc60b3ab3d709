import { decodeImage, type DecodeOptions } from "../decode_image.ts";
import { fitImage, type FitOptions } from "./fit_image.ts";

/** How a file becomes an image of a data set. */
export interface FittedOptions
  extends Pick<DecodeOptions, "limitPixels" | "orientation" | "ground"> {
  /** How it gets its size. */
  readonly fit: FitOptions;
}

/**
 * Decodes an image and gives it a size.
 *
 * @param path The file, for messages.
 * @returns Pixels, shape `[height, width, 3]`.
 * @throws {UsageError} If it cannot be decoded.
 */
export async function decodeFitted(
  bytes: Uint8Array,
  path: string,
  { fit, ...decoding }: FittedOptions,
): Promise<Uint8Array<ArrayBuffer>> {
  return fitImage(await decodeImage(bytes, { path, ...decoding }), fit);
}

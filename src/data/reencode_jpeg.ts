import { messageOf, UsageError } from "../core/errors.ts";
import { decoders } from "./decode/imagescript.ts";
import type { Dataset } from "./dataset.ts";

/** The JPEG encoder of imagescript's native library. */
interface JpegEncoder {
  encode(
    rgba: Uint8Array,
    options: { width: number; height: number; quality: number },
  ): Uint8Array;
}

let encoder: Promise<JpegEncoder> | undefined;

/**
 * Encodes an image as JPEG and decodes it again, both by imagescript. Its
 * decoder is WebAssembly; its encoder is a native library, which needs the
 * permission `--allow-ffi` and is loaded at the first call only.
 *
 * @param pixels RGB, shape `[h, w, 3]`.
 * @param quality In `[1, 100]`.
 * @returns RGB of the same shape.
 * @throws {UsageError} If the native library is unavailable: for lack of a
 * permission, or on this machine.
 */
export async function reencodeJpeg(
  pixels: Uint8Array,
  [height, width]: Dataset["shape"],
  quality: number,
): Promise<Uint8Array> {
  const { encode } = await (encoder ??= openEncoder());
  const rgba = new Uint8Array(width * height * 4).fill(255);
  for (let from = 0, to = 0; from < pixels.length; from += 3, to += 4) {
    rgba.set(pixels.subarray(from, from + 3), to);
  }
  const file = encode(rgba, { width, height, quality });
  return (await decoders.jpeg(file)).pixels;
}

async function openEncoder(): Promise<JpegEncoder> {
  try {
    const codecs = await import("imagescript/codecs/node/index.js");
    return (codecs.default as { jpeg: JpegEncoder }).jpeg;
  } catch (error) {
    throw new UsageError(
      `Encoding as JPEG needs the native library of imagescript and the permission --allow-ffi: ${
        messageOf(error)
      }`,
    );
  }
}

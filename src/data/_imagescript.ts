/**
 * The decoders of imagescript, imported one by one: its main module loads a
 * native library, for which every user would need the permission --allow-ffi.
 * Each `init` makes a new WebAssembly instance, so that the memory of a decoder
 * that traps on a damaged file is freed.
 */
import gif from "imagescript/wasm/node/gif.js";
import jpeg from "imagescript/wasm/node/jpeg.js";
import png from "imagescript/wasm/node/png.js";
import { openTiffDecoder } from "./_tiff_decoder.ts";
import { type ImageFormat, readImageHeader } from "./image_header.ts";

/** Decoded pixels, interleaved, with 1 (grey), 3 (RGB) or 4 (RGBA) channels. */
export interface Raster {
  /** Width in pixels. */
  readonly width: number;
  /** Height in pixels. */
  readonly height: number;
  /** 1 is grey, 3 RGB, 4 RGBA with straight alpha. */
  readonly channels: 1 | 3 | 4;
  /** Pixels, shape `[height, width, channels]`. */
  readonly pixels: Uint8Array;
}

interface Frame {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly buffer: Uint8Array;
}

interface Decoded {
  readonly width: number;
  readonly height: number;
}

type Codec<T> = { init(): Promise<T> };

const codecs = {
  png: png as Codec<
    { decode(bytes: Uint8Array): Decoded & { framebuffer: Uint8Array } }
  >,
  jpeg: jpeg as Codec<
    {
      decode(bytes: Uint8Array): Decoded & {
        format: number;
        buffer: Uint8Array;
      };
    }
  >,
  gif: gif as Codec<
    { Decoder: new (bytes: Uint8Array) => Decoded & { frame(): Frame | null } }
  >,
};

/**
 * Memory of a TIFF, in bytes: with four channels of two bytes there may be a
 * packed strip, an unpacked one and the image, and the result of four bytes.
 */
const tiffMemory = { base: 2 ** 23, perPixel: 32 };

/**
 * Decodes one image; of an animated GIF, the first frame on its screen.
 *
 * @throws What imagescript or WebAssembly throws for damaged bytes.
 */
export const decoders: Record<
  ImageFormat,
  (bytes: Uint8Array) => Promise<Raster>
> = {
  async png(bytes) {
    const { width, height, framebuffer } = (await codecs.png.init())
      .decode(bytes);
    return { width, height, channels: 4, pixels: framebuffer };
  },
  async jpeg(bytes) {
    const { width, height, format, buffer } = (await codecs.jpeg.init())
      .decode(bytes);
    if (format > 1) throw new Error("CMYK is not supported");
    return { width, height, channels: format === 0 ? 1 : 3, pixels: buffer };
  },
  async tiff(bytes) {
    const { width: columns, height: rows } = readImageHeader(bytes)!;
    const tiff = await openTiffDecoder(
      tiffMemory.base + bytes.length + tiffMemory.perPixel * columns * rows,
    );
    const at = tiff.walloc(bytes.length);
    new Uint8Array(tiff.memory.buffer, at, bytes.length).set(bytes);
    const image = tiff.decode(at, bytes.length);
    if (image === 0) throw new Error("tiff: failed to decode");
    const [width, height] = [
      tiff.decode_width(image),
      tiff.decode_height(image),
    ];
    const from = tiff.decode_buffer(image);
    const pixels = new Uint8Array(tiff.memory.buffer, from, tiff.wlen());
    return { width, height, channels: 4, pixels };
  },
  async gif(bytes) {
    const { Decoder } = await codecs.gif.init();
    const decoder = new Decoder(bytes);
    const { width, height } = decoder;
    const frame = decoder.frame();
    if (frame === null) throw new Error("there is no frame");
    const pixels = new Uint8Array(width * height * 4);
    const columns = Math.min(frame.width, width - frame.x);
    for (let y = 0; y < frame.height && frame.y + y < height; y++) {
      const from = y * frame.width * 4;
      pixels.set(
        frame.buffer.subarray(from, from + Math.max(0, columns) * 4),
        ((frame.y + y) * width + frame.x) * 4,
      );
    }
    return { width, height, channels: 4, pixels };
  },
};

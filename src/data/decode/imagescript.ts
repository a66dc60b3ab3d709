/**
 * The decoders of imagescript, imported one by one: its main module loads a
 * native library, for which every user would need the permission --allow-ffi.
 * Each `init` makes a new WebAssembly instance, so that the memory of a decoder
 * that traps on a damaged file is freed.
 */
import gif from "imagescript/wasm/node/gif.js";
import jpeg from "imagescript/wasm/node/jpeg.js";
import png from "imagescript/wasm/node/png.js";
import { withoutAnimation } from "./png_header.ts";
import type { Raster } from "./raster.ts";

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
 * Decodes one image; of an animated GIF, the first frame on its screen, and of an
 * animated PNG, the default image.
 *
 * @throws What imagescript or WebAssembly throws for damaged bytes.
 */
export const decoders = {
  async png(bytes: Uint8Array): Promise<Raster> {
    const { width, height, framebuffer } = (await codecs.png.init())
      .decode(withoutAnimation(bytes));
    return { width, height, channels: 4, pixels: framebuffer };
  },
  async jpeg(bytes: Uint8Array): Promise<Raster> {
    const { width, height, format, buffer } = (await codecs.jpeg.init())
      .decode(bytes);
    if (format > 1) throw new Error("CMYK is not supported");
    return { width, height, channels: format === 0 ? 1 : 3, pixels: buffer };
  },
  async gif(bytes: Uint8Array): Promise<Raster> {
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

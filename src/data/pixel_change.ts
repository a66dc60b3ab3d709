import { yieldToEvents } from "../core/yield_to_events.ts";
import type { NearKind } from "../spec/axes/copies.ts";
import type { Dataset, LabelledImages } from "./dataset.ts";
import { reencodeJpeg } from "./reencode_jpeg.ts";

/** How a near duplicate differs from its original. */
export type PixelChange =
  | { readonly kind: "flip" }
  | { readonly kind: "shift"; readonly down: number; readonly right: number }
  | { readonly kind: "brightness"; readonly percent: number }
  | { readonly kind: "jpeg"; readonly quality: number };

/**
 * Changes one image. `flip` mirrors it left to right; `shift` moves it and fills
 * uncovered pixels with the nearest pixel of the edge; `brightness` multiplies
 * every byte, rounds it and keeps it in `[0, 255]`; `jpeg` encodes and decodes
 * it at a quality in `[1, 100]`.
 *
 * @param pixels Shape `[h, w, c]`; three channels for `jpeg`.
 * @returns A new image of the same shape.
 * @throws {UsageError} If `jpeg` lacks its encoder: see {@linkcode reencodeJpeg}.
 */
export async function changePixels(
  pixels: Uint8Array,
  shape: Dataset["shape"],
  change: PixelChange,
): Promise<Uint8Array> {
  const apply = changers[change.kind] as Change<NearKind>;
  return await apply(pixels, shape, change);
}

type Change<Kind extends NearKind> = (
  pixels: Uint8Array,
  shape: Dataset["shape"],
  change: Extract<PixelChange, { kind: Kind }>,
) => Uint8Array | Promise<Uint8Array>;

const changers: { readonly [Kind in NearKind]: Change<Kind> } = {
  flip: (pixels, shape) =>
    resample(pixels, shape, (y, x) => [y, shape[1] - 1 - x]),
  shift: (pixels, shape, { down, right }) =>
    resample(pixels, shape, (y, x) => [y - down, x - right]),
  // A clamped array rounds (halves to even) and keeps within bytes.
  brightness: (pixels, _, { percent }) =>
    Uint8Array.from(
      Uint8ClampedArray.from(pixels, (byte) => byte * percent / 100),
    ),
  jpeg: (pixels, shape, { quality }) => reencodeJpeg(pixels, shape, quality),
};

/**
 * Changes images one by one.
 *
 * @param images Images to copy from.
 * @param options `rows`: which images, in order; `changes`: one per row.
 * @returns Changed images with the labels of their originals, in order.
 * @throws {UsageError} As {@linkcode changePixels}.
 */
export async function changeImages(
  images: LabelledImages,
  shape: Dataset["shape"],
  { rows, changes }: { rows: Uint32Array; changes: readonly PixelChange[] },
): Promise<LabelledImages> {
  const size = shape[0] * shape[1] * shape[2];
  const pixels = new Uint8Array(rows.length * size);
  for (const [at, row] of rows.entries()) {
    const original = images.pixels.subarray(row * size, (row + 1) * size);
    await yieldToEvents();
    pixels.set(await changePixels(original, shape, changes[at]!), at * size);
  }
  const labels = Uint8Array.from(rows, (row) => images.labels[row]!);
  return { pixels, labels, rows: rows.length };
}

/** Takes each pixel from where `source` says, or from the edge nearest to it. */
function resample(
  pixels: Uint8Array,
  [height, width, channels]: Dataset["shape"],
  source: (y: number, x: number) => [y: number, x: number],
): Uint8Array {
  const moved = new Uint8Array(pixels.length);
  const within = (at: number, side: number) =>
    Math.min(Math.max(at, 0), side - 1);
  for (let y = 0, to = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const [row, column] = source(y, x);
      const from = within(row, height) * width + within(column, width);
      for (let c = 0; c < channels; c++) {
        moved[to++] = pixels[from * channels + c]!;
      }
    }
  }
  return moved;
}

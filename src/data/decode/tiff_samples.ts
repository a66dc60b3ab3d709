import { editTiff, tiffMapping, tiffTag as tag } from "./edit_tiff.ts";
import { readTiffTags } from "./tiff_tags.ts";

/** Kinds of samples by TIFF's numbers that are no numbers in a known range. */
const unread: Readonly<Record<number, string>> = {
  2: "signed integers",
  5: "complex integers",
  6: "complex numbers",
};

/** How the range of a TIFF's samples is seen. */
export interface TiffFloats {
  /** The file with the bytes of its numbers as samples. */
  readonly bytes: Uint8Array;
  /** The channels to decode. */
  readonly mapping: string;
  /**
   * Requires numbers in `[0, 1]`, which are black and white.
   *
   * @throws {Error} If one is outside, or not a number.
   */
  check(decoded: Uint8Array): void;
}

/**
 * How to see whether the floating-point samples of a TIFF are in `[0, 1]`:
 * ImageMagick's 8-bit build clips others without a word.
 *
 * @returns `undefined` where the samples are integers.
 * @throws {Error} If the samples are of a kind whose black and white are unknown.
 */
export function openTiffFloats(bytes: Uint8Array): TiffFloats | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const directory = readTiffTags(view);
  if (directory === null) return undefined;
  const formats = directory.valuesOf(tag.sampleFormat);
  for (const format of formats) {
    const kind = unread[format];
    if (kind !== undefined) throw new Error(`its samples are ${kind}`);
  }
  if (!formats.includes(3)) return undefined;
  const samples = directory.valuesOf(tag.samples)[0] ?? 1;
  const [photometric = 1] = directory.valuesOf(tag.photometric);
  const bits = directory.valuesOf(tag.bits);
  const mapping = tiffMapping(samples, photometric);
  const [bitsOfAll = 0] = bits;
  if (
    mapping === undefined || ![32, 64].includes(bitsOfAll) ||
    directory.valuesOf(tag.planar)[0] === 2 ||
    directory.valuesOf(tag.predictor)[0] === 3 ||
    (samples > 3 && photometric !== 5 && !directory.tags.has(tag.extraSamples))
  ) {
    return undefined;
  }
  const edit = editTiff(bytes, directory);
  const size = bitsOfAll / 8;
  edit(tag.bits, bits.map(() => 8));
  edit(tag.sampleFormat, formats.map(() => 1));
  edit(tag.extraSamples, [2]);
  edit(tag.photometric, [photometric === 0 ? 1 : photometric]);
  for (const number of [tag.width, tag.tileWidth]) {
    edit(number, directory.valuesOf(number).map((width) => size * width));
  }
  return {
    bytes: edit(),
    mapping,
    check: (decoded) =>
      requireUnit(decoded, { size, little: directory.little }),
  };
}

function requireUnit(
  decoded: Uint8Array,
  { size, little }: { size: number; little: boolean },
): void {
  const { buffer, byteOffset, byteLength } = decoded;
  const view = new DataView(buffer, byteOffset, byteLength);
  for (let at = 0; at + size <= byteLength; at += size) {
    const value = size === 4
      ? view.getFloat32(at, little)
      : view.getFloat64(at, little);
    if (value >= 0 && value <= 1) continue;
    throw new Error(
      `floating-point samples must be in [0, 1], got ${
        Number(value.toPrecision(4))
      }`,
    );
  }
}

import {
  editTiff,
  tiffColours as colours,
  tiffMapping,
  tiffTag as tag,
} from "./edit_tiff.ts";
import { readTiffTags, type TiffDirectory } from "./tiff_tags.ts";

/** A TIFF of 16-bit integers that is decoded as one of bytes. */
export interface TiffBytes {
  /** The file, with other tags. */
  readonly bytes: Uint8Array;
  /** The channels to decode. */
  readonly mapping?: "R" | "RA" | "RGB" | "RGBA" | "CMYK";
  /**
   * The image of the decoded bytes: of each sample the high byte.
   *
   * @returns RGBA or, of CMYK, ink; shape `[height, width, 4]`.
   */
  take?(decoded: Uint8Array): Uint8Array;
}

/** Compressions that know nothing of samples: none, LZW, Deflate, PackBits. */
const plain = [1, 5, 8, 32946, 32773];

/** Those of them that a predictor goes with. */
const predicted = [5, 8, 32946];

/**
 * Prepares a TIFF for ImageMagick's 8-bit build, which rounds 16-bit samples to
 * the nearest byte where PNG decoders, and dupbench ever since, take the high
 * byte: the same picture should have the same pixels in either format. So a TIFF
 * of 16-bit integers is presented as one of bytes that is twice as wide. A colour
 * map, whose entries are bytes times 256 or 257 by writer, is made one of bytes
 * times 257.
 *
 * @returns `undefined` where the file can be decoded as it is.
 */
export function openTiffHighBytes(bytes: Uint8Array): TiffBytes | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const directory = readTiffTags(view);
  if (directory === null) return undefined;
  const first = (number: number, fallback: number) =>
    directory.valuesOf(number)[0] ?? fallback;
  const photometric = first(tag.photometric, 1);
  if (photometric === 3) return withByteColours(bytes, directory);
  const samples = first(tag.samples, 1);
  const mapping = tiffMapping(samples, photometric);
  const compression = first(tag.compression, 1);
  const extra = samples - (colours[photometric] ?? samples);
  if (
    mapping === undefined || colours[photometric] === undefined ||
    directory.valuesOf(tag.bits).length !== samples ||
    directory.valuesOf(tag.bits).some((bits) => bits !== 16) ||
    directory.valuesOf(tag.sampleFormat).some((format) => format !== 1) ||
    !plain.includes(compression) || extra < 0 || extra > 1 ||
    (extra === 1 && !directory.tags.has(tag.extraSamples))
  ) {
    return undefined;
  }
  const width = first(tag.width, 0);
  const edit = editTiff(bytes, directory);
  edit(tag.bits, Array(samples).fill(8));
  edit(tag.width, [2 * width]);
  edit(tag.photometric, [photometric === 0 ? 1 : photometric]);
  const hasPredictor = first(tag.predictor, 1) === 2 &&
    predicted.includes(compression);
  edit(tag.predictor, [1]);
  const tileWidth = first(tag.tileWidth, width);
  if (directory.tags.has(tag.tileWidth)) edit(tag.tileWidth, [2 * tileWidth]);
  const alpha = extra === 1 ? first(tag.extraSamples, 0) : 0;
  if (extra === 1) edit(tag.extraSamples, [2]);
  return {
    bytes: edit(),
    mapping,
    take: (decoded) =>
      takeHighBytes(decoded, {
        width,
        samples,
        isPlanar: first(tag.planar, 1) === 2,
        little: directory.little,
        period: hasPredictor ? tileWidth : 0,
        isInverted: photometric === 0,
        alpha: extra === 0 ? "none" : alphaKinds[alpha] ?? "none",
      }),
  };
}

/** What a sample beyond the colours is: of no kind, premultiplied, straight. */
const alphaKinds = ["none", "associated", "straight"] as const;

interface Layout {
  readonly width: number;
  readonly samples: number;
  /** Whether each sample of all pixels comes before the next sample. */
  readonly isPlanar: boolean;
  readonly little: boolean;
  /** Pixels after which differences begin anew; 0: samples are no differences. */
  readonly period: number;
  /** Whether 0 is white. */
  readonly isInverted: boolean;
  readonly alpha: typeof alphaKinds[number];
}

function takeHighBytes(decoded: Uint8Array, layout: Layout): Uint8Array {
  const { width, samples, isPlanar, little, period, alpha } = layout;
  const pixelCount = decoded.length / (2 * samples);
  const pixels = new Uint8Array(4 * pixelCount).fill(255);
  const values = new Uint16Array(samples);
  for (let i = 0; i < pixelCount; i++) {
    const isFirst = period === 0 || i % width % period === 0;
    for (let s = 0; s < samples; s++) {
      const at = isPlanar ? 2 * i * samples + s : 2 * (i * samples + s);
      const [a, b] = [decoded[at]!, decoded[at + (isPlanar ? samples : 1)]!];
      const value = little ? a + 256 * b : 256 * a + b;
      values[s] = isFirst ? value : values[s]! + value;
    }
    const colour = (s: number) => {
      const value = layout.isInverted ? 65535 - values[s]! : values[s]!;
      if (alpha !== "associated") return value >> 8;
      const opacity = values[samples - 1]!;
      return opacity === 0 ? 0 : Math.min(
        65535,
        Math.round(value * 65535 / opacity),
      ) >> 8;
    };
    const grey = samples < 3;
    for (let s = 0; s < 3; s++) pixels[4 * i + s] = colour(grey ? 0 : s);
    if (samples === 4 && alpha === "none" && !grey) {
      pixels[4 * i + 3] = values[3]! >> 8; // the fourth ink
    }
    if (alpha !== "none") pixels[4 * i + 3] = values[samples - 1]! >> 8;
  }
  return pixels;
}

function withByteColours(
  bytes: Uint8Array,
  directory: TiffDirectory,
): TiffBytes | undefined {
  const colours = directory.valuesOf(tag.colourMap);
  // Some writers put bytes there, which ImageMagick recognises.
  if (colours.every((value) => value < 256)) return undefined;
  const edit = editTiff(bytes, directory);
  edit(tag.colourMap, colours.map((value) => (value >> 8) * 257));
  return { bytes: edit() };
}

import type { TiffDirectory } from "./tiff_tags.ts";

/** Numbers of the tags that are read or changed (TIFF 6.0, section 8). */
export const tiffTag = {
  width: 256,
  bits: 258,
  compression: 259,
  photometric: 262,
  samples: 277,
  planar: 284,
  predictor: 317,
  colourMap: 320,
  tileWidth: 322,
  extraSamples: 338,
  sampleFormat: 339,
};

/** Kinds of colour, by photometric interpretation, and their channels. */
export const tiffColours: Readonly<Record<number, number>> = {
  0: 1,
  1: 1,
  2: 3,
  5: 4,
};

/** The channels of ImageMagick that hold so many samples, if it has them. */
export function tiffMapping(samples: number, photometric: number) {
  if (photometric === 5) return samples === 4 ? "CMYK" : undefined;
  return ([, "R", "RA", "RGB", "RGBA"] as const)[samples];
}

/**
 * A function that writes values into tags of a copy, where the file has them, and
 * returns it.
 */
export function editTiff(
  bytes: Uint8Array,
  { little, tags }: TiffDirectory,
): (number?: number, values?: readonly number[]) => Uint8Array {
  const copy = bytes.slice();
  const view = new DataView(copy.buffer);
  return (number?: number, values: readonly number[] = []) => {
    const place = number === undefined ? undefined : tags.get(number);
    if (place === undefined) return copy;
    values.forEach((value, i) => {
      if (place.type === 3) view.setUint16(place.at + 2 * i, value, little);
      if (place.type === 4) view.setUint32(place.at + 4 * i, value, little);
    });
    return copy;
  };
}

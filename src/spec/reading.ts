import { z } from "zod";
import { laterField } from "./field.ts";
import { describeRenewed, renewedFields } from "./renewed_fields.ts";
import type { Reading } from "./study_types.ts";

export type { Reading };

/**
 * Smallest height and width: what the search for near duplicates, by which folders
 * are split, can tell apart.
 */
export const SMALLEST_SIDE = 11;

/** Largest height and width: beyond it a network takes hours. */
export const LARGEST_SIDE = 512;

/** Longest side of an image size that is found rather than given. */
export const COMMON_SIDE = 64;

const sizePattern = /^(common|[1-9][0-9]{0,2}(x[1-9][0-9]{0,2})?)$/;

const imageSize = z.string().regex(sizePattern, {
  error: "must be a height, a height and a width such as 48x64, or common",
}).refine(
  (text) =>
    text === "common" ||
    text.split("x").every((side) =>
      Number(side) >= SMALLEST_SIDE && Number(side) <= LARGEST_SIDE
    ),
  `must be ${SMALLEST_SIDE} to ${LARGEST_SIDE} in each direction`,
);

/** How the images of a folder are read: the fields of a study, by name. */
export const readingFields = {
  imageSize: laterField(imageSize, {
    meaning:
      `Height, or height x width, to which the images of a folder are resized; common: their most common size, with a longer side of at most ${COMMON_SIDE}`,
    fallback: describeRenewed("imageSize"),
  }),
  imageFit: laterField(z.enum(["stretch", "crop", "letterbox"]), {
    meaning:
      "How images of another aspect ratio are resized: stretched, cropped to the centre, or with borders in the background colour",
    fallback: "stretch",
  }),
  imageBackground: laterField(z.enum(["white", "black"]), {
    meaning: "Background of transparent pixels in a folder's images",
    fallback: "white",
  }),
  imageOrientation: laterField(z.enum(["exif", "stored"]), {
    meaning:
      "Whether a folder's images are rotated by their EXIF data, or used as they are stored",
    fallback: "exif",
  }),
  nestedFolders: laterField(z.enum(["refuse", "read"]), {
    meaning:
      "Whether folders below a class folder are refused, or their images read as images of the class",
    fallback: "refuse",
  }),
  onBadImage: laterField(z.enum(["stop", "skip"]), {
    meaning:
      "What happens to broken images of a folder: the command lists them and stops, or they are left out and counted",
    fallback: "stop",
  }),
} as const;

/**
 * How the images of a folder are read; what is absent is at its default.
 *
 * @internal
 */
export const readingSchema = z.strictObject(readingFields);

/** Names of the fields. */
export const readingFieldNames = Object.keys(
  readingFields,
) as readonly (keyof typeof readingFields)[];

/** What is done where a field is absent, as recorded studies did. */
export const readingDefaults = {
  imageSize: renewedFields.imageSize.recorded,
  imageFit: "stretch",
  imageBackground: "white",
  imageOrientation: "exif",
  nestedFolders: "refuse",
  onBadImage: "stop",
} as const satisfies { [F in keyof typeof readingFields]: string };

/** The fields of a study, or of options, that say how images are read. */
export function pickReading(from: Reading): Reading {
  return Object.fromEntries(
    readingFieldNames.filter((name) => from[name] !== undefined)
      .map((name) => [name, from[name]]),
  ) as Reading;
}

/**
 * How images are read, for the config of a cell: only what decides on them and is
 * not at its default, in one form for each meaning; `undefined` if nothing is.
 */
export function readingConfig(from: Reading): Reading | undefined {
  const { imageSize, ...rest } = pickReading(from);
  const given: Reading = {
    ...rest,
    ...(imageSize !== undefined && {
      imageSize: imageSize.replace(/^(\d+)x\1$/, "$1"),
    }),
  };
  const kept = readingFieldNames.filter((name) =>
    given[name] !== undefined && given[name] !== readingDefaults[name]
  );
  if (kept.length === 0) return undefined;
  return Object.fromEntries(kept.map((name) => [name, given[name]])) as Reading;
}

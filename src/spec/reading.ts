import { z } from "zod";
import {
  type FieldsOf,
  type FieldTerm,
  recordFields,
  studyFields,
} from "./field.ts";
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

/** What is done where a field is absent, as recorded studies did. */
export const readingDefaults = {
  imageSize: renewedFields.imageSize.recorded,
  imageFit: "stretch",
  imageBackground: "white",
  imageOrientation: "exif",
  nestedFolders: "refuse",
  onBadImage: "stop",
} as const;

const terms = {
  imageSize: {
    schema: imageSize,
    meaning:
      `Height, or height x width, to which the images of a folder are resized; common: their most common size, with a longer side of at most ${COMMON_SIDE}`,
    fallback: describeRenewed("imageSize"),
    absent: readingDefaults.imageSize,
  },
  imageFit: {
    schema: z.enum(["stretch", "crop", "letterbox"]),
    meaning:
      "How images of another aspect ratio are resized: stretched, cropped to the centre, or with borders in the background colour",
    ...standard("imageFit"),
  },
  imageBackground: {
    schema: z.enum(["white", "black"]),
    meaning: "Background of transparent pixels in a folder's images",
    ...standard("imageBackground"),
  },
  imageOrientation: {
    schema: z.enum(["exif", "stored"]),
    meaning:
      "Whether a folder's images are rotated by their EXIF data, or used as they are stored",
    ...standard("imageOrientation"),
  },
  nestedFolders: {
    schema: z.enum(["refuse", "read"]),
    meaning:
      "Whether folders below a class folder are refused, or their images read as images of the class",
    ...standard("nestedFolders"),
  },
  onBadImage: {
    schema: z.enum(["stop", "skip"]),
    meaning:
      "What happens to broken images of a folder: the command lists them and stops, or they are left out and counted",
    ...standard("onBadImage"),
  },
} as const satisfies { [F in keyof typeof readingDefaults]: FieldTerm };

/** The default of new studies that recorded studies have, too. */
function standard(name: keyof typeof readingDefaults) {
  return { fallback: readingDefaults[name], absent: readingDefaults[name] };
}

/** How the images of a folder are read: the fields of a study, by name. */
export const readingFields: FieldsOf<typeof terms> = studyFields(terms);

/**
 * How the images of a folder are read; what is absent is at its default.
 *
 * @internal
 */
export const readingSchema: z.ZodObject<
  FieldsOf<typeof terms>,
  z.core.$strict
> = z.strictObject(recordFields(terms));

/** Names of the fields. */
export const readingFieldNames = Object.keys(
  readingFields,
) as readonly (keyof typeof readingFields)[];

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

import { pickReading, type Reading, readingFields } from "../spec/reading.ts";
import { renewedFields } from "../spec/renewed_fields.ts";

/** How the images of a folder are read, as flags. */
export const readingOptions = {
  ...readingFields,
  imageSize: readingFields.imageSize.meta({ value: "H|HxW|common" }),
};

/**
 * The way of reading that a command was given; what a new study does is the
 * default.
 */
export function readingOf(
  { dataset, ...given }: Reading & { readonly dataset: string },
): Reading {
  const reading = pickReading(given);
  return dataset === "folder"
    ? { imageSize: renewedFields.imageSize.current, ...reading }
    : reading;
}

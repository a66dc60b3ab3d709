import type { RgbImage } from "../decode_image.ts";
import type { FolderListing, ListedImage } from "./folder_listing.ts";
import { type ArrayName, nameArray } from "./name_array.ts";
import type { NpyArray } from "./parse_npy.ts";
import { testingSplit, useOfSplit } from "./split_names.ts";

/**
 * Lists the images of arrays by their names: images are bytes of shape `[n, h, w]`
 * or `[n, h, w, 3]`, labels integers of shape `[n]` or `[n, 1]`.
 *
 * @param arrays Each with the name of its array.
 * @param path The file or folder, for messages.
 * @throws {SyntaxError} If images or labels are absent or of another kind.
 */
export function listArrays(
  arrays: ReadonlyMap<string, NpyArray>,
  path: string,
): FolderListing {
  const named = [...arrays].flatMap(([name, array]) => {
    const about = nameArray(name);
    return about === undefined ? [] : [{ name, array, ...about }];
  });
  const pictures = named.filter(({ role }) => role === "images");
  const split = pictures.filter((one) => one.split !== undefined);
  const used = split.length > 0 ? split : pictures;
  if (
    used.length === 0 ||
    split.length > 0 && !split.some((one) => one.split === "train")
  ) {
    throw new SyntaxError(
      `it must have an array "train_images", got ${
        [...arrays.keys()].join(", ") || "none"
      }`,
    );
  }
  const testing = testingSplit(split.map((one) => one.split!));
  const leftOut: Record<string, number> = {};
  const images: ListedImage[] = [];
  for (const { name, array, prefix, split: own } of used) {
    const rasters = rastersOf(array);
    const split = useOfSplit(own, testing);
    if (split === "left out") {
      leftOut[`for validation (${prefix})`] = rasters.length;
      continue;
    }
    const labels = named.find((one) =>
      one.role === "labels" && one.prefix === prefix
    );
    if (labels?.array.values.length !== rasters.length) {
      throw new SyntaxError(
        `"${
          labels?.name ?? labelsOf(name)
        }" must have ${rasters.length} labels, got ${
          labels?.array.values.length ?? "none"
        }`,
      );
    }
    rasters.forEach((content, i) =>
      images.push({
        path: `${path}/${name}[${i}]`,
        name: prefix === "" ? String(i) : `${prefix}/${i}`,
        content,
        label: labels.array.values[i]!,
        ...(split && { split }),
      })
    );
  }
  const values = [...new Set(images.map(({ label }) => label))]
    .sort((a, b) => a - b);
  const labelOf = new Map(values.map((value, label) => [value, label]));
  return {
    layout: "array file",
    classNames: values.map(String),
    images: images.map((image) => ({
      ...image,
      label: labelOf.get(image.label)!,
    })),
    comesSplit: testing !== undefined,
    leftOut,
  };
}

/** What the labels of an array of images are called. */
function labelsOf(images: string): string {
  const other: Readonly<Record<string, string>> = { x: "y", X: "Y" };
  return images.split("_").map((word) =>
    other[word] ?? word.replace(/^(images|data)$/i, "labels")
  ).join("_");
}

/** Names of the arrays that belong to one of images: itself and its labels. */
export function arraysWith(
  name: string,
  present: readonly string[],
): readonly string[] {
  const own: ArrayName | undefined = nameArray(name);
  if (own === undefined) return [name];
  return present.filter((other) =>
    other === name || nameArray(other)?.prefix === own.prefix
  );
}

function rastersOf({ shape, values }: NpyArray): RgbImage[] {
  const [rows = 0, height = 0, width = 0, channels = 1] = shape;
  if (
    !(values instanceof Uint8Array) || shape.length < 3 || shape.length > 4 ||
    (channels !== 1 && channels !== 3)
  ) {
    throw new SyntaxError(
      `images must be bytes of shape [n, h, w] or [n, h, w, 3], got [${
        shape.join(", ")
      }]`,
    );
  }
  const size = height * width * channels;
  return Array.from({ length: rows }, (_, row) => {
    const own = values.subarray(row * size, (row + 1) * size);
    const pixels = channels === 3 ? own : Uint8Array.from(
      { length: 3 * size },
      (_, i) => own[Math.floor(i / 3)]!,
    );
    return { height, width, pixels };
  });
}

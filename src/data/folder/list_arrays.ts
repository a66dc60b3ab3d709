import type { RgbImage } from "../decode_image.ts";
import type { FolderListing, ListedImage } from "./folder_listing.ts";
import { type ArrayName, nameArray } from "./name_array.ts";
import type { NpyArray } from "./parse_npy.ts";
import { testingSplit, useOfSplit } from "./split_names.ts";

/** How array files are listed. */
export interface ArrayOptions {
  /** The file or folder. */
  readonly path: string;
  /** Most images of all arrays or files together. */
  readonly mostImages: number;
  /** Whether images for validation are taken also where others test. */
  readonly whole: boolean;
}

/**
 * Lists the images of arrays by their names: images are bytes of shape `[n, h, w]`
 * or `[n, h, w, 3]`, labels integers of shape `[n]` or `[n, 1]`.
 *
 * @param arrays Each with the name of its array.
 * @throws {SyntaxError | RangeError} If images or labels are absent or of another
 * kind, or images are too many.
 */
export function listArrays(
  arrays: ReadonlyMap<string, NpyArray>,
  { path, mostImages, whole }: ArrayOptions,
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
  for (const { name, prefix } of used) {
    const other = used.find((one) => one.prefix === prefix)!;
    if (other.name === name) continue;
    throw new SyntaxError(
      `it must have one array of images for each split, got "${other.name}" and "${name}"`,
    );
  }
  const testing = testingSplit(split.map((one) => one.split!));
  const leftOut: Record<string, number> = {};
  const images: ListedImage[] = [];
  for (const { name, array, prefix, split: own } of used) {
    const [rows = 0] = array.shape;
    const split = useOfSplit(own, testing, { whole });
    if (split === "left out") {
      leftOut[`for validation (${prefix})`] = rows;
      continue;
    }
    if (images.length + rows > mostImages) {
      throw new RangeError(
        `it must have at most ${mostImages} images, got ${
          images.length + rows
        } or more`,
      );
    }
    const raster = rastersOf(array);
    const found = labelsOf(
      name,
      named.filter((one) => one.role === "labels" && one.prefix === prefix),
    );
    const labels = labelsIn(
      found?.array,
      rows,
      found?.name ?? nameLabels(name),
    );
    for (let i = 0; i < rows; i++) {
      images.push({
        path: `${path}/${name}[${i}]`,
        name: prefix === "" ? String(i) : `${prefix}/${i}`,
        content: raster(i),
        label: labels[i]!,
        ...(split && { split }),
      });
    }
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

/**
 * The labels of an array of images, of those of its split: those that are called so
 * or, if none are, the only ones.
 */
function labelsOf<A extends { readonly name: string }>(
  images: string,
  ofSplit: readonly A[],
): A | undefined {
  const called = ofSplit.find(({ name }) => name === nameLabels(images));
  if (called !== undefined || ofSplit.length < 2) return called ?? ofSplit[0];
  throw new SyntaxError(
    `"${images}" must have labels "${nameLabels(images)}", got ${
      ofSplit.map(({ name }) => `"${name}"`).join(" and ")
    }`,
  );
}

/** What the labels of an array of images are called. */
function nameLabels(images: string): string {
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
    other === name ||
    nameArray(other)?.role === "labels" &&
      nameArray(other)?.prefix === own.prefix
  );
}

/** The labels of so many images: an array of shape `[n]` or `[n, 1]`. */
function labelsIn(
  array: NpyArray | undefined,
  rows: number,
  name: string,
): NpyArray["values"] {
  const { shape, values } = array ?? { shape: [], values: undefined };
  if (values?.length !== rows) {
    throw new SyntaxError(
      `"${name}" must have ${rows} labels, got ${values?.length ?? "none"}`,
    );
  }
  if (shape[0] === rows) return values;
  throw new SyntaxError(
    `"${name}" must have the shape [${rows}], got [${shape.join(", ")}]`,
  );
}

/** The image of each row; grey is repeated when the pixels are asked for. */
function rastersOf(
  { shape, type, values }: NpyArray,
): (row: number) => RgbImage {
  const [, height = 0, width = 0, channels = 1] = shape;
  if (
    !(values instanceof Uint8Array) || shape.length < 3 || shape.length > 4 ||
    height === 0 || width === 0 || (channels !== 1 && channels !== 3)
  ) {
    throw new SyntaxError(
      `images must be bytes (u1) of shape [n, h, w] or [n, h, w, 3], got ${type} of [${
        shape.join(", ")
      }]`,
    );
  }
  const size = height * width * channels;
  return (row) => {
    const own = values.subarray(row * size, (row + 1) * size);
    return {
      height,
      width,
      get pixels() {
        if (channels === 3) return own;
        const pixels = new Uint8Array(3 * size);
        for (let i = 0; i < size; i++) pixels.fill(own[i]!, 3 * i, 3 * i + 3);
        return pixels;
      },
    };
  };
}

import type { RgbImage } from "../decode_image.ts";
import type { FolderListing, ListedImage } from "./folder_listing.ts";
import { type NpyArray, parseNpy } from "./parse_npy.ts";
import { splitNamed, testingSplit } from "./split_names.ts";

/** Most bytes of an array, once unpacked. */
const LARGEST = 2 ** 31;

/**
 * Lists the images of a NumPy archive as MedMNIST has them: `train_images` of
 * bytes, shape `[n, h, w]` or `[n, h, w, 3]`, and `train_labels`, `[n]` or
 * `[n, 1]`; likewise `val` and `test`.
 *
 * @throws {Error} If it is no such archive.
 */
export async function listNpz(
  bytes: Uint8Array,
  path: string,
): Promise<FolderListing> {
  const arrays = await readArrays(bytes);
  const splits = [...arrays.keys()].flatMap((name) => {
    const [, prefix = ""] = /^(\w+)_images$/.exec(name) ?? [];
    const split = splitNamed(prefix);
    return split === undefined ? [] : [{ prefix, split }];
  });
  if (!splits.some(({ split }) => split === "train")) {
    throw new SyntaxError(
      `it must have an array "train_images", got ${
        [...arrays.keys()].join(", ")
      }`,
    );
  }
  const testing = testingSplit(splits.map(({ split }) => split));
  const leftOut: Record<string, number> = {};
  const images: (ListedImage & { label: number })[] = [];
  for (const { prefix, split } of splits) {
    const rasters = rastersOf(arrays.get(`${prefix}_images`)!);
    if (split === "validation" && testing === "test") {
      leftOut[`for validation (${prefix})`] = rasters.length;
      continue;
    }
    const labels = arrays.get(`${prefix}_labels`);
    if (labels === undefined || labels.values.length !== rasters.length) {
      throw new SyntaxError(
        `"${prefix}_labels" must have ${rasters.length} labels, got ${
          labels?.values.length ?? "none"
        }`,
      );
    }
    rasters.forEach((content, i) =>
      images.push({
        path: `${path}/${prefix}_images[${i}]`,
        name: `${prefix}/${i}`,
        content,
        label: labels.values[i]!,
        ...(testing && { split: split === testing ? "test" : "train" }),
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

async function readArrays(bytes: Uint8Array): Promise<Map<string, NpyArray>> {
  const { unzipSync } = await import("fflate");
  const files = unzipSync(bytes, {
    filter: ({ name, originalSize }) => {
      if (!/^\w+_(images|labels)\.npy$/.test(name)) return false;
      if (originalSize <= LARGEST) return true;
      throw new RangeError(`"${name}" has ${originalSize} bytes`);
    },
  });
  return new Map(
    Object.entries(files).map(([name, npy]) => [
      name.slice(0, -".npy".length),
      parseNpy(npy),
    ]),
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

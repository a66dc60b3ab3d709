import { fileURLToPath } from "node:url";
import { z } from "zod";
import { fileFault } from "./_file_fault.ts";
import { checkLabels } from "./check_labels.ts";
import { cifar10Classes, cifar10Shape } from "./cifar10_classes.ts";
import { cutTiles } from "./cut_tiles.ts";
import type { Dataset, LabelledImages, Split } from "./dataset.ts";
import { decodeImage } from "./decode_image.ts";
import { parseJsonBytes } from "./parse_json_bytes.ts";
import { readBytes } from "./read_bytes.ts";

const sha256 = z.string().regex(/^[0-9a-f]{64}$/);
const indices = z.array(z.int().nonnegative());

/**
 * Where the embedded images come from, and their rows in the whole data set:
 * `fixtures/cifar10-mini/manifest.json`, written by `deno task fixtures`.
 */
export const miniManifest = z.strictObject({
  name: z.literal("cifar10-mini"),
  citation: z.string(),
  source: z.strictObject({
    package: z.string(),
    sha256: z.record(z.string(), sha256),
  }),
  rule: z.string(),
  subsetSeed: z.int().nonnegative(),
  layout: z.string(),
  sourceRows: z.strictObject({ train: indices, test: indices }),
  sha256: z.strictObject({
    "labels.json": sha256,
    "test.png": sha256,
    "train.png": sha256,
  }),
});

/** `labels.json`; the labels themselves are checked with the images. */
const miniLabels = z.strictObject({
  train: z.array(z.unknown()),
  test: z.array(z.unknown()),
});

/** The validated manifest; the type follows from the schema above. */
export type MiniManifest = z.infer<typeof miniManifest>;

/** Images per line in a sprite of the embedded data. */
export const miniColumns = 50;

/** The images that are shipped, decoded once in a process: half a second. */
let shipped: Promise<Dataset> | undefined;

/**
 * Loads the embedded data: 2,000 training and 1,000 test images of CIFAR-10, the
 * same as `cifar10` limited to these counts.
 *
 * @param dir Folder of the fixture; default: the one that is shipped.
 * @returns Arrays of the caller's own.
 * @throws {UsageError} If a file is absent or not the one in the manifest.
 */
export async function loadCifar10Mini(dir?: string): Promise<Dataset> {
  if (dir !== undefined) return await readMini(dir);
  shipped ??= readMini(
    fileURLToPath(new URL("../../fixtures/cifar10-mini", import.meta.url)),
  );
  try {
    const { train, test, ...rest } = await shipped;
    return { ...rest, train: copyOf(train), test: copyOf(test) };
  } catch (error) {
    shipped = undefined;
    throw error;
  }
}

function copyOf(images: LabelledImages): LabelledImages {
  const { pixels, labels } = images;
  return { ...images, pixels: pixels.slice(), labels: labels.slice() };
}

async function readMini(dir: string): Promise<Dataset> {
  const manifestPath = `${dir}/manifest.json`;
  const manifest = parseJsonBytes(
    await readBytes(manifestPath, { limitBytes: 2 ** 20 }),
    { path: manifestPath, schema: miniManifest },
  );
  const path = `${dir}/labels.json`;
  const labels = parseJsonBytes(
    await readBytes(path, {
      limitBytes: 2 ** 20,
      sha256: manifest.sha256["labels.json"],
    }),
    { path, schema: miniLabels },
  );
  return {
    name: "cifar10-mini",
    shape: cifar10Shape,
    classNames: cifar10Classes,
    train: await loadSplit(dir, { split: "train", manifest, labels }),
    test: await loadSplit(dir, { split: "test", manifest, labels }),
  };
}

async function loadSplit(
  dir: string,
  { split, manifest, labels }: {
    split: Split;
    manifest: MiniManifest;
    labels: z.infer<typeof miniLabels>;
  },
): Promise<LabelledImages> {
  const rows = manifest.sourceRows[split].length;
  const path = `${dir}/${split}.png`;
  const bytes = await readBytes(path, {
    limitBytes: 2 ** 24,
    sha256: manifest.sha256[`${split}.png`],
  });
  const sprite = await decodeImage(bytes, { path });
  const [side] = cifar10Shape;
  const height = Math.ceil(rows / miniColumns) * side;
  if (sprite.width !== miniColumns * side || sprite.height !== height) {
    throw fileFault(
      path,
      `must have ${
        miniColumns * side
      } x ${height} pixels, got ${sprite.width} x ${sprite.height}`,
    );
  }
  return {
    pixels: cutTiles(sprite, { side, count: rows }),
    labels: checkLabels(labels[split], {
      path: `${dir}/labels.json`,
      rows,
      classes: cifar10Classes.length,
    }),
    rows,
  };
}

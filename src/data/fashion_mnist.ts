import { fileFault } from "./_file_fault.ts";
import { checkLabels } from "./check_labels.ts";
import type { Dataset, LabelledImages } from "./dataset.ts";
import { gunzip } from "./gunzip.ts";
import { type IdxBytes, parseIdx } from "./parse_idx.ts";
import { readBytes } from "./read_bytes.ts";

/** Where Debian's package `dataset-fashion-mnist` puts the four files. */
export const fashionMnistDir = "/usr/share/datasets/fashion-mnist";

/**
 * Classes of Fashion-MNIST in the order of its labels (Xiao, Rasul and Vollgraf
 * 2017, arXiv:1708.07747, table 1).
 */
export const fashionMnistClasses: readonly string[] = [
  "t-shirt",
  "trouser",
  "pullover",
  "dress",
  "coat",
  "sandal",
  "shirt",
  "sneaker",
  "bag",
  "ankle boot",
];

const limitBytes = 2 ** 26;
const side = 28;
const padded = 32;

/**
 * Loads Fashion-MNIST from its four gzipped IDX files. Each image of 28 x 28 is
 * padded with black to 32 x 32 and its grey repeated over three channels, so
 * that the published models for CIFAR-10 can be trained on it.
 *
 * @param dir Folder of the four files.
 * @throws {UsageError} If a file is absent, cut off or not such an IDX file, or
 * if labels and images do not match.
 */
export async function loadFashionMnist(
  dir: string = fashionMnistDir,
): Promise<Dataset> {
  return {
    name: "fashion-mnist",
    shape: [padded, padded, 3],
    classNames: fashionMnistClasses,
    train: await loadSplit(dir, "train"),
    test: await loadSplit(dir, "t10k"),
  };
}

async function loadSplit(dir: string, prefix: string): Promise<LabelledImages> {
  const imagePath = `${dir}/${prefix}-images-idx3-ubyte.gz`;
  const { shape: [rows = 0, height, width], values } = await readIdx(
    imagePath,
    3,
  );
  if (rows < 1 || height !== side || width !== side) {
    throw fileFault(
      imagePath,
      `must have at least one image of ${side} x ${side}, got the shape ${rows} x ${height} x ${width}`,
    );
  }
  const path = `${dir}/${prefix}-labels-idx1-ubyte.gz`;
  const labels = checkLabels((await readIdx(path, 1)).values, {
    path,
    rows,
    classes: fashionMnistClasses.length,
  });
  return { pixels: padToRgb(values, rows), labels, rows };
}

async function readIdx(path: string, dimensions: number): Promise<IdxBytes> {
  const packed = await readBytes(path, {
    limitBytes,
    hint:
      `Debian's package dataset-fashion-mnist has it, or name its folder in "dataDir"`,
    field: "dataDir",
  });
  return parseIdx(gunzip(packed, { path, limitBytes }), { path, dimensions });
}

/** Grey `[rows, 28, 28]` to RGB `[rows, 32, 32, 3]`, with a black border of 2. */
function padToRgb(grey: Uint8Array, rows: number): Uint8Array {
  const border = (padded - side) / 2;
  const rgb = new Uint8Array(rows * padded * padded * 3);
  let from = 0;
  for (let row = 0; row < rows; row++) {
    for (let y = border; y < border + side; y++) {
      let to = ((row * padded + y) * padded + border) * 3;
      for (let x = 0; x < side; x++, to += 3) {
        rgb[to] = rgb[to + 1] = rgb[to + 2] = grey[from++]!;
      }
    }
  }
  return rgb;
}

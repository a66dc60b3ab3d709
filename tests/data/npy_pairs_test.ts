import { assertEquals } from "@std/assert";
import { loadDataset } from "../../src/data/load_dataset.ts";
import { assertRefused, inTempDir } from "./_files.ts";

const load = (dataDir: string, whole = false) =>
  loadDataset("folder", {
    dataDir,
    whole,
    split: "images",
    reading: { imageSize: "common" },
  });

/** A file as NumPy writes it: its format, version 1.0. */
function npy(
  type: string,
  shape: (number | string)[],
  values: Uint8Array,
): Uint8Array {
  const start = `{'descr': '${type}', 'fortran_order': False, 'shape': (${
    shape.join(", ")
  },), }`;
  const header = start.padEnd(117) + "\n";
  return Uint8Array.from([
    ...[0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0, 118, 0],
    ...new TextEncoder().encode(header),
    ...values,
  ]);
}

const side = 12;

/** Grey images of the levels, without or with three channels. */
function images(levels: number[], channels?: 3): Uint8Array {
  const shape = [levels.length, side, side, ...(channels ? [channels] : [])];
  const size = side * side * (channels ?? 1);
  return npy(
    "|u1",
    shape,
    Uint8Array.from(levels.flatMap((level) => Array(size).fill(level))),
  );
}

/** Labels as int64, of shape [n] or [n, 1]. */
function labels(values: number[], isColumn = false): Uint8Array {
  const numbers = BigInt64Array.from(values.map(BigInt));
  return npy(
    "<i8",
    isColumn ? [values.length, 1] : [values.length],
    new Uint8Array(numbers.buffer),
  );
}

const write = async (dir: string, files: Record<string, Uint8Array>) => {
  await Deno.mkdir(dir, { recursive: true });
  for (const [name, bytes] of Object.entries(files)) {
    await Deno.writeFile(`${dir}/${name}`, bytes);
  }
};

const seen = (
  { pixels, labels, rows }: {
    pixels: Uint8Array;
    labels: Uint8Array;
    rows: number;
  },
) =>
  Array.from({ length: rows }, (_, row) => [
    pixels[row * side * side * 3]!,
    labels[row]!,
  ]);

Deno.test("loadDataset() reads pairs of NumPy files with their splits, as Keras and MedMNIST name them", () =>
  inTempDir(async (dir) => {
    await write(`${dir}/keras`, {
      "x_train.npy": images([10, 20, 30], 3),
      "y_train.npy": labels([5, 7, 5], true),
      "x_test.npy": images([40]),
      "y_test.npy": labels([7]),
      "README.md": new Uint8Array([65]),
    });
    const keras = await load(`${dir}/keras`);
    assertEquals(keras.classNames, ["5", "7"]);
    assertEquals(keras.shape, [side, side, 3]);
    assertEquals(seen(keras.train), [[10, 0], [20, 1], [30, 0]]);
    assertEquals(seen(keras.test), [[40, 1]]);
    await write(`${dir}/med`, {
      "train_images.npy": images([10, 20]),
      "train_labels.npy": labels([0, 1]),
      "val_images.npy": images([30]),
      "val_labels.npy": labels([1]),
    });
    const med = await load(`${dir}/med`);
    assertEquals([seen(med.train), seen(med.test)], [[[10, 0], [20, 1]], [[
      30,
      1,
    ]]]);
    await write(`${dir}/med`, {
      "test_images.npy": images([40]),
      "test_labels.npy": labels([0]),
    });
    const all = seen((await load(`${dir}/med`, true)).train);
    assertEquals(all.sort(), [[10, 0], [20, 1], [30, 1], [40, 0]]);
  }));

Deno.test("loadDataset() reads one pair that is named by its images, and splits it", () =>
  inTempDir(async (dir) => {
    await write(dir, {
      "images.npy": images([1, 2, 3, 4]),
      "labels.npy": labels([0, 0, 1, 1]),
      "other.npy": labels([1]),
    });
    for (const path of [dir, `${dir}/images.npy`]) {
      const { train, test } = await load(path);
      assertEquals([train.rows, test.rows], [2, 2]);
      assertEquals([...seen(train), ...seen(test)].sort(), [
        [1, 0],
        [2, 0],
        [3, 1],
        [4, 1],
      ]);
    }
  }));

Deno.test("loadDataset() takes the labels that belong to the images, and no others' images", () =>
  inTempDir(async (dir) => {
    await write(dir, {
      "images.npy": images([1, 2, 3, 4]),
      "labels.npy": labels([7, 7, 8, 8]),
      "x.npy": images([11, 12, 13, 14]),
      "y.npy": labels([5, 6, 5, 6]),
    });
    for (
      const [path, names, least] of [["images", ["7", "8"], 1], ["x", [
        "5",
        "6",
      ], 11]] as const
    ) {
      const { classNames, train, test } = await load(`${dir}/${path}.npy`);
      assertEquals(classNames, names);
      assertEquals(
        [...seen(train), ...seen(test)].map(([level]) => level!).sort(),
        [least, least + 1, least + 2, least + 3],
      );
    }
    await assertRefused(
      () => load(dir),
      `"${dir}" cannot be read: it must have one array of images for each split, got "images" and "x"`,
    );
    await Deno.remove(`${dir}/x.npy`);
    await Deno.rename(`${dir}/labels.npy`, `${dir}/targets.npy`);
    await assertRefused(
      () => load(`${dir}/images.npy`),
      `"${dir}/images.npy" cannot be read: "images" must have labels "labels", got "targets" and "y"`,
    );
    await write(dir, { "y.npy": labels([1]).subarray(0, 40) });
    await assertRefused(
      () => load(`${dir}/images.npy`),
      `"${dir}/images.npy" cannot be read: "y.npy": an array is cut off`,
    );
  }));

Deno.test("loadDataset() says in one line what a pair of NumPy files lacks", () =>
  inTempDir(async (dir) => {
    await write(dir, { "x_train.npy": images([1, 2]) });
    const refused = (problem: string, path = dir) =>
      assertRefused(() => load(path), `"${path}" cannot be read: ${problem}`);
    await refused('"y_train" must have 2 labels, got none');
    await write(dir, { "y_train.npy": labels([0]) });
    await refused('"y_train" must have 2 labels, got 1');
    await refused(
      "its name must be that of images, such as images.npy or x_train.npy, with labels.npy or y_train.npy next to it",
      `${dir}/y_train.npy`,
    );
    await write(dir, {
      "y_train.npy": labels([0, 1]).subarray(0, 130),
    });
    await refused('"y_train.npy": an array is cut off');
    await write(dir, {
      "y_train.npy": npy("|O", [2], new Uint8Array(16)),
    });
    await refused('"y_train.npy": an array must hold integers or booleans');
    await write(dir, {
      "x_train.npy": images([1, 2, 3, 4]),
      "y_train.npy": npy("|u1", [2, 2], Uint8Array.of(0, 1, 0, 1)),
    });
    await refused('"y_train" must have the shape [4], got [2, 2]');
    const kinds =
      "images must be bytes (u1) of shape [n, h, w] or [n, h, w, 3]";
    await write(dir, {
      "x_train.npy": npy("|u1", [4, 0, side], new Uint8Array()),
      "y_train.npy": labels([0, 1, 0, 1]),
    });
    await refused(`${kinds}, got u1 of [4, 0, ${side}]`);
    await write(dir, {
      "x_train.npy": npy("<i2", [1, 2, 2], new Uint8Array(8)),
      "y_train.npy": labels([0]),
    });
    await refused(`${kinds}, got i2 of [1, 2, 2]`);
    await write(dir, {
      "x_train.npy": npy("|u1", [100_001, 1, 1], new Uint8Array(100_001)),
      "y_train.npy": labels([0]),
    });
    await refused("it must have at most 100000 images, got 100001 or more");
  }));

Deno.test("loadDataset() reads shapes as Python 2 wrote them, and refuses others", () =>
  inTempDir(async (dir) => {
    const rows = [10, 20, 30, 40];
    const pixels = Uint8Array.from(
      rows.flatMap((level) => Array(side * side).fill(level)),
    );
    const file = (shape: (number | string)[]) => ({
      "images.npy": npy("|u1", shape, pixels),
      "labels.npy": labels([0, 0, 1, 1]),
    });
    await write(`${dir}/old`, file(["4L", "12L", "12L"]));
    const { train, test } = await load(`${dir}/old`);
    assertEquals([train.rows, test.rows], [2, 2]);
    await write(`${dir}/odd`, file([4, "-12", 12]));
    await assertRefused(
      () => load(`${dir}/odd`),
      `"${dir}/odd" cannot be read: "images.npy": an array must have whole numbers as its shape, got " -12"`,
    );
  }));

import { assert, assertEquals } from "@std/assert";
import { gzipSync } from "node:zlib";
import { digestDataset } from "../../src/data/dataset.ts";
import {
  fashionMnistDir,
  loadFashionMnist,
} from "../../src/data/fashion_mnist.ts";
import { gunzip } from "../../src/data/gunzip.ts";
import { parseIdx } from "../../src/data/parse_idx.ts";
import { assertRefused, inTempDir } from "./_files.ts";

type Change = (bytes: Uint8Array) => Uint8Array;
const same: Change = (bytes) => bytes;

function idx(shape: number[], value: (at: number) => number): Uint8Array {
  const size = shape.reduce((product, length) => product * length, 1);
  const bytes = new Uint8Array(4 + 4 * shape.length + size);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, 0x0800 + shape.length);
  shape.forEach((length, i) => view.setUint32(4 + 4 * i, length));
  for (let at = 0; at < size; at++) {
    bytes[4 + 4 * shape.length + at] = value(at);
  }
  return bytes;
}

const imagesFile = "train-images-idx3-ubyte.gz";
const labelsFile = "train-labels-idx1-ubyte.gz";

/** Three training and two test images; the named file changed. */
async function writeSmall(
  dir: string,
  { file = "", unpacked = same, packed = same } = {},
): Promise<void> {
  for (const [prefix, rows] of [["train", 3], ["t10k", 2]] as const) {
    for (
      const [name, bytes] of [
        [`${prefix}-images-idx3-ubyte.gz`, idx([rows, 28, 28], (at) => at * 7)],
        [`${prefix}-labels-idx1-ubyte.gz`, idx([rows], (row) => 9 - row)],
      ] as const
    ) {
      const changed = name === file;
      const gz = gzipSync(changed ? unpacked(bytes) : bytes);
      await Deno.writeFile(`${dir}/${name}`, changed ? packed(gz) : gz);
    }
  }
}

Deno.test("loadFashionMnist() centres 28 x 28 in 32 x 32 and repeats grey", () =>
  inTempDir(async (dir) => {
    await writeSmall(dir);
    const { train, test, shape } = await loadFashionMnist(dir);
    assertEquals(shape, [32, 32, 3]);
    assertEquals([...train.labels, ...test.labels], [9, 8, 7, 9, 8]);
    for (let row = 0; row < 3; row++) {
      for (let y = 0; y < 32; y++) {
        for (let x = 0; x < 32; x++) {
          const inside = y >= 2 && y < 30 && x >= 2 && x < 30;
          const grey = inside
            ? (row * 784 + (y - 2) * 28 + x - 2) * 7 % 256
            : 0;
          const at = ((row * 32 + y) * 32 + x) * 3;
          assertEquals([...train.pixels.subarray(at, at + 3)], [
            grey,
            grey,
            grey,
          ]);
        }
      }
    }
  }));

for (
  const [what, change, fault] of [
    [
      "an absent file",
      { file: imagesFile, packed: null },
      `is absent: Debian's package dataset-fashion-mnist has it, or name its folder in "dataDir"`,
    ],
    ["a file that is no gzip", {
      file: labelsFile,
      packed: () => new Uint8Array(20),
    }, "must be a gzip file, got another format"],
    ["labels in place of images", {
      file: imagesFile,
      unpacked: () => idx([9, 2], () => 0),
    }, "must have the magic number 0x00000803, got 0x00000802"],
    [
      "cut-off IDX values",
      {
        file: imagesFile,
        unpacked: (bytes: Uint8Array) => bytes.subarray(0, -1),
      },
      "must have 3 x 28 x 28 = 2352 bytes of values, got 2351",
    ],
    ["a cut-off IDX header", {
      file: labelsFile,
      unpacked: (bytes: Uint8Array) => bytes.subarray(0, 7),
    }, "must have at least 8 bytes, got 7"],
    ["bytes after the values", {
      file: labelsFile,
      unpacked: (bytes: Uint8Array) => Uint8Array.of(...bytes, 0),
    }, "must have 3 = 3 bytes of values, got 4"],
    [
      "images of another size",
      { file: imagesFile, unpacked: () => idx([3, 28, 27], () => 0) },
      "must have at least one image of 28 x 28, got the shape 3 x 28 x 27",
    ],
    [
      "no images",
      { file: imagesFile, unpacked: () => idx([0, 28, 28], () => 0) },
      "must have at least one image of 28 x 28, got the shape 0 x 28 x 28",
    ],
    ["fewer labels than images", {
      file: labelsFile,
      unpacked: () => idx([2], () => 0),
    }, "must have 3 labels, one per image, got 2"],
    ["a label that is no class", {
      file: labelsFile,
      unpacked: () => idx([3], (row) => 5 * row),
    }, "must have an integer in [0, 10) as label 2, got 10"],
  ] as const
) {
  Deno.test(`loadFashionMnist() refuses ${what}`, () =>
    inTempDir(async (dir) => {
      const { file, packed = same, unpacked = same } = change as {
        file: string;
        packed?: Change | null;
        unpacked?: Change;
      };
      await writeSmall(dir, { file, packed: packed ?? same, unpacked });
      if (packed === null) await Deno.remove(`${dir}/${file}`);
      await assertRefused(
        () => loadFashionMnist(dir),
        `"${dir}/${file}" ${fault}`,
      );
    }));
}

Deno.test("gunzip() refuses a file cut off anywhere, in one line", async () => {
  const whole = gzipSync(idx([300], (at) => at * at));
  for (let length = 0; length < whole.length; length++) {
    const cut = whole.subarray(0, length);
    const fault = await Promise.resolve().then(() =>
      gunzip(cut, { path: "a.gz", limitBytes: 1000 })
    ).then(() => "decoded", (error: Error) => error.message);
    assert(
      /^"a\.gz" (must be a gzip file, got|is a gzip file that is) .+$/.test(
        fault,
      ),
      `${length}: ${fault}`,
    );
  }
});

Deno.test("gunzip() stops at the limit, however small the file", async () => {
  const bomb = gzipSync(new Uint8Array(2 ** 24));
  const options = { path: "bomb.gz", limitBytes: 2 ** 20 };
  await assertRefused(
    () => Promise.resolve().then(() => gunzip(bomb, options)),
    '"bomb.gz" must unpack to at most 1048576 bytes, got more',
  );
  assertEquals(
    gunzip(gzipSync(new Uint8Array(2 ** 20)), options).length,
    2 ** 20,
  );
});

Deno.test("parseIdx() gives shape and values", () => {
  const { shape, values } = parseIdx(idx([2, 3], (at) => at + 1), {
    path: "x",
    dimensions: 2,
  });
  assertEquals(shape, [2, 3]);
  assertEquals([...values], [1, 2, 3, 4, 5, 6]);
});

const installed = await Deno.stat(fashionMnistDir).then(
  () => true,
  () => false,
);
if (!installed) {
  console.log(`ignored: no Fashion-MNIST in ${fashionMnistDir}`);
}

Deno.test({
  name: "loadFashionMnist() loads all 70,000 images, 7,000 a class",
  ignore: !installed,
  async fn() {
    const dataset = await loadFashionMnist();
    const { trainPerClass, testPerClass } = digestDataset(dataset);
    assertEquals(trainPerClass, Array(10).fill(6000));
    assertEquals(testPerClass, Array(10).fill(1000));
    // The first training image is an ankle boot, the first test image too.
    assertEquals(dataset.classNames[dataset.train.labels[0]!], "ankle boot");
    assertEquals(dataset.classNames[dataset.test.labels[0]!], "ankle boot");
    // Mean of the training images, as published with the data set: .2860.
    let sum = 0;
    const { pixels } = dataset.train;
    for (let i = 0; i < pixels.length; i++) sum += pixels[i]!;
    const mean = sum / 255 / (60_000 * 784 * 3);
    assertEquals(mean.toFixed(4), "0.2860");
  },
});

import { assert, assertEquals } from "@std/assert";
import { sha256 } from "../../src/core/digest.ts";
import {
  cifar100Classes,
  cifar100Superclasses,
  cifar100SuperclassOf,
} from "../../src/data/cifar100_classes.ts";
import { digestDataset } from "../../src/data/dataset.ts";
import { loadDataset } from "../../src/data/load_dataset.ts";
import { readCifarRows } from "../../src/data/read_cifar_rows.ts";
import { parseStudy } from "../../src/spec/study.ts";
import { runSweep } from "../../src/sweep/run_sweep.ts";
import { runTorch, torchTest } from "../torch_available.ts";
import { assertRefused, inTempDir } from "./_files.ts";

/**
 * Coarse label of each fine label, as it is passed on among users of CIFAR-100,
 * who counted it from the official files.
 */
// deno-fmt-ignore
const published = [
   4,  1, 14,  8,  0,  6,  7,  7, 18,  3,  3, 14,  9, 18,  7, 11,  3,  9,  7, 11,
   6, 11,  5, 10,  7,  6, 13, 15,  3, 15,  0, 11,  1, 10, 12, 14, 16,  9, 11,  5,
   5, 19,  8,  8, 15, 13, 14, 17, 18, 10, 16,  4, 17,  4,  2,  0, 17,  4, 18, 17,
  10,  3,  2, 12, 12, 16, 12,  1,  9, 19,  2, 10,  0,  1, 16, 12,  9, 13, 15, 13,
  16, 19,  2,  4,  6, 19,  5,  5,  8, 19, 18,  1,  2, 15,  6,  0, 17,  8, 14, 13,
];

Deno.test("the superclasses of CIFAR-100 are those of the official files", () => {
  assertEquals(cifar100SuperclassOf, published);
  assertEquals(cifar100Classes.length, 100);
  assertEquals(
    [0, 19, 41, 83, 99].map((label) => cifar100Classes[label]),
    ["apple", "cattle", "lawn mower", "sweet pepper", "worm"],
  );
  assertEquals(
    [0, 9, 14, 19].map((label) => cifar100Superclasses[label]),
    [
      "aquatic mammals",
      "large man-made outdoor things",
      "people",
      "vehicles 2",
    ],
  );
});

Deno.test("readCifarRows() reads labels, then the red, green and blue planes", () =>
  inTempDir(async (dir) => {
    const path = `${dir}/rows.bin`;
    const bytes = new Uint8Array(2 * 3074);
    bytes.set([14, 2], 0);
    bytes.set([19, 41], 3074);
    const at = (row: number, channel: number, y: number, x: number) =>
      row * 3074 + 2 + channel * 1024 + y * 32 + x;
    bytes[at(0, 0, 0, 0)] = 11;
    bytes[at(0, 2, 0, 1)] = 22;
    bytes[at(1, 1, 31, 30)] = 33;
    await Deno.writeFile(path, bytes);
    const { pixels, labels } = await readCifarRows(path, {
      rows: 2,
      classes: [20, 100],
    });
    assertEquals(labels, [Uint8Array.of(14, 19), Uint8Array.of(2, 41)]);
    const expected = new Uint8Array(2 * 3072);
    expected[0] = 11;
    expected[3 + 2] = 22;
    expected[3072 + (31 * 32 + 30) * 3 + 1] = 33;
    assertEquals(pixels, expected);
  }));

Deno.test("loadDataset() refuses cifar100 without its folder or its files", () =>
  inTempDir(async (dir) => {
    for (const name of ["cifar100", "cifar100-coarse"] as const) {
      await assertRefused(
        () => loadDataset(name),
        `The data set "${name}" needs "dataDir": the folder of the official binary version, with train.bin and test.bin`,
      );
      await assertRefused(
        () => loadDataset(name, { dataDir: dir }),
        `"${dir}/train.bin" is absent`,
      );
    }
  }));

/**
 * Writes made-up files in the form of the official ones, with PyTorch, and prints
 * the SHA-256 of each split's pixels by row, column and channel.
 */
const makeFiles = `
import hashlib, sys, torch
generator = torch.Generator().manual_seed(0)
superclasses = torch.tensor([${published}], dtype=torch.uint8)
for name, rows in (("train", 50000), ("test", 10000)):
    pixels = torch.randint(0, 256, (rows, 3, 32, 32), dtype=torch.uint8, generator=generator)
    fine = torch.arange(rows) % 100
    labels = torch.stack([superclasses[fine], fine.to(torch.uint8)], dim=1)
    whole = torch.cat([labels, pixels.flatten(1)], dim=1)
    open(f"{sys.argv[1]}/{name}.bin", "wb").write(whole.numpy().tobytes())
    print(hashlib.sha256(pixels.permute(0, 2, 3, 1).contiguous().numpy().tobytes()).hexdigest())
`;

torchTest(
  "loadDataset() reads files in the form of CIFAR-100 as PyTorch wrote them, and refuses faulty ones",
  () =>
    inTempDir(async (dir) => {
      const { stdout, stderr } = await runTorch(["-c", makeFiles, dir]);
      const digests = new TextDecoder().decode(stdout).trim().split("\n");
      assertEquals(digests.length, 2, new TextDecoder().decode(stderr));

      const fine = await loadDataset("cifar100", { dataDir: dir });
      assertEquals(fine.classNames, cifar100Classes);
      assertEquals(
        [sha256(fine.train.pixels), sha256(fine.test.pixels)],
        digests,
      );
      const { name, trainPerClass, testPerClass } = digestDataset(fine);
      assertEquals(name, "cifar100");
      assertEquals(trainPerClass, Array(100).fill(500));
      assertEquals(testPerClass, Array(100).fill(100));

      const coarse = await loadDataset("cifar100-coarse", {
        dataDir: dir,
        limitTrain: 200,
      });
      assertEquals(coarse.classNames, cifar100Superclasses);
      assertEquals(sha256(coarse.test.pixels), digests[1]);
      assertEquals(
        [...coarse.test.labels.subarray(0, 100)],
        published,
      );
      assertEquals(digestDataset(coarse).trainPerClass, Array(20).fill(10));
      assertEquals(digestDataset(coarse).testPerClass, Array(20).fill(500));

      // A whole cell: attacks and counts by class work with 100 classes.
      const end = await runSweep(
        parseStudy({
          name: "hundred",
          dataset: "cifar100",
          limitTrain: 200,
          limitTest: 100,
          ratios: [0, 1],
          seeds: [0],
          epochs: 1,
          attacks: ["fgsm", "apgd-t-2"],
          backend: "wasm",
        }),
        { dataDir: dir },
      );
      assert(end.status === "complete");
      assertEquals(end.set.dataset.testPerClass, Array(100).fill(1));
      for (const cell of end.set.cells) {
        assert(cell.status === "finished");
        assertEquals(cell.outcome.test?.rowsPerClass, Array(100).fill(1));
      }

      const path = `${dir}/test.bin`;
      const file = await Deno.open(path, { write: true });
      await file.seek(3074 * 4302, Deno.SeekMode.Start);
      await file.write(Uint8Array.of(3));
      await assertRefused(
        () => loadDataset("cifar100", { dataDir: dir }),
        `"${path}" must have 14, the superclass of baby, as coarse label 4302, got 3`,
      );
      await file.write(Uint8Array.of(100));
      await assertRefused(
        () => loadDataset("cifar100", { dataDir: dir }),
        `"${path}" must have an integer in [0, 100) as label 4302, got 100`,
      );
      await file.truncate(3074 * 9999);
      file.close();
      await assertRefused(
        () => loadDataset("cifar100", { dataDir: dir }),
        `"${path}" must have 30740000 bytes, got 30736926`,
      );
    }),
);

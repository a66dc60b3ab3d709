import { assert, assertEquals, assertRejects } from "@std/assert";
import { UsageError } from "../../src/core/errors.ts";
import { chooseAttackedRows } from "../../src/data/limit_rows.ts";
import { loadDataset } from "../../src/data/load_dataset.ts";
import { formatExamples } from "../../src/report/format_examples.ts";
import { unpackBits } from "../../src/results/bit_string.ts";
import { makeExamples } from "../../src/verify/make_examples.ts";
import { inFolder, small, sweep } from "../sweep/tiny_sweep.ts";

Deno.test("makeExamples() says which label a copy carries, class weights restored or not", async () => {
  await inFolder(async (folder) => {
    const set = await sweep(folder, {
      ...small,
      ratios: "1",
      conflict: "1",
      "stand-in": "prior-restored",
    });
    const cell = set.cells[0]!;
    assert(cell.status === "finished");
    const dataset = await loadDataset("cifar10-mini", {
      limitTrain: 60,
      limitTest: 20,
    });
    const { isOutcomeEqual, duplicates, ...rest } = await makeExamples(
      cell,
      dataset,
      set.dataset,
    );
    assertEquals(isOutcomeEqual, true);
    assertEquals(duplicates.length, 3);
    const page = formatExamples({ isOutcomeEqual, duplicates, ...rest });
    for (const { row, label, copyLabel } of duplicates) {
      assertEquals(label, dataset.train.labels[row]);
      assert(copyLabel !== undefined && copyLabel !== label);
      assert(page.includes(`copy, labelled ${dataset.classNames[copyLabel]}`));
    }
  });
});

Deno.test("makeExamples() repeats a cell to the bit and shows its copies and attacks", async () => {
  await inFolder(async (folder) => {
    const set = await sweep(folder, { ...small, augment: "crop-flip" });
    const cell = set.cells.find(({ config }) => config.duplication.ratio > 0)!;
    assert(cell.status === "finished");
    const dataset = await loadDataset("cifar10-mini", {
      limitTrain: 60,
      limitTest: 20,
    });
    const { isOutcomeEqual, duplicates, attacked } = await makeExamples(
      cell,
      dataset,
      set.dataset,
    );
    assertEquals(isOutcomeEqual, true);
    const size = 32 * 32 * 3;
    const imageOf = (pixels: Uint8Array, row: number) =>
      pixels.subarray(row * size, (row + 1) * size);
    assertEquals(duplicates.length, 3);
    for (const { row, label, original, copy, augmented } of duplicates) {
      assertEquals(label, dataset.train.labels[row]);
      assertEquals(original, imageOf(dataset.train.pixels, row));
      assertEquals(copy, original);
      // Each moves on its own; all three pairs alike would be no such thing.
      assertEquals(augmented!.original.length, size);
    }
    assert(
      duplicates.some(({ augmented: a }) =>
        a!.original.some((byte, i) => byte !== a!.copy[i])
      ),
    );
    assert(attacked.length > 0);
    for (const one of attacked) {
      assertEquals(one.attack, "fgsm");
      assertEquals(one.clean, imageOf(dataset.test.pixels, one.row));
      // Within 8/255, and FGSM goes all the way somewhere.
      const most = one.attacked.reduce(
        (most, byte, i) => Math.max(most, Math.abs(byte - one.clean[i]!)),
        0,
      );
      assertEquals(most, 8);
      assert(Math.abs(one.largestChange - 8 / 255) < 1e-6);
      one.attacked.forEach((byte, i) => {
        // Amplified: half of 255 for the whole of epsilon.
        const change = (byte - one.clean[i]!) / 8;
        assert(Math.abs(one.change[i]! - 255 * (0.5 + change / 2)) < 1.5);
      });
      // The record has this image as right clean, and under attack as here.
      const { byAttack, clean } = cell.outcome.test!;
      const bit = (bits: string) =>
        parseInt(bits[one.row >> 2]!, 16) >> (3 - one.row % 4) & 1;
      assertEquals(bit(clean.bits), 1);
      assertEquals(
        bit(byAttack["fgsm"]!.bits),
        Number(one.predicted === one.label),
      );
    }
    // Another data set would give other images.
    await assertRejects(
      () => makeExamples(cell, dataset, { sha256: "0".repeat(64) }),
      UsageError,
      "need the recorded data set",
    );
  });
});

Deno.test("makeExamples() shows images that are classified correctly, where some of the test images are attacked", () =>
  inFolder(async (folder) => {
    const set = await sweep(folder, {
      ...small,
      ratios: "0",
      epochs: "4",
      "limit-test": "300",
      "attack-images": "60",
    });
    const cell = set.cells[0]!;
    assert(cell.status === "finished");
    const dataset = await loadDataset("cifar10-mini", {
      limitTrain: 60,
      limitTest: 300,
    });
    const { attacked } = await makeExamples(cell, dataset, set.dataset);
    // By the record: the first of each class that is right, of those attacked.
    const right = unpackBits(cell.outcome.test!.clean.bits, 300);
    const firsts = new Map<number, number>();
    for (const row of chooseAttackedRows(dataset, 60)) {
      const label = dataset.test.labels[row]!;
      if (right[row] && !firsts.has(label)) firsts.set(label, row);
    }
    assert(firsts.size > 0);
    assertEquals(
      attacked.map(({ row }) => row),
      [...firsts.values()].slice(0, 3),
    );
  }));

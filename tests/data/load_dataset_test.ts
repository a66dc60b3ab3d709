import { assert, assertEquals } from "@std/assert";
import { countPerClass } from "../../src/data/dataset.ts";
import { type DatasetName, datasetNames } from "../../src/spec/datasets.ts";
import { loadDataset } from "../../src/data/load_dataset.ts";
import { assertRefused } from "./_files.ts";

Deno.test("loadDataset() limits each split to a class-balanced subset", async () => {
  const { train, test } = await loadDataset("cifar10-mini", {
    limitTrain: 100,
    limitTest: 15,
  });
  assertEquals(countPerClass(train.labels, 10), Array(10).fill(10));
  assertEquals(
    countPerClass(test.labels, 10),
    [2, 2, 2, 2, 2, 1, 1, 1, 1, 1],
  );
  assertEquals([train.rows, test.rows], [100, 15]);
  assertEquals(test.pixels.length, 15 * 3072);
});

Deno.test("loadDataset() limits one split and leaves the other whole", async () => {
  const { train, test } = await loadDataset("cifar10-mini", { limitTest: 10 });
  assertEquals([train.rows, test.rows], [2000, 10]);
});

Deno.test("loadDataset() refuses more images than there are", async () => {
  await assertRefused(
    () => loadDataset("cifar10-mini", { limitTrain: 2001 }),
    "Cannot limit cifar10-mini as --limit-train must be an integer in [1, 2000], the train images it has: current value is 2001",
  );
});

Deno.test("loadDataset() refuses a folder for embedded data, and none for a folder", async () => {
  await assertRefused(
    () => loadDataset("cifar10-mini", { dataDir: "x" }),
    'Cannot load cifar10-mini as --data-dir must be absent for embedded data: current value is "x"',
  );
  await assertRefused(
    () => loadDataset("folder"),
    "Cannot load folder as --data-dir must name a folder with one sub-folder of images a class: current value is absent",
  );
});

Deno.test("loadDataset() refuses an unknown name with those it knows", async () => {
  assert(!datasetNames.includes("mnist" as DatasetName));
  await assertRefused(
    () => loadDataset("mnist" as DatasetName),
    'Cannot load data set as --dataset must be one of cifar10-mini, cifar10, fashion-mnist, folder: current value is "mnist"',
  );
});

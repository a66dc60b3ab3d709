import { assert, assertEquals, assertRejects } from "@std/assert";
import { UsageError } from "../../src/core/errors.ts";
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

Deno.test("loadDataset() limits one split and not the other", async () => {
  const { train, test } = await loadDataset("cifar10-mini", { limitTest: 10 });
  assertEquals([train.rows, test.rows], [2000, 10]);
});

Deno.test("loadDataset() refuses more images than there are", async () => {
  await assertRefused(
    () => loadDataset("cifar10-mini", { limitTrain: 2001 }),
    '"limitTrain" must be an integer in [1, 2000], the training images of cifar10-mini, got 2001',
  );
});

Deno.test("loadDataset() refuses a folder for embedded data, and none for a folder", async () => {
  await assertRefused(
    () => loadDataset("cifar10-mini", { dataDir: "x" }),
    'The data set "cifar10-mini" is embedded and takes no "dataDir", got "x"',
  );
  await assertRefused(
    () => loadDataset("folder"),
    'The data set "folder" needs "dataDir": a directory with one sub-folder per class',
  );
});

Deno.test("loadDataset() refuses an unknown name and lists the known ones", async () => {
  assert(!datasetNames.includes("mnist" as DatasetName));
  await assertRefused(
    () => loadDataset("mnist" as DatasetName),
    '"dataset" must be one of cifar10-mini, cifar10, cifar100, cifar100-coarse, fashion-mnist, folder, got "mnist"',
  );
});

Deno.test("loadDataset() refuses rules for splits and leaks that it does not know", async () => {
  await assertRejects(
    () => loadDataset("cifar10-mini", { leaks: "Apart" as "apart" }),
    UsageError,
    '"leaks" must be one of counted, apart, got "Apart"',
  );
  await assertRejects(
    () => loadDataset("folder", { dataDir: ".", split: "group" as "groups" }),
    UsageError,
    '"split" must be one of groups, images, got "group"',
  );
});

import { assert, assertEquals } from "@std/assert";
import { type Dataset, digestDataset } from "../../src/data/dataset.ts";
import { loadImageFolder } from "../../src/data/image_folder.ts";
import { loadDataset } from "../../src/data/load_dataset.ts";
import { countLeaks } from "../../src/detection/count_leaks.ts";
import { findDuplicates } from "../../src/detection/find_duplicates.ts";
import { assertRefused, inTempDir } from "./_files.ts";
import { type TwinFolder, writeTwins } from "./_twins.ts";

const size = 32 * 32 * 3;

/** Test images of a photograph that has an image in training, by class. */
function knownLeaks({ train, test }: Dataset, { photographOf }: TwinFolder) {
  const photographs = ({ pixels, rows }: Dataset["train"]) =>
    Array.from(
      { length: rows },
      (_, row) => photographOf(pixels.subarray(row * size, (row + 1) * size)),
    );
  const trained = new Set(photographs(train));
  const leaks = [0, 0];
  photographs(test).forEach((photograph, row) => {
    if (trained.has(photograph)) leaks[test.labels[row]!]!++;
  });
  return leaks;
}

/** The digests of the folders of `writeTwins` before the field existed. */
const before = {
  twins: "4d3f4792e1c8233b33b127a48a945d34e769eb1acb5ab1b65fa10fe36e769dd7",
  noTwins: "d0ce2b00f8d76b08e0320d6c81a0a002b1bc10b17aff1eae31f9b38692c331fa",
};

Deno.test("loadImageFolder() keeps planted exact, near and mirrored twins on one side, also across classes", () =>
  inTempDir(async (dir) => {
    const twins = await writeTwins(dir);
    const byImages = await loadImageFolder(dir, { split: "images" });
    assertEquals(knownLeaks(byImages, twins), [5, 8]);
    assertEquals(await countLeaks(byImages), [5, 8]);
    assertEquals(digestDataset(byImages).sha256, before.twins);

    const dataset = await loadImageFolder(dir);
    assertEquals(knownLeaks(dataset, twins), [0, 0]);
    assertEquals(await countLeaks(dataset), [0, 0]);
    const { exact, near } = await findDuplicates(dataset, { mirrored: true });
    assertEquals([...exact, ...near].filter((g) => g.place === "across"), []);
    assert(near.length > 20, "twins are in it");

    // Every image is on one side, and as many as before are for testing.
    const [now, then] = [digestDataset(dataset), digestDataset(byImages)];
    assertEquals(now.testPerClass, then.testPerClass);
    assertEquals(now.trainPerClass, then.trainPerClass);
    const rowsOf = ({ train, test }: Dataset) =>
      [train, test].flatMap(({ pixels, labels, rows }) =>
        Array.from(
          { length: rows },
          (_, row) =>
            `${labels[row]} ${pixels.subarray(row * size, (row + 1) * size)}`,
        )
      ).sort();
    assertEquals(rowsOf(dataset), rowsOf(byImages));

    const again = await loadDataset("folder", { dataDir: dir });
    assertEquals(digestDataset(again), now);
  }));

Deno.test("loadImageFolder() splits a folder without duplicates as it always has", () =>
  inTempDir(async (dir) => {
    await writeTwins(dir, { twins: false });
    for (const split of ["groups", "images"] as const) {
      const dataset = await loadImageFolder(dir, { split });
      assertEquals(digestDataset(dataset).sha256, before.noTwins, split);
    }
  }));

Deno.test("countLeaks() counts equal pixels only, if asked", () =>
  inTempDir(async (dir) => {
    await writeTwins(dir);
    const dataset = await loadImageFolder(dir, { split: "images" });
    const { exact } = await findDuplicates(dataset, { near: false });
    const leaks = exact.filter(({ place }) => place === "across")
      .flatMap(({ images }) => images.filter(({ split }) => split === "test"));
    const counted = await countLeaks(dataset, { near: false });
    assertEquals(counted[0]! + counted[1]!, leaks.length);
    assert(leaks.length > 0);
  }));

Deno.test("loadDataset() refuses a split of a data set that comes split", () =>
  assertRefused(
    () => loadDataset("cifar10-mini", { split: "images" }),
    'The data set "cifar10-mini" comes split and takes no "split", got "images"',
  ));

import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import {
  digestResultSet,
  type ResultSet,
} from "../../src/results/result_set.ts";
import { describeProvenance } from "../../src/report/describe_provenance.ts";
import { runSweep } from "../../src/sweep/run_sweep.ts";
import { verifyResultSet } from "../../src/verify/verify_result_set.ts";
import { runMain } from "../cli/run_main.ts";
import { writeTwins } from "../data/_twins.ts";
import { inFolder, toArgs } from "./tiny_sweep.ts";
import { readResultSet } from "../../src/results/read_result_set.ts";

/** One cell on a folder. */
const flags = {
  dataset: "folder",
  ratios: "0",
  seeds: "0",
  epochs: "1",
  attacks: "fgsm",
  backend: "wasm",
  name: "twins",
  jobs: "1",
};

async function sweepFolder(
  folder: string,
  more: Record<string, string>,
): Promise<{ set: ResultSet; stderr: string }> {
  const out = `${folder}/${more["split"] ?? "default"}.json`;
  const ended = await runMain([
    "sweep",
    ...toArgs({ ...flags, ...more, "data-dir": `${folder}/images`, out }),
  ]);
  assertEquals(ended.code, 0, ended.stderr);
  return { set: await readResultSet(out), stderr: ended.stderr };
}

let imagesSplit: ReturnType<typeof sweepFolder> | undefined;

/** The sweep of a folder of twins that was split by images; made once. */
async function sweepByImages(folder: string) {
  imagesSplit ??= sweepFolder(folder, { split: "images" });
  const { set, stderr } = await imagesSplit;
  return { set: structuredClone(set), stderr };
}

Deno.test("sweep records how a folder was split and how many test images leak, and says it", () =>
  inFolder(async (folder) => {
    const dataDir = `${folder}/images`;
    await Deno.mkdir(dataDir);
    await writeTwins(dataDir);
    const groups = await sweepFolder(folder, {});
    assertEquals(groups.set.study.split, "groups");
    assertEquals(groups.set.cells[0]!.config.dataset.split, "groups");
    assertEquals(groups.set.dataset.leaksPerClass, [0, 0]);
    assertStringIncludes(
      groups.stderr,
      "test images with a duplicate (exact, near or mirrored) among the training images: 0 of 24\n",
    );
    const images = await sweepByImages(folder);
    assertEquals(images.set.dataset.leaksPerClass, [5, 8]);
    assertEquals(
      new Map(describeProvenance(images.set, undefined)).get("data set"),
      "folder, 96 training and 24 test images, of which 13 have a duplicate among the training images",
    );
    assertStringIncludes(
      images.stderr,
      "among the training images: 13 of 24 (one 5, two 8)\n",
    );
    for (const { set } of [groups, images]) {
      const { faults } = await verifyResultSet(set, {
        dataDir,
        cells: 0,
        seed: 0,
      });
      assertEquals(faults, []);
    }
    const { batching: _, split: __, ...study } = images.set.study;

    // As recorded before there was a split: the same images and cells, no field.
    const { set: old } = await runSweep(
      study,
      { dataDir },
    ) as { set: ResultSet };
    assertEquals(old.dataset.sha256, images.set.dataset.sha256);
    assertEquals("split" in old.cells[0]!.config.dataset, false);
    delete old.dataset.leaksPerClass;
    old.digest = digestResultSet(old);
    const { faults, identical } = await verifyResultSet(old, {
      dataDir,
      cells: "all",
      seed: 0,
    });
    assertEquals([faults, identical], [[], 1]);
  }));

Deno.test("sweep does not replace the result set of another folder by the same study", () =>
  inFolder(async (folder) => {
    const dataDir = `${folder}/images`;
    await Deno.mkdir(dataDir);
    await writeTwins(dataDir);
    const before = (await sweepFolder(folder, {})).set;
    await Deno.remove(`${dataDir}/one/1.png`);
    const out = `${folder}/default.json`;
    const { code, stdout, stderr } = await runMain([
      "sweep",
      ...toArgs({ ...flags, "data-dir": dataDir, out }),
    ]);
    assertEquals([code, stdout], [2, ""]);
    assertMatch(
      stderr,
      /default\.json" is the result set of other images .* and is not replaced: choose another --out, or move the file away\n$/,
    );
    assertEquals(await readResultSet(out), before);
  }));

Deno.test("verify finds a wrong count of leaks", () =>
  inFolder(async (folder) => {
    const dataDir = `${folder}/images`;
    await Deno.mkdir(dataDir);
    await writeTwins(dataDir);
    const { set } = await sweepByImages(folder);
    const edit = async (change: (set: ResultSet) => void) => {
      const edited = structuredClone(set);
      change(edited);
      edited.digest = digestResultSet(edited);
      return (await verifyResultSet(edited, { dataDir, cells: 0, seed: 0 }))
        .faults;
    };
    assertEquals(await edit(({ dataset }) => dataset.leaksPerClass = [0, 0]), [
      'dataset.leaksPerClass.0: expected 0 as recorded, got 5 of the "folder" here',
    ]);
    assertEquals(await edit(({ dataset }) => delete dataset.leaksPerClass), []);
  }));

Deno.test("data says how many test images leak, in data that comes split also", () =>
  inFolder(async (folder) => {
    await writeTwins(folder);
    const say = async (...args: string[]) => {
      const { code, stdout, stderr } = await runMain(["data", ...args]);
      assertEquals(code, 0, stderr);
      return stdout;
    };
    const own = ["--dataset=folder", `--data-dir=${folder}`];
    const line =
      "test images with a duplicate (exact, near or mirrored) among the training images: ";
    assertStringIncludes(await say(...own), `${line}0 of 24\n`);
    assertStringIncludes(
      await say(...own, "--split=images"),
      `${line}13 of 24 (one 5, two 8)\n`,
    );
    assertMatch(await say(), /among the training images: \d+ of 1000/);
    // A class that is one image twice can only be split within it.
    await Deno.mkdir(`${folder}/pair`);
    for (const name of ["1", "2"]) {
      await Deno.copyFile(`${folder}/one/1.png`, `${folder}/pair/${name}.png`);
    }
    await Deno.rename(`${folder}/one/1.png`, `${folder}/.one.png`);
    assertStringIncludes(
      await say(...own),
      `${line}1 of 24 (pair 1): these classes have too few groups of duplicates to keep each on one side\n`,
    );
    const json = JSON.parse(await say(...own, "--split=images", "--json"));
    assertEquals(json.leaksPerClass.length, 3);
    const { code, stderr } = await runMain(["data", "--split=images"]);
    assertEquals([code, stderr], [
      2,
      'The data set "cifar10-mini" comes split and takes no --split, got "images"\n',
    ]);
  }));

import { countOf } from "../core/count_of.ts";
import { z } from "zod";
import { terminalJson } from "../core/clean_text.ts";
import { cacheOption, openCache } from "./cache_option.ts";
import { cacheFolder } from "./cache_folder.ts";
import { defineCommand } from "./command.ts";
import { chooseData, dataOptions } from "./data_option.ts";
import { describeLeaks } from "./describe_leaks.ts";
import { type CallIo, showPaths } from "./io.ts";
import { readingOf, readingOptions } from "./reading_options.ts";
import { showLoading } from "./show_loading.ts";
import { splitOption } from "./split_option.ts";
import { formatTable } from "./table.ts";

const options = z.strictObject({
  ...dataOptions,
  split: splitOption,
  ...readingOptions,
  limitTrain: z.int().min(1).optional().describe(
    "Training images: a seeded, class-balanced subset of this size",
  ),
  limitTest: z.int().min(1).optional().describe(
    "Test images: a seeded, class-balanced subset of this size",
  ),
  cache: cacheOption,
  clearCache: z.boolean().default(false).describe(
    "Empty the cache of decoded images, and do nothing else",
  ),
  json: z.boolean().default(false).describe("Print JSON"),
});

/**
 * Most images among which near duplicates are sought: more take longer than
 * everything else that the command does.
 */
const NEAR_IMAGES = 20_000;

/** `data`: loads a data set, checks it, and says what is in it. */
export const dataCommand = defineCommand({
  examples: [
    "",
    "my-images",
    "--dataset cifar100-coarse --data cifar-100-binary",
  ],
  usage: "[FOLDER|FILE] [options]",
  options,
  operands: "paths",
  help:
    `The command also prints how many test images have a duplicate among the training
images; near duplicates are included for at most ${
      NEAR_IMAGES.toLocaleString("en")
    } images. "duplicates"
lists them for any number.`,
  async run({ json, split, ...given }, io) {
    if (given.clearCache) return await clear(given.cache, io);
    const { name, dataDir } = await chooseData(given, io);
    const { countLeaks } = await import("../detection/count_leaks.ts");
    const { digestDataset } = await import("../data/dataset.ts");
    const { loadDataset } = await import("../data/load_dataset.ts");
    const started = io.now();
    const loading = showLoading(io.terminal);
    const dataset = await loadDataset(name, {
      cache: await openCache(given.cache, io),
      onProgress: loading.report,
      dataDir: dataDir && io.path(dataDir),
      split,
      limitTrain: given.limitTrain,
      limitTest: given.limitTest,
      reading: readingOf({ ...given, dataset: name }),
    }).finally(loading.stop);
    const loadMs = io.now() - started;
    const digest = digestDataset(dataset);
    const near = dataset.train.rows + dataset.test.rows <= NEAR_IMAGES;
    const perClass = await countLeaks(dataset, { near });
    if (json) {
      io.print(terminalJson({
        ...digest,
        leaksPerClass: perClass,
        leaksNear: near,
        ...(dataset.reading && { reading: dataset.reading }),
        shape: dataset.shape,
        loadMs,
      }));
      return 0;
    }
    io.print(
      `${name}: ${dataset.train.rows} training and ${dataset.test.rows} test images of ${
        dataset.shape.join("x")
      }, loaded in ${(loadMs / 1000).toFixed(2)} s\n`,
    );
    if (dataset.reading !== undefined) {
      const { describeReading } = await import(
        "../data/folder/folder_reading.ts"
      );
      for (const line of describeReading(dataset.reading)) {
        io.print(showPaths(line, io));
      }
    }
    io.print(formatTable(
      ["class", "train", "test"],
      dataset.classNames.map((label, i) => [
        label,
        String(digest.trainPerClass[i]),
        String(digest.testPerClass[i]),
      ]),
      1,
    ));
    io.print(`\n${
      describeLeaks({
        perClass,
        classNames: dataset.classNames,
        testRows: dataset.test.rows,
        near,
        keepsGroups: name === "folder" && split !== "images" &&
          !dataset.reading?.comesSplit,
      })
    }`);
    io.print(`sha256 ${digest.sha256}`);
    return 0;
  },
});

/** Empties the cache. */
async function clear(
  chosen: string | undefined,
  io: Pick<CallIo, "env" | "cwd" | "print">,
): Promise<number> {
  const folder = cacheFolder(chosen, io);
  if (folder === undefined) {
    io.print("no decoded images are kept");
    return 0;
  }
  const { clearCache } = await import("../data/cache/clear_cache.ts");
  const { files, bytes } = await clearCache(folder);
  io.print(
    `removed ${countOf(files, "file")} of ${
      (bytes / 1e6).toFixed(1)
    } MB from "${showPaths(folder, io)}"`,
  );
  return 0;
}

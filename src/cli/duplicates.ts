import { ProgressBar } from "@std/cli/unstable-progress-bar";
import { z } from "zod";
import { datasetNames } from "../spec/datasets.ts";
import { defaultMaxDifference } from "../spec/axes/dedup.ts";
import { defineCommand } from "./command.ts";
import { formatDuplicates } from "./duplicates_table.ts";
import type { Io } from "./io.ts";
import { folderPath } from "./path_option.ts";
import { splitOption } from "./split_option.ts";

const options = z.strictObject({
  dataset: z.enum(datasetNames).default("cifar10-mini").describe("Images"),
  dataDir: folderPath().optional().describe(
    "Folder of the data set's files: all data sets but cifar10-mini",
  ),
  split: splitOption,
  limitTrain: z.int().min(1).optional().describe(
    "Seeded class-balanced subset of the training images",
  ),
  limitTest: z.int().min(1).optional().describe(
    "Seeded class-balanced subset of the test images",
  ),
  near: z.boolean().default(true).describe(
    "Look for near duplicates too; --no-near looks for equal pixels only",
  ),
  maxDifference: z.number().min(0).max(1).default(defaultMaxDifference)
    .describe("Largest pixel difference of near duplicates"),
  mirrored: z.boolean().default(false).describe(
    "Count mirror images as near duplicates",
  ),
  show: z.int().min(0).default(20).describe(
    "Groups to list of each kind; JSON has all",
  ),
  json: z.boolean().default(false).describe("Print JSON"),
});

/** Milliseconds between two chances for the progress bar to draw. */
const BREATH_MS = 200;

/** `duplicates`: what images of a data set are there twice. */
export const duplicatesCommand = defineCommand({
  examples: ["--dataset cifar10", "--mirrored --show 5"],
  options,
  help: `Exact duplicates are equal in every pixel. Near duplicates differ by a
shift of up to 2 pixels each way, by brightness, or by slight noise such as that
of JPEG: perceptual hashes propose them, and their pixel difference decides. It
is what is left of one image when the other, laid on it as well as may be, is
subtracted, as a share of its contrast: 0 is equal, 1 unlike. Groups hold images
that are duplicates directly or by way of others.`,
  async run({ dataset: name, show, json, ...rest }, io) {
    const { loadDataset } = await import("../data/load_dataset.ts");
    const { findDuplicates } = await import("../detection/find_duplicates.ts");
    const { near, maxDifference, mirrored, dataDir, ...limits } = rest;
    const started = io.now();
    const dataset = await loadDataset(name, {
      ...limits,
      dataDir: dataDir && io.path(dataDir),
    });
    const progress = showShare(near ? io.terminal : undefined);
    let found;
    try {
      found = await findDuplicates(dataset, {
        near,
        maxDifference,
        mirrored,
        onProgress: progress.report,
      });
    } finally {
      await progress.stop();
    }
    const ms = io.now() - started;
    const rows = { train: dataset.train.rows, test: dataset.test.rows };
    io.print(
      json
        ? JSON.stringify({
          dataset: name,
          rows,
          options: { near, maxDifference, mirrored },
          ...found,
          ms: Math.round(ms),
        })
        : formatDuplicates(found, { name, rows, near, show, ms }),
    );
    return 0;
  },
});

/** A bar on a terminal, which is erased when the work is done. */
function showShare(terminal: Io["terminal"]) {
  const bar = terminal
    ? new ProgressBar({
      writable: terminal,
      max: 1,
      barLength: 30,
      clear: true,
      fmt: (x) =>
        `[${x.styledTime}] [${x.progressBar}] ${(x.value * 100).toFixed(0)} %`,
    })
    : undefined;
  let breathed = performance.now();
  return {
    async report(share: number) {
      if (bar === undefined) return;
      bar.value = share;
      if (performance.now() - breathed < BREATH_MS) return;
      await new Promise((resolve) => setTimeout(resolve, 0));
      breathed = performance.now();
    },
    stop: async () => await bar?.stop(),
  };
}

import { basename } from "node:path";
import { z } from "zod";
import { UsageError } from "../core/errors.ts";
import { MOST_RATIO } from "../spec/axes/ratio.ts";
import { widthAxis } from "../spec/axes/width.ts";
import { backendRequests } from "../spec/backends.ts";
import { cacheOption } from "./cache_option.ts";
import { defineCommand } from "./command.ts";
import { chooseData, dataOptions } from "./data_option.ts";
import { filePath } from "./path_option.ts";
import { modelOption } from "./model_option.ts";
import { readingOf, readingOptions } from "./reading_options.ts";
import { requireEnding } from "./require_ending.ts";
import { splitOption } from "./split_option.ts";
import { FREE_HOURS } from "./study_cost.ts";

const count = z.int().min(1).max(1_000_000);

const options = z.strictObject({
  ...dataOptions,
  split: splitOption,
  ...readingOptions,
  limitTrain: count.optional().describe(
    "Training images: a seeded, class-balanced subset of this size",
  ),
  limitTest: count.optional().describe(
    "Test images: a seeded, class-balanced subset of this size",
  ),
  near: z.boolean().default(true).describe(
    "Remove near and mirrored duplicates too; --no-near removes equal images only",
  ),
  ratio: z.number().gt(0).max(MOST_RATIO).optional().describe(
    "Copies per image to add (default: as many per distinct image as were found)",
  ),
  repeats: z.int().min(1).max(1000).default(6).describe(
    "Runs of each arm, with the seeds 1 to this number; a conclusion needs 6",
  ),
  model: modelOption.unwrap().max(1).optional().meta({
    ...modelOption.meta(),
    fallback: undefined,
  }).describe(
    "Network, or a JSON file that holds one (default: whitened-groups where it fits, otherwise published-standard)",
  ),
  width: widthAxis.entry.optional().describe(
    "Factor by which the network's channels and hidden units are multiplied (default 0.5)",
  ),
  epochs: count.optional().describe(
    "Epochs to train (default: about 40,000 images in all, but 10 to 40 epochs)",
  ),
  margin: z.number().gt(0).default(1).describe(
    "Smallest change of accuracy that matters, in percentage points",
  ),
  backend: z.enum(backendRequests).default("auto").describe(
    "TensorFlow.js backend; auto is webgpu on a hardware adapter, otherwise wasm",
  ),
  cache: cacheOption,
  jobs: z.int().min(1).max(256).optional().describe(
    "Runs at a time, each in a process of its own (default: processor cores)",
  ),
  out: filePath("FILE.json").optional().describe(
    "Result-set file (default results/local/NAME.json); the report is in a folder next to it",
  ),
  allowLong: z.boolean().default(false).describe(
    `Start even if the estimate is above ${FREE_HOURS} core-hours; otherwise the command asks on a terminal, and ends with exit code 2 without one`,
  ),
  quiet: z.boolean().default(false).describe(
    "Print the answer and errors only",
  ),
});

/** Options of `study`, checked. */
export type StudyOptions = z.output<typeof options>;

/** `study`: the effect of the duplicates in a folder on a network trained on it. */
export const studyCommand = defineCommand({
  examples: [
    "my-images",
    "my-images --repeats 12 --jobs 2",
    "cleaned.csv --ratio 0.2",
    "--dataset cifar10-mini --epochs 5",
  ],
  usage: "FOLDER|FILE [options]",
  options,
  operands: "paths",
  help: `The command finds the duplicates among the training images, as
"duplicates --mirrored" does, and trains the same network on three sets: the
images as they are, cleaned (the first of each group is kept), and with as many
duplicates added as were found, of the same classes and kind. All runs take the
same number of steps, and runs of one seed differ in nothing else. Test images
with a duplicate among the training images are excluded from accuracies and
counted separately. If the images are not already split, one in five is used for
testing, and duplicates are kept in the same split.

It prints an upper estimate of its time before the first run and keeps finished
runs in a journal; after an interruption, the same command runs the missing ones.
The result set is like that of a sweep: "verify", "analyse", "report" and "export"
accept it.
Exit codes: 0 all runs finished; 1 runs failed; 2 wrong usage, an unusable file, or
nothing to study; 130 interrupted.`,
  async run(given, io) {
    const { runStudy } = await import("./study/run_study.ts");
    if (given.paths.length === 0 && !given.dataset && !given.dataDir) {
      throw new UsageError(
        "Name a folder or a file of images: study FOLDER",
      );
    }
    const { name: dataset, dataDir } = await chooseData(given, io);
    if (given.out !== undefined) {
      requireEnding(given.out, { endings: [".json"] });
    }
    return await runStudy({
      ...given,
      dataset,
      dataDir,
      reading: readingOf({ ...given, dataset }),
      title: dataset === "folder" ? basename(io.path(dataDir!)) : dataset,
    }, io);
  },
});

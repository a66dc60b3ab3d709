import { z } from "zod";
import { attackForms } from "../spec/attacks.ts";
import { webAddress } from "../core/fetch_text_bytes.ts";
import type { Shard } from "../results/result_set.ts";
import { namedStudies } from "../spec/named_studies.ts";
import { studySchema } from "../spec/study.ts";
import { cacheOption } from "./cache_option.ts";
import { defineCommand } from "./command.ts";
import type { CallIo } from "./io.ts";
import { givenOnly } from "./given_only.ts";
import { dataPath, filePath, folderPath } from "./path_option.ts";
import { modelOption, withNetworks } from "./model_option.ts";
import { noteAdapters } from "./note_adapters.ts";
import { noteDoubts } from "./note_doubts.ts";
import { readingOptions } from "./reading_options.ts";
import { readSets } from "./read_sets.ts";
import { type GivenFields, readStudy } from "./read_study.ts";
import { requireEnding } from "./require_ending.ts";
import { runWithProgress } from "./run_with_progress.ts";
import { FREE_HOURS } from "./study_cost.ts";
import { formatSweep } from "./sweep_table.ts";

const options = z.strictObject({
  study: filePath("NAME|FILE.json").meta({
    value: "NAME|FILE.json",
    path: "file",
    choices: Object.keys(namedStudies),
  }).optional().describe(
    "Named study or JSON file; further options change its fields (default without options: quick)",
  ),
  out: filePath("FILE.json").optional().describe(
    "Result-set file (default results/local/NAME.json; for a shard results/local/NAME-2-of-5.json)",
  ),
  jobs: z.int().min(1).max(256).optional().describe(
    "Cells run at a time, each in a process of its own (default: processor cores)",
  ),
  dataDir: dataPath().optional().describe(
    "Your own images, a folder or a file, or the folder of a data set's files; the layout is recognised",
  ),
  cache: cacheOption,
  shard: z.string().regex(/^[1-9]\d*\/[1-9]\d*$/, {
    error: 'must be two whole numbers from 1, such as "2/5"',
  }).optional().describe(
    "Run one part of the cells: 2/5 is the second of five parts of similar cost; merge joins them",
  ).meta({ value: "I/N" }),
  reuse: z.array(
    filePath("FILE.json").refine((path) => webAddress(path) === undefined, {
      error: "must be a file that is downloaded first",
    }),
  ).min(1).optional().describe(
    "Earlier result sets, of any studies: their finished cells that have the same settings are taken over and do not run",
  ),
  exportWeights: folderPath().optional().describe(
    "Folder for the weights (safetensors) and batch orders of every cell; the same after an interruption",
  ),
  allowLong: z.boolean().default(false).describe(
    `Start even if the estimate is above ${FREE_HOURS} core-hours; otherwise the command asks on a terminal, and ends with exit code 2 without one`,
  ),
  stallLimit: z.int().min(1).max(86400).optional().meta({ value: "SECONDS" })
    .describe(
      "Seconds without a heartbeat after which a worker process is killed and its cell is run once more (default: 300, or ten times its longest silence before)",
    ),
  quiet: z.boolean().default(false).describe("Print errors only"),
  ...givenOnly({ ...studySchema.shape, ...readingOptions }),
  model: modelOption,
});

/** `sweep`: trains, attacks and records every cell of a study. */
export const sweepCommand = defineCommand({
  examples: [
    "",
    "--study corrected-adversarial-mini --jobs 2",
    "--ratios 0,0.5,1 --policy class-biased --seeds 1,2,3 -o results/mine.json",
    "--study my-study.json --shard 1/4",
    "--study protocol-conflict --reuse results/protocol-standard.json --allow-long",
    "--study corrected-adversarial --allow-long",
  ],
  options,
  likelyOption: "study",
  help: `Attacks are ${attackForms};
N counts iterations, or the queries of square.

Before the first cell, a sweep prints an upper estimate of its time, by rates
measured on this machine in a few seconds; attacks that end early for misclassified
images are not deducted. "studies" prints it for the named studies.

Finished cells are kept in a journal next to the output. After an interruption,
the same command runs the missing cells. With --reuse a study can be extended, for
example by more seeds or ratios: only the new cells run.
Exit codes: 0 all cells finished; 1 cells failed; 2 wrong usage or an unusable
file; 130 interrupted.`,
  async run(
    {
      study: source,
      jobs,
      dataDir,
      cache,
      reuse = [],
      exportWeights,
      allowLong,
      stallLimit,
      quiet,
      ...given
    },
    io,
  ) {
    const { out: chosen, shard: part, ...fields } = given;
    const study = await readStudy(
      source,
      await withDataset(await withNetworks(fields, io), {
        source,
        dataDir,
        io,
      }),
      io,
    );
    const shard = readShard(part);
    const suffix = shard && `-${shard.index}-of-${shard.count}`;
    const out = chosen ?? `results/local/${study.name}${suffix ?? ""}.json`;
    requireEnding(out, { endings: [".json"] });
    const end = await runWithProgress(study, {
      out: io.path(out),
      jobs: jobs ?? io.cores,
      dataDir: dataDir && io.path(dataDir),
      shard,
      reuse: reuse.length === 0 ? [] : await readSets(reuse, io),
      exportDir: exportWeights && io.path(exportWeights),
      command: ["sweep", ...io.words],
      stallLimit,
      cache,
      allowLong,
      quiet,
    }, io);
    if (end.status === "interrupted") return 130;
    const { set } = end;
    if (!quiet) {
      io.print(formatSweep(set));
      io.print(`\ndigest ${set.digest}\nwrote  ${out}`);
    }
    noteAdapters(set, io);
    noteDoubts(set, io);
    return end.status === "failed" ? 1 : 0;
  },
});

/** The fields with the data set that is at the path, unless one is named. */
async function withDataset<F extends GivenFields>(
  fields: F,
  { source, dataDir, io }: {
    source: string | undefined;
    dataDir: string | undefined;
    io: CallIo;
  },
): Promise<F> {
  if (dataDir === undefined || fields.dataset !== undefined) return fields;
  const { recogniseDataset } = await import("../data/recognise_dataset.ts");
  const names = await recogniseDataset(io.path(dataDir));
  const { dataset } = source === undefined
    ? {}
    : await readStudy(source, {}, io);
  const hasFiles = dataset === "fashion-mnist" ||
    names.some((name) => name === dataset);
  return hasFiles ? fields : { ...fields, dataset: names[0] };
}

function readShard(text: string | undefined): Shard | undefined {
  if (text === undefined) return undefined;
  const [index, count] = text.split("/").map(Number) as [number, number];
  return { index, count };
}

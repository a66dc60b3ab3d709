import { z } from "zod";
import { attackForms } from "../spec/attacks.ts";
import { UsageError } from "../core/errors.ts";
import { studySchema } from "../spec/study.ts";
import { runSweep } from "../sweep/run_sweep.ts";
import type { Command } from "./command.ts";
import { validate } from "./flags.ts";
import { showProgress } from "./progress.ts";
import { readStudy } from "./read_study.ts";
import { formatSweep } from "./sweep_table.ts";
import { withInterrupt } from "./with_interrupt.ts";
import type { Shard } from "../results/result_set.ts";

const runOptions = z.strictObject({
  study: z.string().optional().describe(
    "Named study or JSON file; further options change its fields. Without any option: quick",
  ).meta({ value: "NAME|FILE.json" }),
  out: z.string().optional().describe(
    "Result-set file (default results/NAME.json; of a shard results/NAME-2-of-5.json)",
  ).meta({ value: "FILE.json" }),
  jobs: z.int().min(1).max(256).optional().describe(
    "Cells run at a time, a process each (default: processor cores)",
  ),
  dataDir: z.string().optional().describe(
    "Folder of the data set's files: cifar10, fashion-mnist and folder",
  ).meta({ value: "FOLDER" }),
  shard: z.string().regex(/^[1-9]\d*\/[1-9]\d*$/, {
    error: 'must be two whole numbers from 1, such as "2/5"',
  }).optional().describe(
    "Run one part of the cells: 2/5 is the second of five of like cost; merge joins them",
  ).meta({ value: "I/N" }),
  exportWeights: z.string().optional().describe(
    "Folder for the weights (safetensors) and batch orders of every cell",
  ).meta({ value: "FOLDER" }),
  quiet: z.boolean().default(false).describe("Print nothing but errors"),
});

/** `sweep`: trains, attacks and records every cell of a study. */
export const sweepCommand: Command = {
  name: "sweep",
  summary: "Train, attack and record every cell of a study",
  examples: [
    "",
    "--study corrected-adversarial-mini --jobs 2",
    "--ratios 0,0.5,1 --policy class-biased --seeds 1,2,3 -o results/mine.json",
    "--study my-study.json --shard 1/4",
  ],
  options: z.strictObject({ ...runOptions.shape, ...studySchema.shape }),
  help: `Attacks are ${attackForms}:
N is iterations, of square queries.

A cell that is finished is kept in a journal beside the output. The same
command again, after an interruption, runs what is missing.
Exit codes: 0 all cells finished; 1 cells failed; 2 a mistake in the call or
its files; 130 interrupted.`,
  async run(flags, args) {
    const isOfRun = (field: string) => Object.hasOwn(runOptions.shape, field);
    const pick = (keep: (field: string) => boolean) =>
      Object.fromEntries(Object.entries(flags).filter(([f]) => keep(f)));
    const options = validate(runOptions, pick(isOfRun));
    const study = await readStudy(
      options.study,
      pick((field) => !isOfRun(field)),
    );
    const shard = readShard(options.shard);
    const suffix = shard && `-${shard.index}-of-${shard.count}`;
    const out = options.out ?? `results/${study.name}${suffix ?? ""}.json`;
    if (!out.endsWith(".json")) {
      throw new UsageError(
        `Cannot take --out: must end in .json: current value is "${out}"`,
      );
    }
    const progress = options.quiet
      ? undefined
      : showProgress(Deno.stderr.isTerminal());
    try {
      const end = await withInterrupt((signal) =>
        runSweep(study, {
          out,
          jobs: options.jobs ?? navigator.hardwareConcurrency,
          dataDir: options.dataDir,
          shard,
          exportDir: options.exportWeights,
          command: ["sweep", ...args],
          signal,
          ...(progress && { listener: progress }),
        })
      );
      await progress?.stop();
      if (end.status === "interrupted") {
        console.error(
          `Interrupted: ${end.finished} of ${end.cells} cells are kept; the same command again runs the rest`,
        );
        return 130;
      }
      const { set } = end;
      if (!options.quiet) {
        console.log(formatSweep(set));
        console.log(`\ndigest ${set.digest}\nwrote  ${out}`);
      }
      for (const cell of set.cells) {
        if (cell.status === "failed") {
          console.error(`Cell ${cell.id} failed twice: ${cell.error}`);
        } else {
          for (const { flag, where, value } of cell.outcome.flags) {
            console.error(
              `flag: cell ${cell.id}: ${flag} (${where}${
                value === null ? "" : `: ${value}`
              })`,
            );
          }
        }
      }
      return end.status === "failed" ? 1 : 0;
    } finally {
      await progress?.stop();
    }
  },
};

function readShard(text: string | undefined): Shard | undefined {
  if (text === undefined) return undefined;
  const [index, count] = text.split("/").map(Number) as [number, number];
  return { index, count };
}

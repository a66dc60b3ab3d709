import { countOf } from "../core/count_of.ts";
import { z } from "zod";
import { BackendError, messageOf, UsageError } from "../core/errors.ts";
import type { Dataset } from "../data/dataset.ts";
import type { FinishedCell, ResultSet } from "../results/result_set.ts";
import type { CellExamples } from "../report/cell_examples.ts";
import {
  describeEstimate,
  formatSeconds,
  requireShort,
  type WorkEstimate,
} from "../core/require_short.ts";
import { standIns } from "../spec/axes/stand_in.ts";
import { requestDataset } from "../sweep/request_dataset.ts";
import { allowLong, longestOf } from "./allow_long.ts";
import { defineCommand } from "./command.ts";
import { type CallIo, showPaths } from "./io.ts";
import { dataPath, files, folderPath } from "./path_option.ts";
import { readSets } from "./read_sets.ts";
import { requireOwnReport, writeReport } from "./write_report.ts";

/** Estimated seconds of a cell up to which examples are made unasked. */
const CHEAP = 60;

const options = z.strictObject({
  files: files({ usage: "report FILE.json…", web: true }),
  out: folderPath().default("results/local/report").describe("Folder to write"),
  margin: z.number().gt(0).default(1).describe(
    "Smallest change of accuracy that matters, in percentage points",
  ),
  examples: z.boolean().optional().describe(
    "Run the cheapest cell again for example images (default: if that takes less than a minute)",
  ),
  dataDir: dataPath().optional().describe(
    "Folder or file of the data of that cell, if the sweep had --data",
  ),
  allowLong,
});

/** `report FILE…`: one page with figures, tables and verdicts. */
export const reportCommand = defineCommand({
  examples: ["results/quick.json", "a.json b.json -o my-report --no-examples"],
  usage: "FILE.json… [-o DIR] [options]",
  options,
  operands: "files",
  help: `Writes report.html, which needs no other file, report.md, series.csv,
classes.csv, the figures as figures/*.svg and, if the runs have conditions to
compare, such as with and without duplicates, conditions.csv. They replace those
of an earlier report in the folder, and no other files.`,
  async run({ files, out, margin, examples, dataDir, allowLong }, io) {
    const read = await readSets(files, io);
    await requireOwnReport(io.path(out));
    const sets = read.map(({ set }) => set);
    const write = (examples: CellExamples | string) =>
      writeReport({
        read,
        out,
        margin,
        examples,
        command: ["report", ...io.words],
      }, io);
    const plan = await planExamples(sets, {
      examples,
      longest: longestOf({ allowLong }),
      dataDir: dataDir && io.path(dataDir),
      io,
    });
    // Examples take time, and may fail; the page is there before them.
    let content = await write(
      typeof plan === "string" ? plan : "they have not been made yet",
    );
    if (typeof plan !== "string") {
      const made = await runExamples(plan, io);
      content = await write(made.examples);
      if (examples === true && made.error !== undefined) {
        throw cannotMake(made.error);
      }
    }
    io.print(
      `wrote ${out}/report.html and ${
        countOf(content.length - 1, "file")
      } next to it`,
    );
    return 0;
  },
});

/** A cell to make examples from. */
interface Plan {
  set: ResultSet;
  cell: FinishedCell;
  /** Estimated from its config; a file may claim any time. */
  estimate: WorkEstimate;
  /** What it ran on. */
  dataset: Dataset;
}

/** A cheap cell that shows much, or the reason why there will be no examples. */
async function planExamples(
  sets: readonly ResultSet[],
  { examples, longest, dataDir, io }: {
    examples: boolean | undefined;
    longest: number;
    dataDir: string | undefined;
    io: CallIo;
  },
): Promise<Plan | string> {
  if (examples === false) return "they were not requested";
  const { assumeExample, estimateExample } = await import(
    "../verify/estimate_example.ts"
  );
  const choices = sets.flatMap((set) =>
    set.cells.flatMap((cell) =>
      cell.status === "finished" && cell.config.duplication.ratio > 0 &&
        standIns[cell.config.duplication.standIn ?? "copies"].hasCopies
        ? [{ set, cell, ...assumeExample(cell, set) }]
        : []
    )
  ).sort((a, b) => a.seconds - b.seconds);
  // Prefer a cell that shows more, unless it takes too long.
  const cheapest =
    choices.find(({ cell, seconds }) =>
      showsMuch(cell) && seconds <= (examples === true ? longest : CHEAP)
    ) ?? choices[0];
  if (cheapest === undefined) return "no finished run has copies";
  const { set, cell } = cheapest;
  if (cell.config.backend === "webgpu") {
    const { probeBackends } = await import("../backend/probe_backends.ts");
    const probes = await probeBackends();
    if (probes.some(({ software }) => software === true)) {
      return refuse(
        "the WebGPU adapter of this machine computes in software, which would take too long",
        examples,
      );
    }
  }
  let estimate: WorkEstimate;
  try {
    estimate = await estimateExample(cell, set, {
      longest: examples === true ? longest : CHEAP,
    });
  } catch (error) {
    // Without its backend there is a report, but no examples.
    if (!(error instanceof BackendError)) throw error;
    return refuse(messageOf(error), examples);
  }
  if (examples === true) {
    requireShort(estimate.seconds, "Running the cheapest cell again", {
      longest,
    });
  } else if (estimate.seconds > CHEAP) {
    return `running the cheapest cell again would take about ${
      formatSeconds(estimate.seconds)
    }; use --examples to run it`;
  }
  try {
    const { loadDataset } = await import("../data/load_dataset.ts");
    const { requireRecorded } = await import("../verify/make_examples.ts");
    const { name, ...source } = requestDataset(set.study, dataDir);
    const dataset = await loadDataset(name, source);
    requireRecorded(dataset, set.dataset);
    return { set, cell, estimate, dataset };
  } catch (error) {
    if (examples === true) throw cannotMake(error);
    return couldNot(error, io);
  }
}

/** Examples that were requested explicitly must not be missing silently. */
function refuse(reason: string, examples: boolean | undefined): string {
  if (examples !== true) return reason;
  throw cannotMake(reason);
}

/** The error about examples that were asked for; it keeps the fields it names. */
function cannotMake(reason: unknown): UsageError {
  return new UsageError(
    `Cannot make examples: ${
      typeof reason === "string" ? reason : messageOf(reason)
    }`,
    {
      field: reason instanceof UsageError || reason instanceof BackendError
        ? [...reason.fields]
        : [],
    },
  );
}

/** Why a page has no examples, after an attempt to make them. */
function couldNot(error: unknown, io: CallIo): string {
  return `they could not be made (${showPaths(messageOf(error), io)})`;
}

/** Runs the cell; where that fails, the page says why. */
async function runExamples(
  { cell, estimate, dataset, set }: Plan,
  io: CallIo,
): Promise<{ examples: CellExamples | string; error?: unknown }> {
  try {
    io.note(
      `examples: running cell ${cell.id} again, ${describeEstimate(estimate)}`,
    );
    const { makeExamples } = await import("../verify/make_examples.ts");
    return { examples: await makeExamples(cell, dataset, set.dataset) };
  } catch (error) {
    return { examples: couldNot(error, io), error };
  }
}

/** Whether it has attacks, on test images as they are, and several classes. */
function showsMuch(
  { config: { evaluation, duplication } }: FinishedCell,
): boolean {
  return evaluation.attacks.length > 0 &&
    evaluation.augmentation === undefined &&
    duplication.policy !== "single-class";
}

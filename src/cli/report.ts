import { z } from "zod";
import { messageOf, UsageError } from "../core/errors.ts";
import { version } from "../results/versions.ts";
import { cifar10Classes } from "../data/cifar10_classes.ts";
import { quoteWord } from "../report/describe_provenance.ts";
import { readResultSet } from "../results/read_result_set.ts";
import type { FinishedCell, ResultSet } from "../results/result_set.ts";
import { writeFileAtomically } from "../results/write_file.ts";
import { standInAxis } from "../spec/axes/stand_in.ts";
import { valuesOf } from "../spec/plan_cells.ts";
import type { CellExamples } from "../report/cell_examples.ts";
import { defineCommand } from "./command.ts";
import { type CallIo, showPaths } from "./io.ts";
import { recordWords } from "./record_words.ts";
import { files, folderPath } from "./path_option.ts";

/** Milliseconds of a cell up to which examples are made unasked. */
const CHEAP_MS = 60_000;

const options = z.strictObject({
  files: files({ usage: "report FILE.json…" }),
  out: folderPath().default("results/report").describe("Folder to write"),
  margin: z.number().gt(0).default(1).describe(
    "Smallest change of accuracy that matters, in percentage points",
  ),
  examples: z.boolean().optional().describe(
    "Run the cheapest cell again for example images (default: if it took less than a minute)",
  ),
  dataDir: folderPath().optional().describe(
    "Folder of that cell's data, where the sweep had one",
  ),
});

/** `report FILE…`: one page with figures, tables and verdicts. */
export const reportCommand = defineCommand({
  examples: ["results/quick.json", "a.json b.json -o my-report --no-examples"],
  usage: "FILE.json… [-o DIR] [options]",
  options,
  operands: "files",
  help: `Writes report.html, which needs no other file, report.md, series.csv,
classes.csv and the drawings as figures/*.svg.`,
  async run({ files, out, margin, examples, dataDir }, io) {
    const { makeReport } = await import("../report/make_report.ts");
    const sets = await Promise.all(
      files.map((file) => readResultSet(io.path(file))),
    );
    const content = await makeReport(sets, {
      margin,
      examples: await examplesOf(sets, {
        examples,
        dataDir: dataDir && io.path(dataDir),
        io,
      }),
      classNames: new Map(
        sets.filter(({ dataset }) => dataset.name.startsWith("cifar10"))
          .map(({ dataset }) => [dataset.sha256, cifar10Classes]),
      ),
      paths: recordWords(files, io),
      command: ["deno", "task", "report", ...io.words].map(quoteWord).join(" "),
      version,
    });
    for (const [name, text] of content) {
      await writeFileAtomically(io.path(`${out}/${name}`), text);
    }
    io.print(
      `wrote ${out}/report.html and ${content.size - 1} files next to it`,
    );
    return 0;
  },
});

/** Examples from a cheap cell that shows much, or the reason why there are none. */
async function examplesOf(
  sets: readonly ResultSet[],
  { examples, dataDir, io }: {
    examples: boolean | undefined;
    dataDir: string | undefined;
    io: CallIo;
  },
): Promise<CellExamples | string> {
  if (examples === false) return "they were not requested";
  const choices = sets.flatMap((set) =>
    set.cells.flatMap((cell) =>
      cell.status === "finished" && cell.config.duplication.ratio > 0 &&
        cell.config.duplication.standIn === undefined
        ? [{ set, cell, ms: costOf(cell) }]
        : []
    )
  ).sort((a, b) => a.ms - b.ms);
  // Prefer a cell that shows more, unless it takes too long.
  const cheapest =
    choices.find(({ cell, ms }) =>
      showsMuch(cell) && (examples === true || ms <= CHEAP_MS)
    ) ?? choices[0];
  if (cheapest === undefined) return "no finished run has copies";
  const { set, cell, ms } = cheapest;
  const cost = `${(ms / 1000).toFixed(0)} s`;
  if (examples === undefined && ms > CHEAP_MS) {
    return `running the cheapest cell again would take about ${cost}; use --examples to run it`;
  }
  try {
    io.note(`examples: running cell ${cell.id} again, about ${cost}`);
    const { loadDataset } = await import("../data/load_dataset.ts");
    const { makeExamples } = await import("../verify/make_examples.ts");
    const { name, limitTrain, limitTest } = cell.config.dataset;
    const dataset = await loadDataset(name, {
      dataDir,
      limitTrain: limitTrain ?? undefined,
      limitTest: limitTest ?? undefined,
      reserve: valuesOf(set.study, standInAxis).includes("fresh"),
    });
    return await makeExamples(cell, dataset, set.dataset);
  } catch (error) {
    // Examples that were requested explicitly must not be missing silently.
    if (examples) {
      throw new UsageError(`Cannot make examples: ${messageOf(error)}`);
    }
    return `they could not be made (${showPaths(messageOf(error), io)})`;
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

function costOf({ timing }: FinishedCell): number {
  return timing.trainMs + timing.evaluateMs;
}

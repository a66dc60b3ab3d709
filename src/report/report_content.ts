import type { Analysis } from "../analysis/analyse.ts";
import type { Provenance } from "../results/provenance.ts";
import type { CellExamples } from "../sweep/make_examples.ts";
import type { ResultSet } from "../results/result_set.ts";
import { describeProtocol } from "./describe_protocol.ts";
import type { Figure } from "./figure.ts";
import type { StudyReport } from "./report_series.ts";

/** Everything that a report says, before it has a form. */
export interface ReportContent {
  /** The studies, with the numbers behind their figures. */
  studies:
    (StudyReport & { figures: Figure[]; classNames?: readonly string[] })[];
  /** Tests and verdicts over all of them. */
  analysis: Analysis;
  /** Example images, or why there are none. */
  examples: CellExamples | string;
  /** Where the result sets were read from. */
  paths: ReadonlyMap<ResultSet, string>;
  /** The command that made the report. */
  command: string;
  /** Version of dupbench. */
  version: string;
}

/** The paper whose claims are judged. */
export const PAPER = "Aghabagherloo et al., IEEE SPW 2025 (arXiv:2504.00638)";

/** What a reader who is new to it must know first. */
export const INTRODUCTION =
  "Image classifiers are trained from scratch on images of which some are there more than once, and tested on images that they have not seen. The ratio is the number of duplicates added per original image: 0 is none, 1 as many duplicates as originals. Runs that differ in their seed alone show how much is chance.";

/** Size of a report in a line: runs, data, backends, seeds. */
export function factsOf(studies: ReportContent["studies"]): string {
  const sets = studies.flatMap(({ sets }) => sets);
  const cells = sets.flatMap(({ cells }) => cells);
  const each = (names: string[]) => [...new Set(names)].join(", ");
  const seeds = new Set(sets.flatMap(({ study }) => study.seeds)).size;
  return [
    ...(studies.length === 1 ? [] : [`${studies.length} studies`]),
    `${cells.length} training ${cells.length === 1 ? "run" : "runs"}`,
    each(sets.map(({ dataset }) => dataset.name)),
    each(cells.map(({ config }) => config.backend)),
    `${seeds} ${seeds === 1 ? "seed" : "seeds"}`,
  ].join(" · ");
}

const MOST_FAILURES = 5;

/** What makes a report less than it seems, a line each. */
export function reliabilityOf(
  { studies, analysis }: ReportContent,
): string[] {
  const sets = studies.flatMap(({ sets }) => sets);
  const parts = sets.flatMap(({ study, shard }) =>
    shard === undefined ? [] : [
      `${study.name}: part ${shard.index} of ${shard.count} of the study only`,
    ]
  );
  const failures = sets.flatMap(({ study, cells }) =>
    cells.flatMap((cell) =>
      cell.status === "failed"
        ? [`${study.name}, cell ${cell.id}: ${firstLine(cell.error)}`]
        : []
    )
  );
  const rest = failures.length - MOST_FAILURES;
  return [
    ...parts,
    ...analysis.doubts,
    ...failures.slice(0, MOST_FAILURES),
    ...(rest > 0 ? [`${rest} more cells failed`] : []),
  ];
}

function firstLine(text: string): string {
  const line = text.trim().split("\n")[0]!;
  return line.length > 200 ? `${line.slice(0, 200)}…` : line;
}

/** The command that repeats a result set. */
export function repeatCommand(
  { command }: Pick<Provenance, "command">,
): string {
  return ["deno", "task", ...command].map(quoteWord).join(" ");
}

/** A word of a command line, in quotes where a shell would split it. */
export function quoteWord(word: string): string {
  return /^[\w./:=,@%+-]+$/.test(word)
    ? word
    : `'${word.replaceAll("'", "'\\''")}'`;
}

/** Commands, digests, data, versions and machines, as names and values. */
export function describeProvenance(
  set: ResultSet,
  path: string | undefined,
): [name: string, value: string][] {
  const { provenance, digest, dataset, cells, study, shard, parts } = set;
  const count = (per: number[]) =>
    per.reduce((sum, rows) => sum + rows, 0).toLocaleString("en");
  const rows: [string, string][] = [
    ["repeat with", repeatCommand(provenance)],
    ...(path === undefined ? [] : [
      [
        "check with",
        `deno task verify ${quoteWord(path)}`,
      ] satisfies [string, string],
    ]),
    ["digest", digest],
    [
      "runs",
      `${cells.length}, ${
        study.seeds.length === 1 ? "seed" : `${study.seeds.length} seeds:`
      } ${study.seeds.join(", ")}${
        shard === undefined ? "" : `; part ${shard.index} of ${shard.count}`
      }`,
    ],
    [
      "data set",
      `${dataset.name}, ${count(dataset.trainPerClass)} training and ${
        count(dataset.testPerClass)
      } test images`,
    ],
    ["data set SHA-256", dataset.sha256],
    ...describeProtocol(set),
    ...describeMachine(provenance),
  ];
  // What was merged says of each part where it ran.
  for (const { shard, digest, provenance } of parts ?? []) {
    const name = shard ? `part ${shard.index} of ${shard.count}` : "part";
    rows.push(
      [name, `${repeatCommand(provenance)}, digest ${digest.slice(0, 16)}`],
      ...describeMachine(provenance).map(([key, value]): [string, string] => [
        `${name}, ${key}`,
        value,
      ]),
    );
  }
  return rows;
}

function describeMachine(p: Provenance): [name: string, value: string][] {
  const list = (record: Record<string, unknown>) =>
    Object.entries(record).map(([name, value]) =>
      `${name} ${typeof value === "string" ? value : JSON.stringify(value)}`
    ).join(", ");
  const { commit, dirty } = p.git ?? { commit: "unknown", dirty: false };
  return [
    ["commit", `${commit}${dirty ? ", with changes" : ""}`],
    ["versions", `dupbench ${p.dupbench}, Deno ${p.deno}, V8 ${p.v8}`],
    ["backend", list(p.backend)],
    [
      "machine",
      `${p.cpu}, ${p.cores} ${
        p.cores === 1 ? "core" : "cores"
      }, ${p.arch}, ${p.os}; ${p.jobs} ${
        p.jobs === 1 ? "run" : "runs"
      } at a time`,
    ],
    ["finished", p.finishedAt],
    ["packages", list(p.packages)],
  ];
}

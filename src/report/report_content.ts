import type { Analysis } from "../analysis/analyse.ts";
import type { Provenance } from "../results/provenance.ts";
import type { CellExamples } from "../sweep/make_examples.ts";
import type { Figure } from "./figures.ts";
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
  /** The command that made the report. */
  command: string;
  /** Version of dupbench. */
  version: string;
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

/** Versions, machine and commit, as pairs of name and value. */
export function describeProvenance(
  { provenance: p, digest, dataset, cells, study }: StudyReport["sets"][number],
): [name: string, value: string][] {
  const count = (per: number[]) => per.reduce((sum, rows) => sum + rows, 0);
  return [
    ["repeat with", repeatCommand(p)],
    ["result set digest", digest],
    [
      "cells",
      `${cells.length}, ${study.seeds.length} seeds (${
        study.seeds.join(", ")
      })`,
    ],
    [
      "data set",
      `${dataset.name}, ${count(dataset.trainPerClass)} training and ${
        count(dataset.testPerClass)
      } test images`,
    ],
    ["data set SHA-256", dataset.sha256],
    [
      "commit",
      p.git === null
        ? "unknown"
        : `${p.git.commit}${p.git.dirty ? ", with changes" : ""}`,
    ],
    ["versions", `dupbench ${p.dupbench}, Deno ${p.deno}, V8 ${p.v8}`],
    [
      "backend",
      Object.entries(p.backend).map(([name, value]) =>
        `${name} ${typeof value === "string" ? value : JSON.stringify(value)}`
      ).join(", "),
    ],
    ["machine", `${p.cpu}, ${p.cores} cores, ${p.arch}, ${p.os}`],
    ["jobs", String(p.jobs)],
    ["finished", p.finishedAt],
    [
      "packages",
      Object.entries(p.packages).map(([name, v]) => `${name} ${v}`).join(", "),
    ],
  ];
}

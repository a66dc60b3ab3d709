import { digestOf } from "../core/digest.ts";
import { largest } from "../core/extremes.ts";
import { UsageError } from "../core/errors.ts";
import { requireSome } from "../core/require_some.ts";
import type { FinishedCell, ResultSet } from "../results/result_set.ts";
import { nameCell } from "../spec/name_cell.ts";
import { nameFiles } from "./_file_names.ts";
import { median } from "./_statistics.ts";
import { compareOutcomes, type Tolerance } from "./compare_outcomes.ts";
import {
  type ComparedCell,
  COMPARISON_SCHEMA,
  type FileConditions,
  type Overall,
  type ResultSetComparison,
} from "./comparison.ts";
import { type Match, matchWork, type Work } from "./match_work.ts";
import { estimateRatio } from "./ratio_estimate.ts";
import { nameEngine } from "../results/engine_of.ts";
import { provenancesOf } from "../results/provenances_of.ts";

/** How to compare result sets. */
export interface CompareSetsOptions {
  /** What counts as equal. */
  tolerance: Tolerance;
  /** Whether sets that share only some cells are compared in those. */
  common: boolean;
}

/**
 * Compares result sets with the first of them, cell by cell. Cells match if
 * their configs, including the seed, are equal apart from the backend.
 *
 * @throws {RangeError} If there is no input, or a number of the tolerance is out of
 * range: `loss` at least 0, `agreement` in `[0, 1]`.
 * @throws {UsageError} If data sets or cells differ, or there are no cells.
 */
export function compareResultSets(
  inputs: readonly { path: string; set: ResultSet }[],
  { tolerance, common }: CompareSetsOptions,
): ResultSetComparison {
  requireSome("inputs", inputs);
  requireTolerance(tolerance);
  const names = nameFiles(inputs.map(({ path }) => path));
  const files = inputs.map(({ path, set }, i) =>
    describeConditions(names[i]!, path, set)
  );
  const first = inputs[0]!.set.dataset;
  for (const { path, set: { dataset, cells } } of inputs) {
    // A gate must not pass because there is nothing to compare.
    if (cells.length === 0) {
      throw new UsageError(`"${path}" must have at least one cell, got 0`);
    }
    if (dataset.sha256 === first.sha256) continue;
    throw new UsageError(
      `"${path}" must have the same images as "${
        inputs[0]!.path
      }", ${first.name} ${first.sha256.slice(0, 16)}; got ${dataset.name} ${
        dataset.sha256.slice(0, 16)
      }`,
    );
  }
  const { matches, leftOut } = matchWork(
    inputs.map(({ set }, i) => ({ file: names[i]!, work: listWork(set) })),
    { common },
  );
  const rows = matches.map((match) => compareCells(match, tolerance));
  return {
    schema: COMPARISON_SCHEMA,
    kind: "result sets",
    files,
    tolerance,
    rows,
    outcomes: names.slice(1).map((file) => countVerdicts(rows, file)),
    overall: names.slice(1).map((file) => estimateOverall(rows, file)),
    leftOut,
    notes: describeLimits(inputs.map(({ set }) => set), { files, rows }),
  };
}

/** Compared with what is no number, every outcome would be different, or none. */
function requireTolerance({ loss, agreement }: Tolerance): void {
  if (!(loss >= 0 && loss < Infinity)) {
    throw new RangeError(`"loss" must be at least 0 and finite, got ${loss}`);
  }
  if (!(agreement >= 0 && agreement <= 1)) {
    throw new RangeError(`"agreement" must be in [0, 1], got ${agreement}`);
  }
}

function listWork({ cells }: ResultSet): Work<FinishedCell>[] {
  return cells.map((cell) => {
    const { backend: _, ...config } = cell.config;
    const key = digestOf(config);
    return {
      key,
      detail: `config ${key.slice(0, 8)}`,
      // The backend may differ.
      label: nameCell(cell.config, { omit: ["backend"] }),
      config,
      result: cell.status === "finished"
        ? { done: cell }
        : { fault: `failed: ${cell.error}` },
    };
  });
}

function compareCells(
  { label, file, reference, compared }: Match<FinishedCell>,
  tolerance: Tolerance,
): ComparedCell {
  const { backend: _, ...config } = reference.config;
  const { accuracies, ...outcome } = compareOutcomes(
    reference,
    compared,
    tolerance,
  );
  const [[a0, ...a], [b0, ...b]] = [
    epochTimes(reference, label),
    epochTimes(compared, label),
  ];
  const hasBoth = a.length > 0 && b.length > 0;
  const pair = { times: b, reference: a };
  return {
    label,
    file,
    referenceMs: hasBoth ? median(a) : null,
    comparedMs: hasBoth ? median(b) : null,
    time: hasBoth ? estimateRatio([pair]) : null,
    config,
    epochsMs: { reference: a, compared: b },
    firstEpoch: { referenceMs: a0, comparedMs: b0, ratio: b0 / a0 },
    outcome,
    accuracies,
  };
}

function estimateOverall(
  rows: readonly ComparedCell[],
  file: string,
): Overall {
  const pairs = rows.flatMap(({ file: of, time, epochsMs }) =>
    of === file && time !== null
      ? [{ times: epochsMs.compared, reference: epochsMs.reference }]
      : []
  );
  return { file, time: pairs.length === 0 ? null : estimateRatio(pairs) };
}

function countVerdicts(rows: readonly ComparedCell[], file: string) {
  const counts = { "bit-equal": 0, "within-tolerance": 0, different: 0 };
  for (const row of rows) {
    if (row.file === file) counts[row.outcome.verdict]++;
  }
  return { file, ...counts };
}

function epochTimes(
  { timing, config, outcome }: FinishedCell,
  label: string,
): [number, ...number[]] {
  // An epoch that diverged was ended early, so its time is that of other work; if it
  // was the first, there is no other.
  const whole = Math.max(1, outcome.epochs.length);
  const times = timing.epochs.slice(0, whole).map(({ totalMs }) => totalMs);
  if (times.length === 0 || times.some((ms) => !(ms > 0))) {
    throw new UsageError(
      `Every epoch of "${label}" on ${config.backend} must take more than 0 ms, got [${times}] ms`,
    );
  }
  return times as [number, ...number[]];
}

function describeConditions(
  file: string,
  path: string,
  set: ResultSet,
): FileConditions {
  // Of a merged set its parts, as no cell ran where it was merged.
  const ran = provenancesOf(set);
  const each = (values: readonly string[]) => [...new Set(values)].join(", ");
  const adapters = ran.flatMap(({ backend }) =>
    readAdapter(backend["adapter"]) ?? []
  );
  const commits = ran.flatMap(({ git }) =>
    git === null ? [] : [`${git.commit.slice(0, 12)}${git.dirty ? "+" : ""}`]
  );
  return {
    file,
    path,
    cpu: each(ran.map(({ cpu }) => cpu)),
    runtime: each(ran.map(nameEngine)),
    backend: set.cells[0]?.config.backend ?? null,
    adapter: adapters.length === 0
      ? null
      : each(adapters.map(({ name }) => name)),
    software: adapters.some(({ software }) => software),
    jobs: largest(ran.map(({ jobs }) => jobs)),
    commit: commits.length === 0 ? null : each(commits),
    digest: set.digest,
  };
}

/** What a file says of its adapter, whatever form that has. */
function readAdapter(
  value: unknown,
): { name: string; software: boolean } | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  const { description, device, software } = value as Record<string, unknown>;
  const names = [description, device].filter((name) =>
    typeof name === "string" && name !== ""
  );
  return { name: String(names[0] ?? "unnamed"), software: software === true };
}

/** What limits how far the times can be compared. */
function describeLimits(
  sets: readonly ResultSet[],
  { files, rows }: {
    files: readonly FileConditions[];
    rows: readonly ComparedCell[];
  },
): string[] {
  const ran = sets.map(provenancesOf);
  const notes = files.filter(({ software }) => software).map(({ file }) =>
    `${file} ran on a software WebGPU adapter: its times say nothing about a GPU`
  );
  const engines = [...new Set(ran.flat().map(nameEngine))];
  if (engines.length > 1) {
    notes.push(
      `the files ran on different engines (${
        engines.join(", ")
      }), which compile the same kernels to different machine code: the ratios of times are also ratios of engines`,
    );
  }
  if (new Set(ran.flat().map(({ jobs }) => jobs)).size > 1) {
    notes.push(
      "the files ran different numbers of cells at a time (jobs), and cells that run at the same time slow each other down",
    );
  }
  if (rows.some(({ time }) => time === null)) {
    notes.push(
      "cells with one epoch have no time ratio: the first epoch compiles code and is not compared",
    );
  } else if (rows.some(({ time }) => time!.interval === null)) {
    notes.push(
      "cells with fewer than five epochs have no interval: the first epoch is not compared, and three times against three give no 95 % interval",
    );
  }
  return notes;
}

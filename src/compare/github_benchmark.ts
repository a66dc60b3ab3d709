import { largest, smallest } from "../core/extremes.ts";
import type { ComparedBench, ComparedCell, Comparison } from "./comparison.ts";

/** A value as benchmark-action/github-action-benchmark takes it. */
export interface GithubBenchmark {
  /** What is measured; values of different commits are matched by it. */
  name: string;
  /** Unit of the value. */
  unit: string;
  /** The value. */
  value: number;
  /** Its spread, in words. */
  range?: string;
  /** Further details, shown on hovering. */
  extra?: string;
}

/** The two files of github-action-benchmark, one per direction. */
export interface GithubBenchmarks {
  /** For its tool `customSmallerIsBetter`. */
  times: GithubBenchmark[];
  /** For its tool `customBiggerIsBetter`; empty for bench files. */
  accuracies: GithubBenchmark[];
}

/**
 * Lists every time and accuracy of every compared file for
 * github-action-benchmark (as of its commit c38cce9), which refuses an empty list:
 * do not write one that is empty. Each name ends with the name of its file, so
 * file names must stay the same from commit to commit.
 */
export function toGithubBenchmarks(comparison: Comparison): GithubBenchmarks {
  const first = comparison.files[0]!.file;
  const times = new Map<string, GithubBenchmark>();
  const accuracies = new Map<string, GithubBenchmark>();
  // The first file is in a row with each other file, and is listed once.
  const add = (to: typeof times, entries: GithubBenchmark[]) =>
    entries.forEach((entry) => to.set(entry.name, entry));
  if (comparison.kind === "result sets") {
    for (const row of comparison.rows) {
      add(times, [
        epochEntry(row, "reference", first),
        epochEntry(row, "compared", row.file),
      ]);
      add(accuracies, accuracyEntries(row, "reference", first));
      add(accuracies, accuracyEntries(row, "compared", row.file));
    }
  } else {
    for (const row of comparison.rows) {
      add(times, [
        benchEntry(row, "reference", first),
        benchEntry(row, "compared", row.file),
      ]);
    }
  }
  return {
    times: [...times.values()],
    accuracies: [...accuracies.values()],
  };
}

type Side = "reference" | "compared";

function epochEntry(
  row: ComparedCell,
  side: Side,
  file: string,
): GithubBenchmark {
  const median = row[`${side}Ms`];
  const unit = "ms";
  if (median === null) {
    return {
      name: `${row.label}: first epoch [${file}]`,
      unit,
      value: row.firstEpoch[`${side}Ms`],
    };
  }
  const epochs = row.epochsMs[side];
  return {
    name: `${row.label}: epoch [${file}]`,
    unit,
    value: median,
    range: `${smallest(epochs).toFixed(1)} to ${largest(epochs).toFixed(1)}`,
    extra: `median of ${epochs.length} epochs after the first`,
  };
}

function accuracyEntries(
  { label, accuracies }: ComparedCell,
  side: Side,
  file: string,
): GithubBenchmark[] {
  return accuracies.map((score) => ({
    name: `${label}: accuracy, ${score.evaluation} [${file}]`,
    unit: "fraction",
    value: score[side] / score.rows,
    extra: `${score[side]} of ${score.rows} test images`,
  }));
}

function benchEntry(
  row: ComparedBench,
  side: Side,
  file: string,
): GithubBenchmark {
  const { n, min, max, avg, p75, p99 } = row[side];
  const ms = (ns: number) => (ns / 1e6).toPrecision(4);
  return {
    name: `${row.label} [${file}]`,
    unit: "ms",
    value: avg / 1e6,
    range: `${ms(min)} to ${ms(max)}`,
    extra: `p75 ${ms(p75)}, p99 ${ms(p99)}, average of ${n} calls`,
  };
}

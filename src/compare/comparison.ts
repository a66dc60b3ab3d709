import type { CellConfig } from "../spec/cell_config.ts";
import type {
  AccuracyDifference,
  OutcomeComparison,
  Tolerance,
  Verdict,
} from "./compare_outcomes.ts";
import type { BenchStats } from "./deno_bench.ts";
import type { LeftOut } from "./match_work.ts";
import type { RatioEstimate } from "./ratio_estimate.ts";

/** Identity of the comparison format; the number grows when it changes. */
export const COMPARISON_SCHEMA = "dupbench/comparison/2";

/** The conditions under which the times of a file were taken. */
export interface FileConditions {
  /** Name of the file, without directory and `.json` where that is unambiguous. */
  file: string;
  /** Path as given. */
  path: string;
  /** Processor. */
  cpu: string;
  /** The engine and its version, such as `Deno 2.9.6`. */
  runtime: string;
  /** TensorFlow.js backend; `null` in bench files, whose benches name it. */
  backend: string | null;
  /** WebGPU adapter; `null` on other backends. */
  adapter: string | null;
  /** Whether that adapter computes on the CPU. */
  software: boolean;
  /** Cells run at a time; `null` in bench files. */
  jobs: number | null;
  /** Commit, with `+` where the checkout had changes; `null` if unknown. */
  commit: string | null;
  /** Digest of the result set; `null` in bench files. */
  digest: string | null;
}

/** The common fields of the rows of a comparison. */
export interface ComparedTime {
  /** The work in words; unique among the work of a file. */
  label: string;
  /** The file that is compared with the first. */
  file: string;
  /** Time in the first file, in milliseconds; `null` if it has none. */
  referenceMs: number | null;
  /** Time in the other file, in milliseconds; `null` if it has none. */
  comparedMs: number | null;
  /** Time in the other file over that in the first; `null` if there is none. */
  time: RatioEstimate | null;
}

/**
 * A cell in two result sets. Its times are medians of the epochs after the first,
 * in which shaders and WebAssembly are compiled.
 */
export interface ComparedCell extends ComparedTime {
  /** Its config, apart from the backend, which may differ. */
  config: Omit<CellConfig, "backend">;
  /** Times of the epochs after the first, in milliseconds, in order. */
  epochsMs: { reference: number[]; compared: number[] };
  /** The first epoch. */
  firstEpoch: { referenceMs: number; comparedMs: number; ratio: number };
  /** Whether the outcomes are equal. */
  outcome: OutcomeComparison;
  /** Accuracies, clean first; none where a run diverged. */
  accuracies: AccuracyDifference[];
}

/**
 * A bench in two files. Its times are Deno's averages; its ratio is the median of
 * the ratios of average, minimum and p75: Deno keeps no samples, and a single
 * outlier moves only one of the three far.
 */
export interface ComparedBench extends ComparedTime {
  /** Group; `null` without one. */
  group: string | null;
  /** Name within the group. */
  name: string;
  /** Ratio by statistic. */
  ratios: { avg: number; min: number; p75: number };
  /** Times in the first file. */
  reference: BenchStats;
  /** Times in the other file. */
  compared: BenchStats;
}

/**
 * Ratio of the times of all work together: for result sets the one ratio that
 * fits all cells best, for bench files the geometric mean of the ratios, without
 * an interval.
 */
export interface Overall {
  /** The file that is compared with the first. */
  file: string;
  /** The ratio; `null` if there is nothing to compare. */
  time: RatioEstimate | null;
}

/** What comparisons of both kinds have in common. */
export interface ComparisonOf<Kind extends string, Row> {
  /** Identity of the format. */
  schema: typeof COMPARISON_SCHEMA;
  /** What was compared. */
  kind: Kind;
  /** The files; all others are compared with the first. */
  files: FileConditions[];
  /** One row per piece of work and file other than the first. */
  rows: Row[];
  /** One entry per file other than the first. */
  overall: Overall[];
  /** Work that only some files have. */
  leftOut: LeftOut[];
  /** What limits how far the times can be compared. */
  notes: string[];
}

/** Result sets compared with the first of them. */
export interface ResultSetComparison
  extends ComparisonOf<"result sets", ComparedCell> {
  /** What counts as equal. */
  tolerance: Tolerance;
  /** Numbers of cells by verdict, for each file other than the first. */
  outcomes: (Record<Verdict, number> & { file: string })[];
}

/** Saved outputs of `deno bench` compared with the first of them. */
export type BenchComparison = ComparisonOf<"deno bench files", ComparedBench>;

/** A comparison of files of one kind. */
export type Comparison = ResultSetComparison | BenchComparison;

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
export const COMPARISON_SCHEMA = "dupbench/comparison/1";

/** Under what conditions the times of a file were taken. */
export interface FileConditions {
  /** Name of the file, without folder and `.json` where that is unambiguous. */
  file: string;
  /** Path as given. */
  path: string;
  /** Processor. */
  cpu: string;
  /** Runtime, such as `Deno 2.9.6`. */
  runtime: string;
  /** TensorFlow.js backend; `null` in bench files, where names have it. */
  backend: string | null;
  /** WebGPU adapter; `null` on other backends. */
  adapter: string | null;
  /** Whether that adapter computes on the CPU. */
  software: boolean;
  /** Cells run at a time; `null` in bench files. */
  jobs: number | null;
  /** Commit, with `+` where the checkout had changes; `null` if not known. */
  commit: string | null;
  /** Digest of the result set; `null` in bench files. */
  digest: string | null;
}

/** What every line of a comparison has. */
export interface ComparedTime {
  /** The work in words. */
  label: string;
  /** The file that is compared with the first. */
  file: string;
  /** Time in the first file, in milliseconds; `null` if it has none. */
  referenceMs: number | null;
  /** Time in the other. */
  comparedMs: number | null;
  /** How many times as long it took; `null` if there is nothing to compare. */
  time: RatioEstimate | null;
}

/**
 * A cell in two result sets. Its times are medians of the epochs behind the
 * first, in which shaders and WebAssembly are compiled.
 */
export interface ComparedCell extends ComparedTime {
  /** Its config, apart from the backend, which may differ. */
  config: Omit<CellConfig, "backend">;
  /** Times of the epochs behind the first, in milliseconds, in order. */
  epochsMs: { reference: number[]; compared: number[] };
  /** The first epoch. */
  firstEpoch: { referenceMs: number; comparedMs: number; ratio: number };
  /** Whether the outcomes are the same. */
  outcome: OutcomeComparison;
  /** Accuracies, clean first; none where a run diverged. */
  accuracies: AccuracyDifference[];
}

/**
 * A bench in two files. Its times are Deno's averages; its ratio is the middle
 * one of three, those of the average, the minimum and p75: Deno keeps no
 * samples, and one disturbed or one lucky call moves only one of the three far.
 */
export interface ComparedBench extends ComparedTime {
  /** Group; `null` without one. */
  group: string | null;
  /** Name within the group. */
  name: string;
  /** Ratio by statistic. */
  ratios: { avg: number; min: number; p75: number };
  /** What the first file says. */
  reference: BenchStats;
  /** What the other says. */
  compared: BenchStats;
}

/**
 * How many times as long all took together: of result sets the one ratio that
 * fits every cell best, of bench files the geometric mean of the ratios, without
 * interval.
 */
export interface Overall {
  /** The file that is compared with the first. */
  file: string;
  /** The ratio; `null` if there is nothing to compare. */
  time: RatioEstimate | null;
}

/** What comparisons of both kinds have. */
export interface ComparisonOf<Kind extends string, Row> {
  /** Identity of the format. */
  schema: typeof COMPARISON_SCHEMA;
  /** What was compared. */
  kind: Kind;
  /** The files; all others are compared with the first. */
  files: FileConditions[];
  /** One line for each piece of work and each file but the first. */
  rows: Row[];
  /** One entry for each file but the first. */
  overall: Overall[];
  /** Work that only some files have. */
  leftOut: LeftOut[];
  /** What a reader of the times must know. */
  notes: string[];
}

/** Result sets compared with the first of them. */
export interface ResultSetComparison
  extends ComparisonOf<"result sets", ComparedCell> {
  /** What counts as equal. */
  tolerance: Tolerance;
  /** Cells by verdict on their outcomes, for each file but the first. */
  outcomes: (Record<Verdict, number> & { file: string })[];
}

/** Saved outputs of `deno bench` compared with the first of them. */
export type BenchComparison = ComparisonOf<"deno bench files", ComparedBench>;

/** A comparison of files of one kind. */
export type Comparison = ResultSetComparison | BenchComparison;

import type { Command } from "./command.ts";

/** A command as the list of all has it; the rest is loaded when it is called. */
export interface CommandEntry {
  /** What a user types. */
  readonly name: string;
  /** One line for the list of commands. */
  readonly summary: string;
  /** Loads its options and its body. */
  load(): Promise<Command>;
}

/**
 * All commands, in the order of the help text. Nothing here may load zod or
 * TensorFlow.js: `--help` and `--version` are to answer at once.
 */
export const commands: readonly CommandEntry[] = [
  {
    name: "sweep",
    summary: "Train, attack and record every cell of a study",
    load: async () => (await import("./sweep.ts")).sweepCommand,
  },
  {
    name: "studies",
    summary: "List the studies that ship with dupbench",
    load: async () => (await import("./studies.ts")).studiesCommand,
  },
  {
    name: "verify",
    summary: "Check result sets, and run some of their cells again",
    load: async () => (await import("./verify.ts")).verifyCommand,
  },
  {
    name: "merge",
    summary: "Join the shards of a study",
    load: async () => (await import("./merge.ts")).mergeCommand,
  },
  {
    name: "compare",
    summary: "Compare result sets, or saved outputs of deno bench --json",
    load: async () => (await import("./compare.ts")).compareCommand,
  },
  {
    name: "analyse",
    summary: "Test the paper's claims on result sets",
    load: async () => (await import("./analyse.ts")).analyseCommand,
  },
  {
    name: "export",
    summary: "Write a result set as RO-Crate, Croissant, CSV or Parquet",
    load: async () => (await import("./export.ts")).exportCommand,
  },
  {
    name: "report",
    summary: "Make a page of figures, tables and verdicts from result sets",
    load: async () => (await import("./report.ts")).reportCommand,
  },
  {
    name: "page",
    summary: "Make a page on which readers run recorded cells again",
    load: async () => (await import("./page.ts")).pageCommand,
  },
  {
    name: "gaussian",
    summary: "Run the paper's toy experiment: two Gaussian classes",
    load: async () => (await import("./gaussian.ts")).gaussianCommand,
  },
  {
    name: "backends",
    summary: "Print the backends of this machine, and what auto chooses",
    load: async () => (await import("./backends.ts")).backendsCommand,
  },
  {
    name: "data",
    summary: "Load and check a data set; print its counts and digest",
    load: async () => (await import("./data.ts")).dataCommand,
  },
  {
    name: "duplicates",
    summary: "List exact and near duplicates within and across the splits",
    load: async () => (await import("./duplicates.ts")).duplicatesCommand,
  },
  {
    name: "study",
    summary: "Measure the effect of the duplicates in your own images",
    load: async () => (await import("./study.ts")).studyCommand,
  },
  {
    name: "step-time",
    summary: "Time a training step or a PGD attack on one batch",
    load: async () => (await import("./step_time.ts")).stepTimeCommand,
  },
  {
    name: "completions",
    summary: "Print a script for shell completion",
    load: async () => (await import("./completions.ts")).completionsCommand,
  },
];

import { rm } from "node:fs/promises";
import { z } from "zod";
import { compareBenches } from "../compare/compare_benches.ts";
import { defaultTolerance } from "../compare/compare_outcomes.ts";
import { compareResultSets } from "../compare/compare_result_sets.ts";
import type { Comparison } from "../compare/comparison.ts";
import { formatComparison } from "../compare/format_comparison.ts";
import { formatCsv } from "../compare/format_csv.ts";
import { formatMarkdown } from "../compare/format_markdown.ts";
import { toGithubBenchmarks } from "../compare/github_benchmark.ts";
import { type Judgement, judgeTimes } from "../compare/judge_times.ts";
import { type Comparable, readComparable } from "../compare/read_comparable.ts";
import { toComparison } from "../compare/read_comparison.ts";
import { UsageError } from "../core/errors.ts";
import { parseJson } from "../core/read_json.ts";
import { writeFileAtomically } from "../results/write_file.ts";
import { defineCommand } from "./command.ts";
import { files, folderPath } from "./path_option.ts";
import { requireOwnFiles } from "./require_own_files.ts";
import { readSetBytes } from "./read_sets.ts";

const options = z.strictObject({
  files: files({ least: 2, usage: "compare FIRST.json OTHER.json…" }),
  out: folderPath().default("results/comparison").describe(
    "Folder for comparison.json, .md and .csv, and for github-times.json and github-accuracies.json",
  ),
  failAbove: z.number().gt(0).optional().describe(
    "Largest ratio of times that passes, such as 1.10; larger ones give exit code 1",
  ),
  lossTolerance: z.number().min(0).default(defaultTolerance.loss).describe(
    "Relative difference of losses that counts as equal",
  ),
  agreement: z.number().min(0).max(1).default(defaultTolerance.agreement)
    .describe(
      "Share of test images, correct in both or wrong in both, that counts as equal",
    ),
  common: z.boolean().default(false).describe(
    "Compare what each file has in common with the first and list the rest, instead of refusing files that differ",
  ),
});

/** `compare A.json B.json …`: times and outcomes of several files. */
export const compareCommand = defineCommand({
  examples: ["wasm.json webgpu.json", "base.json new.json --fail-above 1.10"],
  usage: "FIRST.json OTHER.json… [options]",
  options,
  operands: "files",
  help: `Every file is compared with the first; all are of one kind.

Result sets: ratios of times per epoch, without the first epoch, with a 95 %
interval from the spread of the epochs; accuracies cell by cell (same config and
seed, any backend); whether outcomes are bit-equal, within the tolerance or
different. Bench files: the median of the ratios of average, minimum and p75.

The gate fails if the interval of a cell, or of all cells together, lies above
the limit, so that the slowdown exceeds the noise of the epochs. Without an
interval (fewer than five epochs) the ratio alone decides; a bench fails if all
three ratios are above the limit. No interval covers changes between runs, such
as other load: compare runs of one machine with --jobs 1, and choose a limit that
leaves room for the difference between two runs of the same code.

The files replace those of an earlier comparison in the folder, and no others.

Exit codes: 0 compared, and no ratio is above --fail-above; 1 a ratio is above it;
2 wrong usage, an unusable file, or different work (nothing is written).`,
  async run(
    { files, out, failAbove, lossTolerance, agreement, common },
    io,
  ) {
    const tolerance = { loss: lossTolerance, agreement };
    const inputs = await Promise.all(
      // Paths are shown as they were given: an absolute path would publish the
      // folders above a relative one.
      files.map((path) =>
        readComparable(path, (path) => readSetBytes(path, io))
      ),
    );
    const comparison = compareAll(inputs, { tolerance, common });
    const judgement = failAbove === undefined
      ? undefined
      : judgeTimes(comparison, failAbove);
    const markdown = formatMarkdown(comparison, judgement);
    await writeAll(io.path(out), comparison, { markdown, judgement });
    io.print(`${markdown}\nwrote ${out}`);
    return judgement !== undefined && judgement.slower.length > 0 ? 1 : 0;
  },
});

function compareAll(
  inputs: readonly Comparable[],
  options: Parameters<typeof compareResultSets>[1],
): Comparison {
  const [first] = inputs as [Comparable];
  const odd = inputs.find(({ kind }) => kind !== first.kind);
  if (odd !== undefined) {
    throw new UsageError(
      `"${odd.path}" must be a ${first.kind}, like "${first.path}", got a ${odd.kind}`,
    );
  }
  return first.kind === "result set"
    ? compareResultSets(
      inputs.filter((input) => input.kind === "result set"),
      options,
    )
    : compareBenches(
      inputs.filter((input) => input.kind === "deno bench file"),
      options,
    );
}

/** The file that marks a folder as that of a comparison. */
const FIRST = "comparison.json";

/** A file next to it. */
interface Companion {
  readonly name: string;
  /** How it begins. */
  readonly mark: RegExp;
  /** Its text; `null`: nothing may be there. */
  readonly text: string | null;
}

/** The files next to `comparison.json`. */
function companionsOf(comparison: Comparison, markdown: string): Companion[] {
  const { times, accuracies } = toGithubBenchmarks(comparison);
  // An empty list is an error to github-action-benchmark, and the list of an
  // earlier comparison would pass for one of this.
  const listOf = (benchmarks: readonly unknown[]) =>
    benchmarks.length === 0 ? null : json(benchmarks);
  return [
    {
      name: "comparison.md",
      mark: /^# Comparison with .*\n\n\| file +\| backend +\|/,
      text: markdown,
    },
    {
      name: "comparison.csv",
      // Without common work it has no columns.
      mark: /^(work,reference,compared,referenceMs,comparedMs,|\r\n$)/,
      text: formatCsv(comparison),
    },
    // Others may keep lists of the same form: these name the file, in brackets.
    {
      name: "github-times.json",
      mark: /^\[\s*\{\s*"name": ".* \[.*\]",\s*"unit": "ms",/,
      text: listOf(times),
    },
    {
      name: "github-accuracies.json",
      mark:
        /^\[\s*\{\s*"name": ".*: accuracy, .* \[.*\]",\s*"unit": "fraction",/,
      text: listOf(accuracies),
    },
  ];
}

const json = (value: unknown) => JSON.stringify(value, null, 2) + "\n";

async function writeAll(
  folder: string,
  comparison: Comparison,
  { markdown, judgement }: {
    markdown: string;
    judgement: Judgement | undefined;
  },
): Promise<void> {
  const first = formatComparison(comparison, judgement);
  const companions = companionsOf(comparison, markdown);
  await requireOwnFiles({
    first: `${folder}/${FIRST}`,
    others: companions.map(({ name, mark }) => ({
      path: `${folder}/${name}`,
      is: (bytes) => mark.test(new TextDecoder().decode(bytes)),
    })),
    what: "a comparison",
    check: (bytes) => void toComparison(parseJson(bytes)),
  });
  await writeFileAtomically(`${folder}/${FIRST}`, first);
  for (const { name, text } of companions) {
    const path = `${folder}/${name}`;
    if (text === null) await rm(path).catch(() => {});
    else await writeFileAtomically(path, text);
  }
}

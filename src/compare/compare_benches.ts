import { requireSome } from "../core/require_some.ts";
import { nameFiles } from "./_file_names.ts";
import { geometricMean, median } from "./_statistics.ts";
import {
  type BenchComparison,
  type ComparedBench,
  COMPARISON_SCHEMA,
} from "./comparison.ts";
import type { BenchStats, DenoBench } from "./deno_bench.ts";
import { type Match, matchWork, type Work } from "./match_work.ts";

/**
 * Compares saved outputs of `deno bench` with the first of them. Benches match
 * by group and name, which must therefore say everything that decides the work;
 * the path of the source may differ.
 *
 * @param options `common`: whether files that share only some benches are
 * compared in those.
 * @throws {RangeError} If there is no input.
 * @throws {UsageError} If the files have different benches, or one failed.
 */
export function compareBenches(
  inputs: readonly { path: string; bench: DenoBench }[],
  { common }: { common: boolean },
): BenchComparison {
  requireSome("inputs", inputs);
  const names = nameFiles(inputs.map(({ path }) => path));
  const { matches, leftOut } = matchWork(
    inputs.map(({ bench }, i) => ({ file: names[i]!, work: listWork(bench) })),
    { common },
  );
  const rows = matches.map(compareBench);
  return {
    schema: COMPARISON_SCHEMA,
    kind: "deno bench files",
    files: inputs.map(({ path, bench }, i) => ({
      file: names[i]!,
      path,
      cpu: bench.cpu,
      runtime: bench.runtime.replace("/", " "),
      backend: null,
      adapter: null,
      software: false,
      jobs: null,
      commit: null,
      digest: null,
    })),
    rows,
    overall: names.slice(1).map((file) => {
      const ratios = rows.flatMap((row) =>
        row.file === file ? [row.time!.ratio] : []
      );
      return { file, time: { ratio: geometricMean(ratios), interval: null } };
    }),
    leftOut,
    notes: [],
  };
}

interface BenchDone {
  group: string | null;
  name: string;
  stats: BenchStats;
}

function listWork({ benches }: DenoBench): Work<BenchDone>[] {
  return benches.flatMap(({ group, name, results }) =>
    results.map((result) => ({
      key: JSON.stringify([group, name]),
      label: group === null ? name : `${group}: ${name}`,
      detail: JSON.stringify([group, name]),
      result: "ok" in result
        ? { done: { group, name, stats: result.ok } }
        : { fault: `failed: ${result.failed.message.split("\n")[0]}` },
    }))
  );
}

function compareBench(
  { label, file, reference, compared }: Match<BenchDone>,
): ComparedBench {
  const { group, name, stats: a } = reference;
  const { stats: b } = compared;
  const ratios = {
    avg: b.avg / a.avg,
    min: b.min / a.min,
    p75: b.p75 / a.p75,
  };
  return {
    label,
    file,
    referenceMs: a.avg / 1e6,
    comparedMs: b.avg / 1e6,
    time: { ratio: median(Object.values(ratios)), interval: null },
    group,
    name,
    ratios,
    reference: a,
    compared: b,
  };
}

import {
  type BenchStats,
  type DenoBench,
  denoBenchSchema,
} from "../../src/compare/deno_bench.ts";

/** One bench of a saved output. */
export type BenchEntry = DenoBench["benches"][number];

/** A bench that succeeded; times in milliseconds. */
export function bench(
  { name = "b", group = "g", n = 3, min = 9, avg = 10, p75 = 11, max = 12 }:
    & { name?: string; group?: string | null }
    & Partial<BenchStats> = {},
): BenchEntry {
  const ns = 1e6;
  const stats = { min: min * ns, avg: avg * ns, p75: p75 * ns, max: max * ns };
  return { group, name, results: [{ ok: { n, ...stats, p99: stats.max } }] };
}

/** A saved output of `deno bench --json`. */
export function benchFile(benches: BenchEntry[]): DenoBench {
  return denoBenchSchema.parse({
    version: 1,
    runtime: "Deno/2.9.6 x86_64-unknown-linux-gnu",
    cpu: "test",
    benches,
  });
}

import { z } from "zod";

export type { BenchStats, DenoBench } from "./deno_bench_types.ts";

const ns = z.number().gt(0);

/**
 * Times of one bench, in nanoseconds; Deno keeps no samples and no median.
 *
 * @internal
 */
export const benchStatsSchema = z.object({
  n: z.int().min(1).describe("Samples"),
  min: ns.describe("Shortest time"),
  max: ns.describe("Longest time"),
  avg: ns.describe("Mean time"),
  p75: ns.describe("Time that 75 % of the samples stay within"),
  p99: ns.describe("Time that 99 % of the samples stay within"),
}).refine(
  // Deno rounds the mean up to whole nanoseconds.
  ({ min, avg, max, p75 }) =>
    min <= avg && avg <= max + 1 && min <= p75 && p75 <= max,
  "must have its average and p75 between min and max",
);

const result = z.union([
  z.object({ ok: benchStatsSchema.describe("Its times") }),
  z.object({
    failed: z.object({ message: z.string().describe("Message of the error") })
      .describe("Why it failed"),
  }),
]);

const bench = z.object({
  group: z.string().nullable().describe("Its group, if it has one"),
  name: z.string().describe("Its name"),
  results: z.array(result).min(1).describe("Its results, one per run"),
});

/**
 * What `deno bench --json` prints, version 1: the fields that are read here.
 * Deno calls the format unstable, so that fields it adds are let pass. Benches
 * that are ignored do not appear.
 *
 * @internal
 */
export const denoBenchSchema = z.object({
  version: z.literal(1).describe("Version of the format"),
  runtime: z.string().describe("Version of Deno and the platform"),
  cpu: z.string().describe("Model of the processor"),
  benches: z.array(bench).min(1).describe("Every bench"),
});

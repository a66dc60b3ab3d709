import { z } from "zod";

export type { BenchStats, DenoBench } from "./deno_bench_types.ts";

const ns = z.number().gt(0);

/**
 * Times of one bench, in nanoseconds; Deno keeps no samples and no median.
 *
 * @internal
 */
export const benchStatsSchema = z.object({
  n: z.int().min(1),
  min: ns,
  max: ns,
  avg: ns,
  p75: ns,
  p99: ns,
}).refine(
  // Deno rounds the mean up to whole nanoseconds.
  ({ min, avg, max, p75 }) =>
    min <= avg && avg <= max + 1 && min <= p75 && p75 <= max,
  "must have its average and p75 between min and max",
);

const result = z.union([
  z.object({ ok: benchStatsSchema }),
  z.object({ failed: z.object({ message: z.string() }) }),
]);

const bench = z.object({
  group: z.string().nullable(),
  name: z.string(),
  results: z.array(result).min(1),
});

/**
 * What `deno bench --json` prints, version 1: the fields that are read here.
 * Deno calls the format unstable, so that fields it adds are let pass. Benches
 * that are ignored do not appear.
 *
 * @internal
 */
export const denoBenchSchema = z.object({
  version: z.literal(1),
  runtime: z.string(),
  cpu: z.string(),
  benches: z.array(bench).min(1),
});

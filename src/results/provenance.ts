import { z } from "zod";

export type { Provenance } from "./result_set_types.ts";

/**
 * Where, with what and how a result set was made; no part of its digest.
 *
 * @internal
 */
export const provenanceSchema = z.strictObject({
  dupbench: z.string().describe("Version of dupbench"),
  deno: z.string(),
  v8: z.string(),
  packages: z.record(z.string(), z.string()).describe("Versions by package"),
  os: z.string(),
  arch: z.string(),
  cpu: z.string(),
  cores: z.int().min(1),
  backend: z.record(z.string(), z.json()).describe(
    "What the backend says of itself: adapter, driver, flags",
  ),
  git: z.strictObject({ commit: z.string(), dirty: z.boolean() }).nullable(),
  command: z.array(z.string()).describe("Arguments of the command line"),
  jobs: z.int().min(1),
  finishedAt: z.iso.datetime(),
});

import { z } from "zod";
import { engineNames } from "../core/runtime/engine.ts";

import type { Provenance } from "./result_set_types.ts";

export type { Provenance };

/** Where, with what and how cells run, before the last of them has ended. */
export type Run = Omit<Provenance, "finishedAt">;

/**
 * Where, with what and how a result set was made; no part of its digest.
 *
 * @internal
 */
export const provenanceSchema = z.strictObject({
  dupbench: z.string().describe("Version of dupbench"),
  engine: z.strictObject({
    name: z.enum(engineNames).describe("Its name"),
    version: z.string().describe("Its version"),
  }).optional().describe(
    "The JavaScript engine; absent in older sets, all of which ran on Deno",
  ),
  deno: z.string().optional().describe(
    "Version of Deno; absent for other engines",
  ),
  v8: z.string().optional().describe(
    "Version of V8; absent for engines without V8",
  ),
  packages: z.record(z.string(), z.string()).describe("Versions by package"),
  os: z.string().describe("Operating system"),
  arch: z.string().describe("Architecture of the processor"),
  cpu: z.string().describe("Model of the processor"),
  cores: z.int().min(1).describe("Logical processors"),
  backend: z.record(z.string(), z.json()).describe(
    "Description of the backend: adapter, driver, flags",
  ),
  git: z.strictObject({
    commit: z.string().describe("Commit that was checked out"),
    dirty: z.boolean().describe("Whether tracked files had been changed"),
  }).nullable().describe(
    "State of the working copy; null outside a repository",
  ),
  command: z.array(z.string()).describe("Arguments of the command line"),
  jobs: z.int().min(1).describe("Cells that ran at the same time"),
  finishedAt: z.iso.datetime().describe("When the last cell ended, in UTC"),
});

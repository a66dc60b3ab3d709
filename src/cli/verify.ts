import { z } from "zod";
import { messageOf, quotation, UsageError } from "../core/errors.ts";
import { parseJson, readText } from "../core/read_json.ts";
import { GAUSSIAN_SCHEMA_ID } from "../gaussian/gaussian_result.ts";
import { readResultSet } from "../results/read_result_set.ts";
import { verifyGaussian } from "../verify/verify_gaussian.ts";
import { verifyResultSet } from "../verify/verify_result_set.ts";
import type { Command } from "./command.ts";
import { validate } from "./flags.ts";
import { showProgress } from "./progress.ts";

const options = z.strictObject({
  files: z.array(z.string()).default([]).describe("Result sets to verify"),
  cells: z.string().regex(/^(all|0|[1-9]\d{0,8})$/, {
    error: 'must be a whole number, or "all"',
  }).default("2").describe("Cells to run again, a number or all"),
  seed: z.int().min(0).optional().describe(
    "Chooses the cells (default: at random, and printed)",
  ),
  tolerance: z.number().min(0).max(1).optional().describe(
    "Share of test images that may differ, and ten times the relative difference of losses; for WebGPU on another adapter (default: bit for bit)",
  ),
  jobs: z.int().min(1).max(256).optional().describe(
    "Cells run at a time, a process each (default: processor cores)",
  ),
  dataDir: z.string().optional().describe(
    "Folder of the data set's files: cifar10, fashion-mnist and folder",
  ),
});

/** Faults printed of one file. */
const PRINTED = 10;

/** `verify FILE…`: checks result sets, and runs some of their cells again. */
export const verifyCommand: Command = {
  name: "verify",
  summary: "Check result sets, and run some of their cells again",
  usage: "FILE.json… [options]",
  options,
  operands: "files",
  help:
    `Checks form, cells, counts and digest, then the data set, then runs cells again on
the recorded backend: every deterministic value must be the same, bit for bit.
Files of the study gaussian are done again as a whole.
Exit codes: 0 all is right; 1 something is not; 2 a mistake in the call or its
files.`,
  async run(flags) {
    const { files, cells, seed: given, tolerance, jobs, dataDir } = validate(
      options,
      flags,
    );
    if (files.length === 0) {
      throw new UsageError(
        "Cannot verify as there must be a result set: current value is no file",
      );
    }
    // Whoever forges a file must not know which cells will be run.
    const seed = given ?? crypto.getRandomValues(new Uint32Array(1))[0]!;
    const isOne = cells !== "all" && cells !== "0";
    let wrong = 0;
    for (const path of files) {
      const gaussian = await readGaussian(path);
      let faults: string[];
      let what: string;
      if (gaussian !== null) {
        try {
          faults = await verifyGaussian(gaussian);
        } catch (error) {
          if (!(error instanceof UsageError)) throw error;
          throw new UsageError(
            `Cannot read "${path}": ${quotation(error.message)}`,
          );
        }
        what = "digest and all runs";
      } else {
        const set = await readResultSet(path);
        const progress = showProgress(Deno.stderr.isTerminal());
        try {
          const done = await verifyResultSet(set, {
            cells: cells === "all" ? "all" : Number(cells),
            seed,
            jobs: jobs ?? navigator.hardwareConcurrency,
            dataDir,
            tolerance,
            listener: progress,
          });
          faults = done.faults;
          what =
            `form, digest, data set and ${done.repeated.length} of ${set.cells.length} cells${
              isOne ? ` (--seed ${seed})` : ""
            }${tolerance === undefined ? "" : `, within ${tolerance}`}`;
        } finally {
          await progress.stop();
        }
      }
      if (faults.length === 0) console.log(`ok     ${path}: ${what}`);
      else {
        wrong++;
        console.log(`wrong  ${path}:`);
        for (const fault of faults.slice(0, PRINTED)) console.log(`  ${fault}`);
        if (faults.length > PRINTED) {
          console.log(`  and ${faults.length - PRINTED} more`);
        }
      }
    }
    return wrong === 0 ? 0 : 1;
  },
};

/** The content of a file of the toy study; of any other file `null`. */
async function readGaussian(path: string): Promise<unknown> {
  let text;
  try {
    text = await readText(path);
  } catch (error) {
    throw new UsageError(`Cannot read "${path}": ${messageOf(error)}`);
  }
  try {
    const value = parseJson(text) as { schema?: unknown } | null;
    return value?.schema === GAUSSIAN_SCHEMA_ID ? value : null;
  } catch {
    return null;
  }
}

import { z } from "zod";
import {
  BackendError,
  messageOf,
  quotation,
  UsageError,
} from "../core/errors.ts";
import { readText } from "../core/read_json.ts";
import { isGaussianFile } from "../gaussian/migrate_gaussian.ts";
import { parseResultJson, toResultSet } from "../results/read_result_set.ts";
import type { ResultSet } from "../results/result_set.ts";
import type { Findings } from "../verify/findings.ts";
import { verifyGaussian } from "../verify/verify_gaussian.ts";
import { verifyResultSet } from "../verify/verify_result_set.ts";
import type { Command } from "./command.ts";
import { validate } from "./flags.ts";
import { showProgress } from "./progress.ts";
import { withInterrupt } from "./with_interrupt.ts";

const options = z.strictObject({
  files: z.array(z.string()).default([]).describe("Result sets to verify"),
  cells: z.string().regex(/^(all|0|[1-9]\d{0,8})$/, {
    error: 'must be a whole number, or "all"',
  }).default("2").describe("Cells to run again, a number or all").meta({
    value: "NUMBER|all",
  }),
  seed: z.int().min(0).optional().describe(
    "Chooses these cells (default: a new one each time, which is printed)",
  ),
  tolerance: z.number().min(0).max(1).optional().describe(
    "For WebGPU cells on another adapter: share of images that may be right in one run and wrong in the other; losses may differ by a tenth of it (default: bit for bit)",
  ),
  jobs: z.int().min(1).max(256).optional().describe(
    "Cells run at a time, a process each (default: processor cores)",
  ),
  dataDir: z.string().optional().describe(
    "Folder of the data set's files: cifar10, fashion-mnist and folder",
  ).meta({ value: "FOLDER" }),
});

type Options = typeof options["_output"];

/** Faults printed of one file. */
const PRINTED = 10;

/** Longest of these, in characters: two hashes and what is wrong with them. */
const LONGEST = 500;

/** `verify FILE…`: checks result sets, and runs some of their cells again. */
export const verifyCommand: Command = {
  name: "verify",
  summary: "Check result sets, and run some of their cells again",
  examples: ["results/quick.json", "results/quick.json --cells all"],
  usage: "FILE.json… [options]",
  options,
  operands: "files",
  help:
    `Checks form, study, cells, counts and digest, then data set and plans, then runs
cells again on the recorded backend: every deterministic value must be the same,
bit for bit. Files of the study gaussian are done again as a whole.
Exit codes: 0 all is right; 1 something is not; 2 a mistake in the call, or a
file, data set or backend that is not to be had; 130 interrupted.`,
  async run(flags) {
    const given = validate(options, flags);
    if (given.files.length === 0) {
      throw new UsageError(
        "Cannot verify as there must be a result set: current value is no file",
      );
    }
    // Whoever forges a file must not know which cells will be run.
    const seed = given.seed ?? crypto.getRandomValues(new Uint32Array(1))[0]!;
    let code = 0;
    for (const path of given.files) {
      try {
        const report = await verifyFile(path, { ...given, seed });
        if (report.interrupted) {
          if (report.faults.length > 0) print(path, report);
          console.error(`Interrupted: ${path}: ${report.what}`);
          return 130;
        }
        print(path, report);
        if (report.faults.length > 0) code = 1;
      } catch (error) {
        // One file that is not to be had keeps no other from being verified.
        if (!(error instanceof UsageError || error instanceof BackendError)) {
          throw error;
        }
        console.error(messageOf(error));
        code ||= 2;
      }
    }
    return code;
  },
};

/** What came of one file. */
interface Report extends Findings {
  /** What was looked at, in a line. */
  what: string;
  interrupted?: boolean;
}

async function verifyFile(
  path: string,
  options: Options & { seed: number },
): Promise<Report> {
  let text: string;
  try {
    text = await readText(path);
  } catch (error) {
    throw new UsageError(`Cannot read "${path}": ${messageOf(error)}`);
  }
  let set: ResultSet;
  try {
    const value = parseResultJson(text);
    if (isGaussianFile(value)) {
      return {
        ...await verifyGaussian(value),
        what: "study, digest, all runs and their summary",
      };
    }
    set = toResultSet(value);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    return {
      faults: [quotation(error.message)],
      notes: [],
      what: "not of the form of a result set",
    };
  }
  return await verifySet(set, options);
}

async function verifySet(
  set: ResultSet,
  { cells, seed, tolerance, jobs, dataDir }: Options & { seed: number },
): Promise<Report> {
  const progress = showProgress(Deno.stderr.isTerminal());
  try {
    const { repeated, identical, ...found } = await withInterrupt((signal) =>
      verifyResultSet(set, {
        cells: cells === "all" ? "all" : Number(cells),
        seed,
        jobs: jobs ?? navigator.hardwareConcurrency,
        dataDir,
        tolerance,
        signal,
        listener: progress,
      })
    );
    const count = repeated.length;
    const equal = identical === count ? "" : `${identical} of these `;
    const drawn = cells === "all" ? "" : ` (--seed ${seed})`;
    const ran = count === 0
      ? "no cell run again"
      : `${count} of ${set.cells.length} cells run again, ${equal}equal bit for bit${drawn}`;
    const isRight = found.faults.length === 0;
    return {
      ...found,
      what: isRight ? `form, study, digest, data set and plans; ${ran}` : ran,
    };
  } finally {
    await progress.stop();
  }
}

function print(path: string, { faults, notes, what }: Report): void {
  const isRight = faults.length === 0;
  console.log(`${isRight ? "ok   " : "wrong"}  ${path}: ${what}`);
  for (const fault of faults.slice(0, PRINTED)) {
    console.log(`  ${quotation(fault, LONGEST)}`);
  }
  if (faults.length > PRINTED) {
    console.log(`  and ${faults.length - PRINTED} more`);
  }
  for (const note of notes.slice(0, PRINTED)) {
    console.log(`  note: ${quotation(note, LONGEST)}`);
  }
  if (notes.length > PRINTED) {
    console.log(`  and ${notes.length - PRINTED} notes more`);
  }
}

import { z } from "zod";
import {
  BackendError,
  messageOf,
  quotation,
  UsageError,
} from "../core/errors.ts";
import { isGaussianFile } from "../gaussian/migrate_gaussian.ts";
import { GAUSSIAN_SCHEMA_ID } from "../gaussian/gaussian_result.ts";
import {
  describeNewerForm,
  describeNewerVersion,
} from "../results/newer_writer.ts";
import { parseResultJson, toResultSet } from "../results/read_result_set.ts";
import { type ResultSet, SCHEMA_ID } from "../results/result_set.ts";
import type { Findings } from "../results/findings.ts";
import { allowLong, longestOf } from "./allow_long.ts";
import { defineCommand } from "./command.ts";
import { type CallIo, showPaths } from "./io.ts";
import { dataPath, files } from "./path_option.ts";
import {
  isAnalysis,
  onlyAnalyses,
  readSetBytes,
  skippedNote,
} from "./read_sets.ts";
import { showProgress } from "./progress.ts";
import { nameFlags } from "./name_flags.ts";
import { withInterrupt } from "./with_interrupt.ts";

const options = z.strictObject({
  files: files({ usage: "verify FILE.json…", web: true }),
  cells: z.string().regex(/^(all|0|[1-9]\d{0,8})$/, {
    error: 'must be a whole number, or "all"',
  }).default("2").describe("Number of cells to run again, or all").meta({
    value: "NUMBER|all",
  }),
  seed: z.int().min(0).optional().describe(
    "Seed that chooses these cells (default: new each time, and printed)",
  ),
  tolerance: z.number().min(0).max(1).optional().describe(
    "For WebGPU cells on another adapter: share of images that may be correct in one run only; losses may differ by a tenth of it (default: bit for bit)",
  ),
  jobs: z.int().min(1).max(256).optional().describe(
    "Cells run at a time, each in a process of its own (default: processor cores)",
  ),
  dataDir: dataPath().optional().describe(
    "Folder or file of the data set; cifar10-mini needs none",
  ),
  allowLong,
});

type Options = z.output<typeof options>;

/** The options of one call, and where it prints. */
type Call = Options & { seed: number; io: CallIo };

/** Faults printed of one file. */
const PRINTED = 10;

/** Longest of these, in characters: two hashes and what is wrong with them. */
const LONGEST = 500;

/** `verify FILE…`: checks result sets, and runs some of their cells again. */
export const verifyCommand = defineCommand({
  examples: ["results/quick.json", "results/quick.json --cells all"],
  usage: "FILE.json|URL… [options]",
  options,
  operands: "files",
  help:
    `The command checks form, study, cells, counts and digest, then data set and plans,
and then runs cells again on the recorded backend: every deterministic value must
be the same, bit for bit. Files of the study gaussian are computed again as a whole.
A result set is read from disk or, given its URL, from the web.
Cells that are estimated to take more than 10 minutes run only with --allow-long.
Exit codes: 0 all files are right; 1 a file is wrong; 2 wrong usage, an
unavailable file, data set or backend, a file that only a newer dupbench reads, or
a cell that could not run here; 130 interrupted.`,
  async run(given, io) {
    // Whoever forges a file must not know which cells will be run.
    const seed = given.seed ?? io.drawSeed();
    let code = 0;
    const analyses: string[] = [];
    for (const path of given.files) {
      try {
        const report = await verifyFile(path, { ...given, seed, io });
        if (report === null) {
          analyses.push(path);
          continue;
        }
        if (report.interrupted) {
          if (report.faults.length > 0) print(path, report, io);
          io.note(`Interrupted: ${path}: ${report.what}`);
          return 130;
        }
        const { faults, notRun = [] } = report;
        if (faults.length > 0 || notRun.length === 0) print(path, report, io);
        if (faults.length > 0) code = 1;
        else if (notRun.length > 0) {
          io.note(
            `Could not verify "${path}": ${
              quotation(notRun[0]!, LONGEST)
            }; nothing else was found wrong`,
          );
          code ||= 2;
        }
      } catch (error) {
        // The other files are verified even if this one is unavailable.
        if (!(error instanceof UsageError || error instanceof BackendError)) {
          throw error;
        }
        const text = await nameFlags(error, Object.keys(options.shape));
        io.note(showPaths(text, io));
        code ||= 2;
      }
    }
    if (analyses.length === given.files.length) throw onlyAnalyses(analyses);
    for (const path of analyses) io.note(skippedNote(path));
    return code;
  },
});

/** What came of one file. */
interface Report extends Findings {
  /** What was looked at, in a line. */
  what: string;
  interrupted?: boolean;
  /** Cells that could not run here. */
  notRun?: readonly string[];
}

async function verifyFile(
  path: string,
  options: Call,
): Promise<Report | null> {
  const { io } = options;
  let bytes: Uint8Array;
  try {
    bytes = await readSetBytes(path, io);
  } catch (error) {
    throw new UsageError(`Cannot read "${path}": ${messageOf(error)}`);
  }
  let set: ResultSet;
  let value: unknown;
  try {
    value = parseResultJson(bytes);
    if (isAnalysis(value)) return null;
    if (isGaussianFile(value)) {
      return {
        ...await (await import("../verify/verify_gaussian.ts"))
          .verifyGaussian(value, {
            longest: longestOf(options),
            onEstimate: io.note,
          }),
        what: "study, digest, all runs and their summary",
      };
    }
    set = toResultSet(value);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    if (error.fields.length > 0) throw error;
    // Such a file may well be right: nothing here can tell.
    const newer = describeNewerForm(value, SCHEMA_ID) ??
      describeNewerForm(value, GAUSSIAN_SCHEMA_ID) ??
      (describeNewerVersion(value) && error.message);
    if (newer !== undefined) {
      throw new UsageError(`Cannot verify "${path}": ${newer}`);
    }
    return {
      faults: [quotation(error.message)],
      notes: [],
      what: "not in the form of a result set",
    };
  }
  return await verifySet(set, options);
}

async function verifySet(
  set: ResultSet,
  { cells, seed, tolerance, jobs, dataDir, allowLong, io }: Call,
): Promise<Report> {
  const { verifyResultSet } = await import("../verify/verify_result_set.ts");
  const progress = showProgress(io);
  try {
    const { repeated, identical, ...found } = await withInterrupt(
      io,
      progress,
      ({ signal, listener }) =>
        verifyResultSet(set, {
          cells: cells === "all" ? "all" : Number(cells),
          seed,
          jobs: jobs ?? io.cores,
          dataDir: dataDir && io.path(dataDir),
          tolerance,
          longest: longestOf({ allowLong }),
          onEstimate: io.note,
          onCompared: (id, { fault, note }) =>
            progress.tell(
              `cell ${id}: ${
                fault !== undefined
                  ? "differs"
                  : note !== undefined
                  ? "within the tolerance"
                  : "equal bit for bit"
              }`,
            ),
          signal,
          listener,
        }),
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

function print(
  path: string,
  { faults, notes, what }: Report,
  io: CallIo,
): void {
  const isRight = faults.length === 0;
  io.print(`${isRight ? "ok   " : "wrong"}  ${path}: ${what}`);
  for (const fault of faults.slice(0, PRINTED)) {
    io.print(`  ${quotation(fault, LONGEST)}`);
  }
  if (faults.length > PRINTED) {
    io.print(`  and ${faults.length - PRINTED} more`);
  }
  for (const note of notes.slice(0, PRINTED)) {
    io.print(`  note: ${quotation(note, LONGEST)}`);
  }
  if (notes.length > PRINTED) {
    io.print(`  and ${notes.length - PRINTED} notes more`);
  }
}

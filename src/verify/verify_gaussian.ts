import { z } from "zod";
import { UsageError } from "../core/errors.ts";
import { firstDifference } from "../core/first_difference.ts";
import {
  gaussianResultSchema,
  joinGaussianResult,
} from "../gaussian/gaussian_result.ts";
import {
  type GaussianStudy,
  gaussianStudySchema,
} from "../gaussian/gaussian_study.ts";
import { runGaussian } from "../gaussian/run_gaussian.ts";
import { summariseGaussian } from "../gaussian/summarise_gaussian.ts";
import { contentName } from "../spec/content_name.ts";
import type { Findings } from "./findings.ts";

const fileSchema = z.object({
  ...gaussianResultSchema.shape,
  summary: z.looseObject({ margin: z.number().gt(0) }).optional(),
});

/**
 * Verifies a file of the toy study: the name of its study, its digest, then all
 * of its runs, done again, and the summary that these give.
 *
 * @throws {UsageError} If the value is not of that form.
 */
export async function verifyGaussian(value: unknown): Promise<Findings> {
  const parsed = fileSchema.safeParse(value);
  if (!parsed.success) {
    const { path, message } = parsed.error.issues[0]!;
    throw new UsageError(`"${path.join(".")}": ${message}`);
  }
  const { study, runs, digest, summary } = parsed.data;
  const { faults, notes } = checkName(study);
  const expected = joinGaussianResult(study, runs).digest;
  if (digest !== expected) {
    faults.push(
      `digest: expected ${expected} of the content, got ${digest} in the file: study or a run was edited`,
    );
  }
  if (faults.length > 0) return { faults, notes };
  const again = await runGaussian(study);
  const run = firstDifference(runs, again.runs);
  if (run !== null) {
    faults.push(
      `run ${run.field}: expected ${run.expected} as recorded, got ${run.got} when run again`,
    );
  } else if (summary !== undefined) {
    const found = firstDifference(
      summary,
      summariseGaussian(again, summary.margin),
    );
    if (found !== null) {
      faults.push(
        `summary.${found.field}: expected ${found.got} of the runs, got ${found.expected} in the file`,
      );
    }
  }
  return { faults, notes };
}

function checkName(study: GaussianStudy): Findings {
  const shipped = gaussianStudySchema.parse({});
  if (study.name === shipped.name) {
    // The file names no version, and another may ship another study.
    const found = firstDifference(shipped, study);
    return {
      faults: [],
      notes: found === null ? [] : [
        `study.${found.field}: expected ${found.expected} of the study "${study.name}" that ships with this dupbench, got ${found.got} in the file`,
      ],
    };
  }
  const expected = contentName(shipped.name, study);
  const isFlagged = /^gaussian-[0-9a-f]{8}$/.test(study.name);
  return {
    faults: !isFlagged || study.name === expected ? [] : [
      `study.name: expected "${expected}", by the hash of the study, got "${study.name}" in the file: the study was edited`,
    ],
    notes: [],
  };
}

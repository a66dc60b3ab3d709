import { z } from "zod";
import { UsageError } from "../core/errors.ts";
import {
  formatSeconds,
  requireShort,
  type WorkLimit,
} from "../core/require_short.ts";
import { firstDifference } from "../core/first_difference.ts";
import {
  gaussianResultSchema,
  joinGaussianResult,
} from "../gaussian/gaussian_result.ts";
import {
  type GaussianStudy,
  gaussianStudySchema,
} from "../gaussian/gaussian_study.ts";
import { migrateGaussian, summaryLike } from "../gaussian/migrate_gaussian.ts";
import { runGaussian } from "../gaussian/run_gaussian.ts";
import { estimateGaussian } from "../gaussian/estimate_gaussian.ts";
import { summariseGaussian } from "../gaussian/summarise_gaussian.ts";
import { contentName } from "../spec/content_name.ts";
import type { Findings } from "../results/findings.ts";

const fileSchema = z.object({
  ...gaussianResultSchema.shape,
  summary: z.looseObject({ margin: z.number().gt(0) }).optional(),
});

/** How to verify a file of the toy experiment. */
export interface GaussianVerifyOptions extends WorkLimit {
  /** Is told, before anything is computed, how long it takes, as a sentence. */
  onEstimate?: ((text: string) => void) | undefined;
}

/**
 * Verifies a file of the toy experiment, of any version: the name of its study, its
 * digest, then all of its runs, computed again, and their summary.
 *
 * @throws {UsageError} If the value is not such a file, or asks for more work than
 * `longest`.
 */
export async function verifyGaussian(
  value: unknown,
  options: GaussianVerifyOptions = {},
): Promise<Findings> {
  const parsed = fileSchema.safeParse(migrateGaussian(value));
  if (!parsed.success) {
    const { path, message } = parsed.error.issues[0]!;
    throw new UsageError(`"${path.join(".")}": ${message}`);
  }
  const { study, runs, digest, summary } = parsed.data;
  const { faults, notes } = checkName(study);
  const expected = joinGaussianResult(study, runs).digest;
  if (digest !== expected) {
    faults.push(
      `digest: expected ${expected}, computed from the content, got ${digest} in the file: the study or a run was edited`,
    );
  }
  if (faults.length > 0) return { faults, notes };
  const what = "Computing all runs of the toy experiment again";
  const seconds = estimateGaussian(study);
  requireShort(seconds, what, options);
  options.onEstimate?.(`${what}: about ${formatSeconds(seconds)} at most`);
  const again = await runGaussian(study);
  const run = firstDifference(runs, again.runs);
  if (run !== null) {
    faults.push(
      `run ${run.field}: expected ${run.expected} as recorded, got ${run.got} when run again`,
    );
  } else if (summary !== undefined) {
    const found = firstDifference(
      summary,
      summaryLike(summariseGaussian(again, summary.margin), summary),
    );
    if (found !== null) {
      faults.push(
        `summary.${found.field}: expected ${found.got}, computed from the runs, got ${found.expected} in the file`,
      );
    }
  }
  return { faults, notes };
}

function checkName(study: GaussianStudy): Findings {
  const shipped = gaussianStudySchema.parse({});
  if (study.name === shipped.name) {
    // The file names no version, and other versions may ship another study.
    const found = firstDifference(shipped, study);
    return {
      faults: [],
      notes: found === null ? [] : [
        `study.${found.field}: expected ${found.expected} as in the study "${study.name}" of this version of dupbench, got ${found.got} in the file`,
      ],
    };
  }
  const expected = contentName(shipped.name, study);
  const isFlagged = /^gaussian-[0-9a-f]{8}$/.test(study.name);
  return {
    faults: !isFlagged || study.name === expected ? [] : [
      `study.name: expected "${expected}", computed from the study, got "${study.name}" in the file: the study was edited`,
    ],
    notes: [],
  };
}

import { z } from "zod";
import { UsageError } from "../core/errors.ts";
import { firstDifference } from "../core/first_difference.ts";
import {
  gaussianResultSchema,
  joinGaussianResult,
} from "../gaussian/gaussian_result.ts";
import { runGaussian } from "../gaussian/run_gaussian.ts";

/**
 * Verifies a file of the toy study: its digest, then all of its runs, done
 * again. The summary beside them is not looked at: `gaussian` makes it from the
 * runs.
 *
 * @returns What is wrong, a line each; none: nothing.
 * @throws {UsageError} If the value is not of that form.
 */
export async function verifyGaussian(value: unknown): Promise<string[]> {
  const parsed = z.object(gaussianResultSchema.shape).safeParse(value);
  if (!parsed.success) {
    const { path, message } = parsed.error.issues[0]!;
    throw new UsageError(`"${path.join(".")}": ${message}`);
  }
  const { study, runs, digest } = parsed.data;
  const expected = joinGaussianResult(study, runs).digest;
  if (digest !== expected) {
    return [
      `digest: expected ${expected} of the content, got ${digest}: study or a run was edited`,
    ];
  }
  const again = await runGaussian(study);
  const found = firstDifference(runs, again.runs);
  return found === null
    ? []
    : [`run ${found.field}: expected ${found.expected}, got ${found.got}`];
}

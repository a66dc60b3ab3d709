import { countOf } from "../core/count_of.ts";
import { messageOf, UsageError } from "../core/errors.ts";
import { formatJson } from "../core/read_json.ts";
import type { Comparison } from "./comparison.ts";
import type { Judgement } from "./judge_times.ts";

/** Rows up to which a file is indented. */
const FEW = 5000;

/**
 * The text of a comparison's file, with the judgement of its times, if there is
 * one: indented for people where it is not large.
 *
 * @throws {UsageError} If it is larger than what is read again.
 */
export function formatComparison(
  comparison: Comparison,
  judgement?: Judgement,
): string {
  const { rows } = comparison;
  try {
    return formatJson(
      { ...comparison, judgement: judgement ?? null },
      { isLarge: rows.length > FEW },
    );
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new UsageError(
      `The comparison has ${
        countOf(rows.length, "row")
      }, and its file could not be read again (${
        messageOf(error)
      }): compare fewer files at a time`,
    );
  }
}

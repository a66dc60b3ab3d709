import { countOf } from "../core/count_of.ts";
import { messageOf, UsageError } from "../core/errors.ts";
import { formatJson } from "../core/read_json.ts";
import type { ResultSet } from "./result_set.ts";

/** Cells up to which a file is indented. */
const FEW = 5000;

/**
 * The text of a result set's file: indented for people where it is not large.
 *
 * @throws {UsageError} If it is larger than what is read again.
 */
export function formatResultSet(set: ResultSet): string {
  const { length } = set.cells;
  try {
    return formatJson(set, { isLarge: length > FEW });
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new UsageError(
      `The result set would have ${
        countOf(length, "cell")
      } and be too large to be read again (${
        messageOf(error)
      }): divide the study into several, whose result sets analyse and report take together`,
    );
  }
}

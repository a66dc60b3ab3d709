import { firstDifference } from "../core/first_difference.ts";
import { type FinishedCell, reproducible } from "../results/result_set.ts";
import { compareWithin } from "./compare_within.ts";
import type { RepeatedCell } from "./verification.ts";

/**
 * Compares a recorded cell with the same cell, run again.
 *
 * @param tolerance Of a cell whose bits may differ: see `compareWithin`. Absent:
 * every value that is reproducible must be equal.
 */
export function compareCells(
  recorded: FinishedCell,
  repeated: FinishedCell,
  tolerance?: number,
): RepeatedCell {
  const found = firstDifference(reproducible(recorded), reproducible(repeated));
  if (found === null) return {};
  const say = ({ field, expected, got }: typeof found) =>
    `cell ${recorded.id}: ${field}: expected ${expected} as recorded, got ${got} when run again`;
  if (tolerance === undefined) return { fault: say(found) };
  const excess = compareWithin(recorded, repeated, tolerance);
  return excess === null
    ? { note: `${say(found)}; all within the tolerance ${tolerance}` }
    : { fault: `${say(excess)} (${excess.why})` };
}

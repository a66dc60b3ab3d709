import { inferenceOf, type ZeroTest } from "../analysis/effect.ts";
import { formatChange } from "../core/format_change.ts";

/** A change of accuracy with its interval, if it has one: `−0.3 points (−0.7 to +0.1)`. */
export function sayPoints(change: ZeroTest): string {
  const { interval } = inferenceOf(change);
  return `${formatChange(change.test.mean)} points${
    interval === null ? "" : ` (${interval.map(formatChange).join(" to ")})`
  }`;
}

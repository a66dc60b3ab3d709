import { allRows } from "./_passes.ts";
import type { DrawContext } from "./policy.ts";

/**
 * Appends the whole set, in its own order, as many times as the ratio says: the
 * published notebook's standard arm, whose "10 %" is ratio 1 and whose "100 %"
 * is ratio 10 (Aghabagherloo et al. 2025, arXiv:2504.00638; see
 * {@linkcode ratioOfLevel}). Nothing is drawn, so every seed gives one plan.
 */
export function wholeCopies(
  { labels, options: { ratio, mode } }: DrawContext,
): Iterator<number, void> {
  if (!Number.isInteger(ratio)) {
    throw new RangeError(
      `Cannot plan duplication as ratio of policy "whole-copies" must be a whole number: current value is ${ratio}`,
    );
  }
  if (mode !== "add") {
    throw new RangeError(
      `Cannot plan duplication as mode of policy "whole-copies" must be "add": current value is "${mode}"`,
    );
  }
  return draws(allRows(labels));
}

/**
 * The ratio that a level of the published notebook stands for: level L % there
 * appends L/10 whole copies.
 *
 * @param level A multiple of 10, at least 0.
 * @throws {RangeError} If it is not.
 */
export function ratioOfLevel(level: number): number {
  if (!(level >= 0) || level % 10 !== 0) {
    throw new RangeError(
      `Cannot convert level as it must be a multiple of 10 of at least 0: current value is ${level}`,
    );
  }
  return level / 10;
}

function* draws(rows: Uint32Array): Generator<number, void> {
  while (rows.length > 0) yield* rows;
}

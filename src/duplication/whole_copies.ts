import { allRows } from "./_passes.ts";
import type { DrawContext } from "./policy.ts";

/**
 * Appends the whole set, in its own order, as many times as the ratio says. This
 * is standard training in the published notebook, whose "10 %" is ratio 1 and
 * whose "100 %" is ratio 10 (Aghabagherloo et al. 2025, arXiv:2504.00638).
 * Nothing is drawn, so that all seeds give the same plan.
 */
export function wholeCopies(
  { labels, options: { ratio, mode } }: DrawContext,
): Iterator<number, void> {
  if (!Number.isInteger(ratio)) {
    throw new RangeError(
      `"ratio" of policy whole-copies must be a whole number, got ${ratio}`,
    );
  }
  if (mode !== "add") {
    throw new RangeError(
      `"mode" of policy whole-copies must be "add", got "${mode}"`,
    );
  }
  return draws(allRows(labels));
}

function* draws(rows: Uint32Array): Generator<number, void> {
  while (rows.length > 0) yield* rows;
}

import { permutation } from "../core/stream.ts";
import { openPlanStream, planNaming } from "./plan_stream.ts";
import type { DrawContext } from "./policy.ts";

/**
 * Draws the rows in a random order, then all of them again in another, and so on,
 * so that the numbers of draws of two rows differ by at most one. Rows that have
 * been displaced are skipped; it ends when all have.
 *
 * @param rows Rows to draw from.
 * @param keys Further keys of the stream, in addition to policy and pass.
 */
export function* passes(
  rows: Uint32Array,
  { options, removed }: DrawContext,
  ...keys: (string | number)[]
): Generator<number, void> {
  for (let pass = 0;; pass++) {
    const stream = openPlanStream(
      planNaming(options),
      "plan",
      options.policy,
      ...keys,
      pass,
    );
    let given = 0;
    for (const at of permutation(rows.length, stream)) {
      const row = rows[at]!;
      if (removed[row]) continue;
      given++;
      yield row;
    }
    if (given === 0) return;
  }
}

/** The rows of one class, ascending. */
export function rowsOfClass(labels: Uint8Array, label: number): Uint32Array {
  return allRows(labels).filter((row) => labels[row] === label);
}

/** Every row, ascending. */
export function allRows(labels: Uint8Array): Uint32Array {
  return Uint32Array.from(labels, (_, row) => row);
}

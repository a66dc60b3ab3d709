import { permutation } from "../core/stream.ts";
import { openPlanStream, type PlanNaming } from "./plan_stream.ts";

/** Copies in a row among which shares of whole per cents are exact. */
const BLOCK = 100;

/**
 * The classes that copies are trained as where a share of them carries another
 * class's label. Every copy has a rank in `[0, 1)`, and conflicts where it is
 * below the share; which other class it then has, uniform over these, is drawn
 * in advance. Neither depends on the share or on how many copies there are: at a
 * larger ratio or share the copies that conflict at a smaller one still do, with
 * the same labels; at a larger ratio only if plans nest. Of each hundred copies in a row exactly the share conflicts,
 * rounded where it is no whole number of per cents.
 *
 * @param copies Source row of each copy.
 * @param labels Class of each original row.
 * @param options `share`: in `[0, 1]`; `classes`: count of classes; `seed`: of
 * the run; `anewAt`: the ratio where plans are drawn anew.
 * @returns Class of each copy, shape `[copies]`.
 * @throws {RangeError} If a copy is to conflict and there is no other class.
 */
export function conflictingLabels(
  copies: Uint32Array,
  labels: Uint8Array,
  { share, classes, ...naming }: PlanNaming & {
    share: number;
    classes: number;
  },
): Uint8Array {
  if (share > 0 && classes < 2) {
    throw new RangeError(
      `"conflict" must be 0 for a data set of one class, got ${share}`,
    );
  }
  let order: Uint32Array = new Uint32Array(0);
  return Uint8Array.from(copies, (row, copy) => {
    const at = copy % BLOCK;
    if (at === 0) {
      const block = copy / BLOCK;
      order = permutation(
        BLOCK,
        openPlanStream(naming, "plan", "conflict", "order", block),
      );
    }
    const stream = openPlanStream(naming, "plan", "conflict", copy);
    const rank = (order[at]! + stream.uniform()) / BLOCK;
    const own = labels[row]!;
    if (rank >= share) return own;
    const other = stream.below(classes - 1);
    return other < own ? other : other + 1;
  });
}

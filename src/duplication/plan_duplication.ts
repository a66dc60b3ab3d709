import { bytesOf, sha256 } from "../core/digest.ts";
import { requireOneOf } from "../core/require_one_of.ts";
import { permutation } from "../core/stream.ts";
import { openPlanStream, planNaming } from "./plan_stream.ts";
import { classBiased } from "./class_biased.ts";
import { concentrated } from "./concentrated.ts";
import type { DuplicationOptions, Policy } from "./policy.ts";
import { modeNames } from "../spec/axes/mode.ts";
import { plans } from "../spec/plans.ts";
import { type PolicyName, policyNames } from "../spec/policies.ts";
import { singleClass } from "./single_class.ts";
import { uniform } from "./uniform.ts";
import { requireLabels, requireRowsBelow } from "../data/require_lists.ts";
import { wholeCopies } from "./whole_copies.ts";

/** Which rows are trained on: indices into the original set, not pixels. */
export interface DuplicationPlan {
  /** Original rows that remain, ascending. */
  originals: Uint32Array;
  /** Source row of each copy, in the order drawn. */
  copies: Uint32Array;
}

/** What a result set records of a plan. */
export interface PlanDescription {
  /** Count of original rows that are kept. */
  originals: number;
  /** Count of copies. */
  copies: number;
  /** Copies per class, shape `[classes]`. */
  copiesPerClass: number[];
  /** Count of original rows that have at least one copy. */
  distinctCopied: number;
  /** SHA-256 of the two index lists, in 64 hexadecimal digits. */
  sha256: string;
}

/** Most copies of a plan: their rows take 4 GiB. */
const MOST_COPIES = 2 ** 30;

const policies: Record<PolicyName, Policy> = {
  "none": () => [].values(),
  "uniform": uniform,
  "class-biased": classBiased,
  "single-class": singleClass,
  "concentrated": concentrated,
  "whole-copies": wholeCopies,
};

/**
 * Plans which training rows to repeat. Equal labels and options give equal plans
 * on every backend, and for one seed plans nest: the copies at a ratio are a
 * prefix of those at any larger one, and so are, in mode `replace`, the displaced
 * rows. Plans that are drawn `anew` at each ratio do not.
 *
 * Mode `replace` proceeds copy by copy: it draws the copy from the remaining rows
 * and then displaces a row, uniformly among those without a copy. So the set
 * keeps its size and has no copy of a displaced row; it ends where every
 * remaining row has a copy, which for distinct draws is at ratio 1/2.
 *
 * @param labels Class of each row, shape `[rows]`.
 * @param classes Count of classes; every label is below it.
 * @returns `round(ratio * rows)` copies and, in mode `add`, every row.
 * @throws {RangeError} If a label is not below `classes`; if the policy, the mode or
 * `plans` is none of those that there are; if the ratio is negative, not finite or
 * more than the policy can give in this mode or an array can hold; or if an option
 * of the policy is out of range.
 */
export function planDuplication(
  labels: Uint8Array,
  classes: number,
  options: DuplicationOptions,
): DuplicationPlan {
  const { policy, ratio, mode } = options;
  requireOneOf("policy", policy, policyNames);
  requireOneOf("mode", mode, modeNames);
  requireOneOf("plans", options.plans ?? "nested", Object.keys(plans));
  requireLabels(labels, classes);
  if (!(ratio >= 0 && ratio < Infinity)) {
    throw new RangeError(
      `"ratio" must be at least 0 and finite, got ${ratio}`,
    );
  }
  const rows = labels.length;
  if (ratio * rows > MOST_COPIES) {
    throw new RangeError(
      `"ratio" must be at most ${
        MOST_COPIES / rows
      } for ${rows} images, got ${ratio}`,
    );
  }
  const copied = new Uint8Array(rows);
  const removed = new Uint8Array(rows);
  const candidates = permutation(
    rows,
    openPlanStream(planNaming(options), "plan", policy, "removed"),
  );
  let candidate = 0;
  const draws = policies[policy]({ labels, classes, options, removed });
  const copies = new Uint32Array(Math.round(ratio * rows));
  for (let i = 0; i < copies.length; i++) {
    const copy = draws.next();
    if (copy.done) throw exhausted(options, i / rows);
    copies[i] = copy.value;
    copied[copy.value] = 1;
    if (mode === "add") continue;
    // A row that has a copy is never displaced later.
    while (candidate < rows && copied[candidates[candidate]!]) candidate++;
    if (candidate === rows) throw exhausted(options, i / rows);
    removed[candidates[candidate++]!] = 1;
  }
  const originals = Uint32Array.from(labels, (_, row) => row)
    .filter((row) => !removed[row]);
  return { originals, copies };
}

/**
 * The source row of every training slot: the originals, then the copies.
 *
 * @returns Row indices, shape `[originals + copies]`.
 */
export function trainingRows(
  { originals, copies }: DuplicationPlan,
): Uint32Array {
  const rows = new Uint32Array(originals.length + copies.length);
  rows.set(originals);
  rows.set(copies, originals.length);
  return rows;
}

/**
 * Summarises a plan for the result set.
 *
 * @param labels Class of each row, as the plan was made from.
 * @param classes Count of classes.
 * @throws {RangeError} If a label is not below `classes`, or a row not there.
 */
export function describePlan(
  { originals, copies }: DuplicationPlan,
  labels: Uint8Array,
  classes: number,
): PlanDescription {
  requireLabels(labels, classes);
  const count = labels.length;
  requireRowsBelow("originals", originals, { count, of: "the labels" });
  requireRowsBelow("copies", copies, { count, of: "the labels" });
  const copiesPerClass = new Array<number>(classes).fill(0);
  for (const row of copies) copiesPerClass[labels[row]!]!++;
  return {
    originals: originals.length,
    copies: copies.length,
    copiesPerClass,
    distinctCopied: new Set(copies).size,
    // The lengths come first: they tell where one list ends.
    sha256: sha256(
      JSON.stringify([originals.length, copies.length]),
      bytesOf(originals),
      bytesOf(copies),
    ),
  };
}

function exhausted(
  { policy, ratio, mode }: DuplicationOptions,
  most: number,
): RangeError {
  return new RangeError(
    `"ratio" of policy ${policy} in mode ${mode} must be at most ${most} for this data set, got ${ratio}`,
  );
}

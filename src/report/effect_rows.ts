import {
  type ControlName,
  controlNames,
  isFair,
} from "../analysis/controls.ts";
import { countAtChance } from "../analysis/chance.ts";
import { type ArmRuns, groupArms } from "../analysis/group_arms.ts";
import { countOf } from "../core/count_of.ts";
import { inferenceOf } from "../analysis/effect.ts";
import { type ArmTrend, trendOf } from "../analysis/trends.ts";
import type { Arm } from "../analysis/arm.ts";
import { hasCopies, isUsual, valuesOf, wordOf } from "./arm_words.ts";
import { titleOfStudy } from "./study_title.ts";
import type { StudyReport } from "./report_series.ts";

/** What else tells the copies of one policy in a study apart. */
const conditionKeys = [
  "model",
  "width",
  "drawTrain",
  "multiplicity",
  "backend",
] as const;

/** What stands in the place of the copies, or the copies themselves. */
export interface EffectRow {
  /** The runs. */
  readonly arm: Arm;
  /** Way to train, such as `standard training`. */
  readonly training: string;
  /** Policy, and what else tells its copies from others. */
  readonly group: string;
  /** What tells its copies from others of the policy; empty: nothing has to. */
  readonly condition: string;
  /** What takes part, such as `copies` or `fresh images`. */
  readonly name: string;
  /** Whether it is of copies, and no control. */
  readonly hasCopies: boolean;
  /** Mean slope of clean accuracy, in points per copy per original. */
  readonly mean: number;
  /** Ends of its 95 % interval; `null` for one seed. */
  readonly interval: readonly [low: number, high: number] | null;
  /** Seeds. */
  readonly seeds: number;
}

/**
 * The effect of copies and of their controls on clean accuracy with equal steps,
 * for every policy and way to train.
 *
 * @param margin Smallest change of accuracy that matters, in points.
 */
export function effectRowsOf(
  studies: readonly StudyReport[],
  margin: number,
): EffectRow[] {
  const found = studies.flatMap(({ study, sets }) =>
    groupArms(sets).filter(isHeadline).flatMap((runs) => {
      const trend = trendOf(runs, { metric: "clean", margin });
      return trend === undefined ? [] : [{ study, trend }];
    })
  );
  const isOneOf = (own: string, key: typeof conditionKeys[number]) =>
    new Set(
      found.filter(({ study, trend: { arm } }) =>
        study === own && arm[key] !== null
      ).map(({ trend: { arm } }) => arm[key]),
    ).size > 1;
  const conditionOf = (study: string, arm: Arm) =>
    [
      ...(isUsual(arm, "multiplicity") || isOneOf(study, "multiplicity")
        ? []
        : [sayCondition(arm, "multiplicity")]),
      ...conditionKeys.filter((key) => isOneOf(study, key))
        .map((key) => sayCondition(arm, key)),
    ].filter((text) => text !== "").join(" · ");
  const placeOf = (study: string, arm: Arm) =>
    JSON.stringify([arm.training, arm.policy, conditionOf(study, arm)]);
  const studiesAt = Map.groupBy(
    found,
    ({ study, trend }) => placeOf(study, trend.arm),
  );
  const rows = found.map(({ study, trend }) => {
    const { arm } = trend;
    const others = new Set(
      studiesAt.get(placeOf(study, arm))!.map(({ study }) => study),
    );
    const condition = [
      conditionOf(study, arm),
      // The names of studies tell apart what has no other difference.
      ...(others.size > 1 ? [titleOfStudy(study)] : []),
    ].filter((text) => text !== "").join(" · ");
    return {
      arm,
      training: trainingOf(arm),
      group: joinGroup(arm, condition),
      condition,
      name: shortNameOf(arm),
      hasCopies: hasCopies({ arm }),
      ...effectOf(trend),
    };
  });
  // What else tells runs apart has no name, such as the images of a folder.
  const counts = new Map<string, number>();
  return rows.map((row) => {
    const place = JSON.stringify([row.training, row.group, row.name]);
    const count = (counts.get(place) ?? 0) + 1;
    counts.set(place, count);
    return count === 1 ? row : differ(row, `protocol ${count}`);
  });
}

/** A row whose condition says more. */
function differ(row: EffectRow, more: string): EffectRow {
  const condition = row.condition === "" ? more : `${row.condition} · ${more}`;
  return { ...row, condition, group: joinGroup(row.arm, condition) };
}

function joinGroup(arm: Arm, condition: string): string {
  const policy = wordOf(arm, "policy");
  return condition === "" ? policy : `${policy} · ${condition}`;
}

/** A condition in few words. */
function sayCondition(arm: Arm, key: typeof conditionKeys[number]): string {
  const { drawTrain, multiplicity } = arm;
  if (key === "drawTrain" && typeof drawTrain === "number") {
    return countOf(drawTrain, "training image");
  }
  return key === "multiplicity" && multiplicity !== null
    ? `${countOf(multiplicity, "copy", "copies")} of each image`
    : wordOf(arm, key);
}

/**
 * Exact copies with their own labels, kept in the set, and controls of them, in
 * networks that have learned.
 */
function isHeadline({ arm, seeds }: ArmRuns): boolean {
  const first = [...seeds.values()].flatMap((cells) => cells.get(0) ?? []);
  return arm.budget === "steps" && isCopiesOrFair(arm) &&
    countAtChance(first).atChance === 0 &&
    (["copies", "conflict", "dedup"] as const).every((key) =>
      isUsual(arm, key)
    );
}

function effectOf({ test, crossed }: ArmTrend) {
  const { interval } = inferenceOf({ test, crossed });
  return { mean: test.mean, interval, seeds: test.n };
}

/** The way to train, which is adversarial also where its name does not say so. */
function trainingOf(arm: Arm): string {
  const word = wordOf(arm, "training");
  return arm.training === "standard" || /adversarial/.test(word)
    ? word
    : `adversarial training (${word.replace(/ training$/, "")})`;
}

/** What an arm has in place of copies, in few words. */
export function shortNameOf(arm: Arm): string {
  const control = controlOf(arm);
  return control === undefined ? "copies" : shortNames[control];
}

const shortNames: Readonly<Record<ControlName, string>> = {
  "weights": "weights instead",
  "fresh": "fresh images instead",
  "prior-restored": "class weights restored",
  "replace": "in a set of fixed size",
};

/** Whether an arm has copies, or a control that says something of them. */
export function isCopiesOrFair(arm: Arm): boolean {
  const control = controlOf(arm);
  return control === undefined || isFair(control, { arm });
}

/** Which control an arm is; `undefined`: none. */
function controlOf(arm: Arm): ControlName | undefined {
  const values = valuesOf(arm);
  return controlNames.find((name) =>
    values.standIn === name || values.mode === name
  );
}

import type { Axis } from "../spec/axis.ts";
import { modeAxis, type ModeName } from "../spec/axes/mode.ts";
import {
  standInAxis,
  type StandInName,
  standIns,
} from "../spec/axes/stand_in.ts";
import type { MetricName } from "../spec/metrics.ts";
import { nameValues } from "../spec/name_cell.ts";
import { type Arm, armCoordinates } from "./arm.ts";
import type { ArmRuns } from "./group_arms.ts";
import { type MeanTest, testMean } from "./paired_test.ts";
import { slopeOf } from "./slope.ts";
import { scaledCurves } from "./trends.ts";

/**
 * What copies are compared with: what else may take their place, or copies in a
 * training set that keeps its size.
 */
export type ControlName =
  | Exclude<StandInName, "copies">
  | Exclude<ModeName, "add">;

/** The axis and the value that make an arm a control. */
interface Control {
  readonly key: "standIn" | "mode";
  readonly value: ControlName;
}

const controls: readonly Control[] = [standInAxis, modeAxis].flatMap(
  ({ key, terms = {}, usual }: Axis) =>
    Object.keys(terms).filter((value) => value !== usual)
      .map((value) => ({ key, value }) as Control),
);

/** Names of the controls. */
export const controlNames: readonly ControlName[] = controls.map((
  { value },
) => value);

/** What a difference between copies and a control is due to. */
export function testedBy(name: ControlName): "repetition" | "the class mix" {
  return name === "replace" ? "repetition" : standIns[name].tests;
}

/** A control in a few words. */
export function nameControl(name: ControlName): string {
  const { key, value } = controls.find(({ value }) => value === name)!;
  return nameValues({ [key]: value });
}

/**
 * Slope with copies minus slope with a control, one per seed: what is due to
 * repetition, rather than to a larger or differently mixed training set; with
 * class weights restored, what is due to the class mix.
 */
export interface ControlContrast {
  /** What copies are compared with. */
  control: ControlName;
  /** The differences of slopes. */
  test: MeanTest;
}

/**
 * Compares arms with their controls, over the ratios that both have. Weights and
 * a set of fixed size leave the number of steps as it is at ratio 0, so with
 * equal epochs, where copies add steps, they are no controls.
 *
 * @param chosen Arms with copies.
 * @param arms All arms, the controls among them.
 */
export function compareControls(
  chosen: readonly ArmRuns[],
  arms: readonly ArmRuns[],
  metric: MetricName,
): ControlContrast[] {
  return controls.flatMap((control) => {
    const differences = new Map<number, number[]>();
    for (const runs of chosen) {
      const other = arms.find((one) => isControl(one, runs, control));
      if (other === undefined) continue;
      const theirs = scaledCurves(other, metric);
      for (const [seed, points] of scaledCurves(runs, metric)) {
        const reference = theirs.get(seed);
        if (reference === undefined) continue;
        // The ratios that both have: replacing ends at one half.
        const shared = points.filter(([r]) => reference.some(([s]) => s === r));
        differences.set(seed, [
          ...differences.get(seed) ?? [],
          slopeOf(shared) -
          slopeOf(reference.filter(([r]) => shared.some(([s]) => s === r))),
        ]);
      }
    }
    const values = [...differences.values()].map((of) =>
      of.reduce((sum, v) => sum + v, 0) / of.length
    );
    return values.length === 0
      ? []
      : [{ control: control.value, test: testMean(values) }];
  });
}

/** Whether two arms differ in nothing but that one of them is the control. */
function isControl(
  other: ArmRuns,
  runs: ArmRuns,
  { key, value }: Control,
): boolean {
  const expected: Arm = { ...runs.arm, [key]: value };
  return other.protocol === runs.protocol && other.variant === runs.variant &&
    armCoordinates.every(({ key }) => other.arm[key] === expected[key]);
}

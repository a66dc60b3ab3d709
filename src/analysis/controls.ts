import type { Axis } from "../spec/axis.ts";
import { modeAxis, type ModeName } from "../spec/axes/mode.ts";
import {
  standInAxis,
  type StandInName,
  standIns,
} from "../spec/axes/stand_in.ts";
import type { MetricName } from "../spec/metrics.ts";
import { nameValues } from "../spec/name_cell.ts";
import { policiesAcrossClasses } from "../spec/policies.ts";
import { type Arm, armCoordinates } from "./arm.ts";
import {
  differenceEffect,
  type EffectTest,
  meanEffect,
  slopeEffect,
} from "./effect.ts";
import type { ArmRuns } from "./group_arms.ts";
import { slopeOf } from "./slope.ts";
import { sharedAccuracy } from "./times_to_accuracy.ts";
import {
  type AnalysisSettings,
  meanBySeed,
  scaledCurves,
  testMetric,
} from "./trends.ts";

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
export interface ControlContrast extends EffectTest {
  /** What copies are compared with. */
  control: ControlName;
  /**
   * The arms with copies that ran with this control, which alone are compared;
   * absent: all.
   */
  arms?: Arm[];
}

/**
 * Which of the arms of a claim are compared with a control, where it is not all of
 * them, such as `class-biased`; `undefined`: all.
 *
 * @param all The arms of the claim.
 */
export function coveredBy(
  { arms }: Pick<ControlContrast, "arms">,
  all: readonly Arm[],
): string | undefined {
  if (arms === undefined) return undefined;
  const policiesOf = (arms: readonly Arm[]) => [
    ...new Set(arms.map(({ policy }) => policy)),
  ];
  const policies = policiesOf(arms);
  // Where policies do not tell them apart, such as networks without the control.
  const tell = policies.every((policy) =>
    all.filter((arm) => arm.policy === policy).length ===
      arms.filter((arm) => arm.policy === policy).length
  );
  return tell ? policies.join(" and ") : `${arms.length} of ${all.length} arms`;
}

/**
 * Compares arms with their controls, over the ratios that both have and the seeds
 * that ran all of them. Weights and a set of fixed size leave the number of steps
 * as it is at ratio 0, so with equal epochs, where copies add steps, they are no
 * controls.
 *
 * @param chosen Arms with copies.
 * @param arms All arms, the controls among them.
 */
export function compareControls(
  chosen: readonly ArmRuns[],
  arms: readonly ArmRuns[],
  { metric, margin, accuracy }: AnalysisSettings & { metric: MetricName },
): ControlContrast[] {
  return controls.flatMap((control) => {
    const pairs = chosen.flatMap((runs) => {
      const other = arms.find((one) => isControl(one, runs, control));
      return other !== undefined && isFair(control.value, runs)
        ? [{ runs, other }]
        : [];
    });
    if (pairs.length === 0) return [];
    const tested = testMetric(metric, margin, {
      effect: () =>
        meanEffect(
          pairs.map(({ runs, other }) => {
            const ratios = sharedRatios(runs, other);
            return differenceEffect(
              slopeEffect(runs, ratios),
              slopeEffect(other, ratios),
            );
          }),
        ),
      values: () => slopeDifferences(pairs, { metric, accuracy }),
    });
    return tested === null ? [] : [{
      control: control.value,
      ...(pairs.length < chosen.length && {
        arms: pairs.map(({ runs }) => runs.arm),
      }),
      ...tested,
    }];
  });
}

/** Arms with copies and with a control. */
interface Pair {
  readonly runs: ArmRuns;
  readonly other: ArmRuns;
}

/**
 * Whether a control says something of these copies. Weights of even copies are
 * equal, so at a whole ratio they are the run at ratio 0, and restored class
 * weights are the copies; a set of fixed size loses originals where copies are
 * uneven, so that its class mix changes more.
 */
export function isFair(
  control: ControlName,
  { arm: { policy } }: Pick<ArmRuns, "arm">,
): boolean {
  const is = (spread: "even" | "uneven") =>
    policiesAcrossClasses(spread).some((name) => name === policy);
  return control === "weights" || control === "prior-restored"
    ? !is("even")
    : control === "replace"
    ? !is("uneven")
    : true;
}

/** The ratios that all seeds of both have: replacing ends at one half. */
function sharedRatios(runs: ArmRuns, other: ArmRuns): number[] {
  const all = [...runs.seeds.values(), ...other.seeds.values()];
  return [...all[0]!.keys()].filter((ratio) =>
    all.every((cells) => cells.has(ratio))
  );
}

/**
 * Differences of slopes of scaled values, one per seed that has all pairs. Times and
 * images to an accuracy are measured up to the same accuracy on both sides of a pair,
 * by default the highest that all compared cells of the seed reach: with a different
 * accuracy for each side, the difference would include that between the accuracies.
 */
function slopeDifferences(
  pairs: readonly Pair[],
  { metric, accuracy }:
    & Pick<AnalysisSettings, "accuracy">
    & { metric: MetricName },
): number[] {
  return meanBySeed(pairs.map(({ runs, other }) => {
    const ratios = sharedRatios(runs, other);
    if (ratios.length < 2) return new Map();
    const seeds = [...runs.seeds.keys()].filter((seed) =>
      other.seeds.has(seed)
    );
    return new Map(seeds.flatMap((seed) => {
      const sides = [runs, other].map((side) => ofSeed(side, seed, ratios));
      const cells = sides.flatMap((
        { seeds },
      ) => [...seeds.get(seed)!.values()]);
      const goal = accuracy ?? sharedAccuracy(cells) ?? undefined;
      const [slope, reference] = sides.map((side) => {
        const points = scaledCurves(side, metric, goal).get(seed);
        return points && slopeOf(points);
      });
      return slope === undefined || reference === undefined
        ? []
        : [[seed, slope - reference] as const];
    }));
  }));
}

/** The cells of one seed at some ratios. */
function ofSeed(
  runs: ArmRuns,
  seed: number,
  ratios: readonly number[],
): ArmRuns {
  const cells = [...runs.seeds.get(seed)!].filter(([ratio]) =>
    ratios.includes(ratio)
  );
  return { ...runs, seeds: new Map([[seed, new Map(cells)]]) };
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

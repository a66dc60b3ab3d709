import { largest } from "../core/extremes.ts";
import { unpackBits } from "../results/bit_string.ts";
import type { FinishedCell } from "../results/result_set.ts";
import { defaultClassWeights } from "../spec/class_weights.ts";
import { policiesAcrossClasses } from "../spec/policies.ts";
import type { Arm } from "./arm.ts";
import type { ArmRuns } from "./group_arms.ts";
import { type McNemarTest, testMcNemar } from "./mcnemar.ts";
import { type MeanTest, testMean } from "./paired_test.ts";

/** Differences at the largest ratio, class by class, of an uneven policy. */
export interface ClassContrast {
  /** The runs. */
  arm: Arm;
  /** The largest ratio. */
  ratio: number;
  /** Label of the class. */
  class: number;
  /** Share of the copies that are of this class, in `[0, 1]`. */
  copyShare: number;
  /** Differences of its accuracy, in points. */
  test: MeanTest;
}

/** McNemar's test within one seed, largest ratio against ratio 0. */
export interface SeedContrast extends McNemarTest {
  /** The runs. */
  arm: Arm;
  /** The largest ratio; the first classifier is the one trained at it. */
  ratio: number;
  /** Seed of both. */
  seed: number;
}

/** Both ends of each seed's curve: ratio 0 and the largest ratio of all seeds. */
function* endsOf(
  { seeds }: ArmRuns,
): Generator<
  { seed: number; ratio: number; first: FinishedCell; last: FinishedCell }
> {
  const ratio = largest([...seeds.values()].flatMap((c) => [...c.keys()]));
  for (const [seed, cells] of seeds) {
    const [first, last] = [cells.get(0), cells.get(ratio)];
    if (first && last) yield { seed, ratio, first, last };
  }
}

/** McNemar's test of the largest ratio against ratio 0, seed by seed. */
export function seedContrasts(runs: ArmRuns): SeedContrast[] {
  return [...endsOf(runs)].map(({ seed, ratio, first, last }) => {
    const right = ({ outcome: { test } }: FinishedCell) =>
      unpackBits(test!.clean.bits, test!.rows);
    const test = testMcNemar(right(last), right(first));
    return { arm: runs.arm, ratio, seed, ...test };
  });
}

/** Differences of an uneven policy at the largest ratio, class by class. */
export function classContrasts(runs: ArmRuns): ClassContrast[] {
  const { policy } = runs.arm;
  if (!policiesAcrossClasses("uneven").some((name) => name === policy)) {
    return [];
  }
  const ends = [...endsOf(runs)];
  if (ends.length === 0) return [];
  const { ratio, last } = ends[0]!;
  const { rowsPerClass } = last.outcome.test!;
  const shares = copyShares(last, rowsPerClass.length);
  return rowsPerClass.flatMap((rows, label) => {
    // A class without test images has no accuracy.
    if (rows === 0) return [];
    const differences = ends.map(({ first, last }) => {
      const points = (cell: FinishedCell) =>
        100 * cell.outcome.test!.clean.correctPerClass[label]! / rows;
      return points(last) - points(first);
    });
    return [{
      arm: runs.arm,
      ratio,
      class: label,
      copyShare: shares[label]!,
      test: testMean(differences),
    }];
  });
}

/**
 * Shares of the classes in the copies, as planned; for a policy that plans no
 * shares, as counted.
 */
function copyShares(
  { config, duplication }: FinishedCell,
  classes: number,
): number[] {
  const { class: only, classWeights, policy } = config.duplication;
  if (only !== undefined) {
    return Array.from({ length: classes }, (_, c) => Number(c === only));
  }
  const weights = classWeights ??
    (policy === "class-biased"
      ? defaultClassWeights(classes)
      : duplication.copiesPerClass);
  const sum = weights.reduce((a, b) => a + b, 0);
  return weights.map((weight) => weight / sum);
}

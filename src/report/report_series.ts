import type { Arm } from "../analysis/arm.ts";
import {
  type ConditionContrast,
  conditionContrasts,
} from "../analysis/condition_contrasts.ts";
import { type ArmRuns, groupArms } from "../analysis/group_arms.ts";
import { measure } from "../analysis/metric.ts";
import { attackedImagesOf } from "../results/attacked_images.ts";
import { onDistinctImages } from "../results/distinct_images.ts";
import type { FinishedCell, ResultSet } from "../results/result_set.ts";
import { accuracyOutcomes } from "./accuracy_outcomes.ts";
import { type Band, bandOf } from "./band.ts";
import { type LearningCurve, learningCurvesOf } from "./learning_curves.ts";

/** The mean over seeds at one ratio, in the unit of its series. */
export interface BandPoint extends Band {
  /** Copies per original image. */
  ratio: number;
}

/** One curve: a metric of one arm against the ratio. */
export interface ReportSeries {
  /** Which runs. */
  arm: Arm;
  /** Same for cells that differ in no setting but duplication and seed. */
  protocol: string;
  /**
   * As `accuracyOutcomes` shows it, `epoch time`, or the name of an attack;
   * accuracies may be on distinct images, as in `clean, distinct images`.
   */
  metric: string;
  /** Points (percent of the test images), or milliseconds. */
  unit: "points" | "ms";
  /** Ascending from ratio 0. */
  points: BandPoint[];
}

/** The change of one class's accuracy at one ratio. */
export interface ClassChange {
  /** Which runs. */
  arm: Arm;
  /** As in the series. */
  protocol: string;
  /** Copies per original image, above 0. */
  ratio: number;
  /** Label of the class. */
  class: number;
  /** Seeds compared. */
  seeds: number;
  /** Mean difference from ratio 0 of the same seed, in points. */
  mean: number;
  /** Lower end of the 95 % t interval; `null` for one seed. */
  low: number | null;
  /** Upper end. */
  high: number | null;
}

/** Result sets of one study, and their curves. */
export interface StudyReport {
  /** Name of the study. */
  study: string;
  /** Its result sets, such as one per backend or machine. */
  sets: ResultSet[];
  /** Every arm and metric. */
  series: ReportSeries[];
  /** Every arm, ratio and class. */
  classes: ClassChange[];
  /** Every arm whose accuracy was counted during training. */
  learning: LearningCurve[];
  /** Runs under two conditions, such as with and without duplicates. */
  conditions: ConditionContrast[];
}

/**
 * Summarises result sets by study, in the order given.
 *
 * @param margin Smallest change of accuracy that matters, in points.
 */
export function reportStudies(
  sets: readonly ResultSet[],
  margin = 1,
): StudyReport[] {
  const groups = new Map<string, ResultSet[]>();
  for (const set of sets) {
    const group = groups.get(set.study.name) ?? [];
    groups.set(set.study.name, [...group, set]);
  }
  return [...groups].map(([study, sets]) => {
    const arms = groupArms(sets);
    return {
      study,
      sets,
      series: arms.flatMap(seriesOf),
      classes: arms.flatMap(classChangesOf),
      learning: arms.flatMap(learningCurvesOf),
      conditions: conditionContrasts(sets, margin),
    };
  });
}

/** The attacks that were run, in the order of the studies. */
export function attacksOf(studies: readonly StudyReport[]): string[] {
  const run = new Set(
    studies.flatMap(({ series }) => series.map(({ metric }) => metric)),
  );
  const listed = studies.flatMap(({ sets }) =>
    sets.flatMap(({ study }) => study.attacks)
  );
  return [...new Set(listed)].filter((attack) => run.has(attack));
}

/** The band at one ratio. */
export function bandPoint(ratio: number, values: readonly number[]): BandPoint {
  return { ratio, ...bandOf(values) };
}

/** What the name of a metric ends with that is measured on distinct images. */
export const DISTINCT = ", distinct images";

function seriesOf(runs: ArmRuns): ReportSeries[] {
  const cells = [...runs.seeds.values()].flatMap((of) => [...of.values()]);
  const attacks = [
    ...new Set(
      cells.flatMap(({ outcome }) => Object.keys(outcome.test!.byAttack)),
    ),
  ];
  const accuracyUnder = (attack: string) => (cell: FinishedCell) => {
    const test = cell.outcome.test!;
    const score = test.byAttack[attack];
    const { rows } = attackedImagesOf(test);
    return score === undefined ? null : 100 * score.correct / rows;
  };
  type Measure = (cell: FinishedCell) => number | null;
  const accuracies: [string, Measure][] = [
    ...accuracyOutcomes.map(({ metric, shown }): [string, Measure] => [
      shown,
      (cell) => measure(cell, metric),
    ]),
    ...attacks.map((attack): [string, Measure] => [
      attack,
      accuracyUnder(attack),
    ]),
  ];
  const onDistinct = (measureAll: Measure): Measure => (cell) => {
    const distinct = onDistinctImages(cell);
    return distinct && measureAll(distinct);
  };
  const metrics: [string, "points" | "ms", Measure][] = [
    ...accuracies.map(([name, of]): typeof metrics[number] => [
      name,
      "points",
      of,
    ]),
    ...accuracies.map(([name, of]): typeof metrics[number] => [
      `${name}${DISTINCT}`,
      "points",
      onDistinct(of),
    ]),
    ["epoch time", "ms", (cell) => measure(cell, "epoch-time")],
  ];
  return metrics.flatMap(([metric, unit, valueOf]) => {
    const points = ratiosOf(runs).flatMap((ratio) => {
      const values = [...runs.seeds.values()].flatMap((cells) => {
        const cell = cells.get(ratio);
        const value = cell === undefined ? null : valueOf(cell);
        return value === null ? [] : [value];
      });
      return values.length === 0 ? [] : [bandPoint(ratio, values)];
    });
    const { arm, protocol } = runs;
    return points.length === 0 ? [] : [{ arm, protocol, metric, unit, points }];
  });
}

function classChangesOf(runs: ArmRuns): ClassChange[] {
  const { arm, protocol, seeds } = runs;
  const points = ({ outcome: { test } }: FinishedCell, label: number) =>
    100 * test!.clean.correctPerClass[label]! / test!.rowsPerClass[label]!;
  return ratiosOf(runs).filter((ratio) => ratio > 0).flatMap((ratio) => {
    const pairs = [...seeds.values()].flatMap((cells) => {
      const [before, after] = [cells.get(0), cells.get(ratio)];
      return before && after ? [[before, after] as const] : [];
    });
    const { rowsPerClass } = pairs[0]![0].outcome.test!;
    return rowsPerClass.flatMap((rows, label) => {
      if (rows === 0) return [];
      const changes = pairs.map(([before, after]) =>
        points(after, label) - points(before, label)
      );
      const point = bandPoint(ratio, changes);
      return [{ arm, protocol, class: label, ...point }];
    });
  });
}

function ratiosOf({ seeds }: ArmRuns): number[] {
  const ratios = [...seeds.values()].flatMap((cells) => [...cells.keys()]);
  return [...new Set(ratios)].sort((a, b) => a - b);
}

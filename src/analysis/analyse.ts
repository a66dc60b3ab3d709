import { defaultClassWeights } from "../duplication/class_biased.ts";
import { unpackBits } from "../eval/bit_string.ts";
import type { FinishedCell, ResultSet } from "../results/result_set.ts";
import { bcaInterval } from "./bca_interval.ts";
import {
  type Claim,
  claims,
  type ClaimVerdict,
  FEWEST_SEEDS,
} from "./claims.ts";
import { adjustHolm } from "./holm.ts";
import { type McNemarTest, testMcNemar } from "./mcnemar.ts";
import { type MetricName, metricNames } from "./metric.ts";
import { type MeanTest, testEquivalence, testMean } from "./paired_test.ts";
import { type Arm, type ArmRuns, curvesOf, groupArms } from "./seed_curves.ts";
import { testSignFlip } from "./sign_flip.ts";
import { slopeOf } from "./slope.ts";

/** What an analysis may be told. */
export interface AnalysisOptions {
  /** Change of accuracy that is worth naming, in points; default 1. */
  margin?: number;
}

/** Changes of time that are worth naming, in per cent. */
const TIME_MARGIN = 5;

/** The paired difference to ratio 0 at one ratio of one arm. */
export interface Contrast {
  /** Which runs. */
  arm: Arm;
  /** Of what. */
  metric: MetricName;
  /** At which ratio, above 0. */
  ratio: number;
  /** Differences, one a seed, in the metric's unit. */
  test: MeanTest;
  /** Bootstrap interval, 95 %. */
  bca: [low: number, high: number] | null;
  /** Exact sign-flip p; `null` for one seed. */
  signFlip: number | null;
  /** p adjusted over all contrasts of accuracy; `null` where there is none. */
  holm: number | null;
  /** Equivalence p at the margin. */
  equivalence: number | null;
}

/** The trend of one arm. */
export interface ArmTrend {
  /** Which runs. */
  arm: Arm;
  /** Of what. */
  metric: MetricName;
  /** Ratios that were run, ascending from 0. */
  ratios: number[];
  /** Mean at each ratio, over seeds. */
  means: number[];
  /** Slopes, one a seed: the change from ratio 0 to 1, in the metric's unit. */
  test: MeanTest;
  /** Equivalence p at the margin. */
  equivalence: number | null;
}

/** Differences at the largest ratio, class by class, of an uneven policy. */
export interface ClassContrast {
  /** Which runs. */
  arm: Arm;
  /** The largest ratio. */
  ratio: number;
  /** Label of the class. */
  class: number;
  /** Copies of this class, of all copies, from 0 to 1. */
  copyShare: number;
  /** Differences of its accuracy, in points. */
  test: MeanTest;
}

/** McNemar's test within one seed, largest ratio against ratio 0. */
export interface SeedContrast extends McNemarTest {
  /** Which runs. */
  arm: Arm;
  /** The largest ratio; the first classifier is the one trained at it. */
  ratio: number;
  /** Seed of both. */
  seed: number;
}

/** How a claim of the paper stands by these result sets. */
export interface ClaimResult {
  /** As the paper has it, in short. */
  statement: string;
  /** The rule that decides it. */
  rule: string;
  /** How it stands. */
  verdict: ClaimVerdict;
  /** Why it is inconclusive, or what decided it, in a sentence. */
  reason: string;
  /** Arms that the trend is over. */
  arms: Arm[];
  /** Slopes, one a seed; `null` where no arm was run. */
  test: MeanTest | null;
  /** Equivalence p at the margin. */
  equivalence: number | null;
  /**
   * Slope with copies less slope with each control in their place, one a seed:
   * what is due to repetition, rather than to a larger or otherwise mixed set.
   */
  controls: { control: "weights" | "fresh" | "replace"; test: MeanTest }[];
}

/** Everything `analyse` finds; times aside, a function of the result sets. */
export interface Analysis {
  /** Studies analysed, with the digests of their result sets. */
  sources: { study: string; digest: string; seeds: number[] }[];
  /** Change of accuracy that is worth naming, in points. */
  margin: number;
  /** The paper's claims. */
  claims: ClaimResult[];
  /** Every arm and metric. */
  trends: ArmTrend[];
  /** Every ratio of those. */
  contrasts: Contrast[];
  /** Uneven policies, class by class. */
  classes: ClassContrast[];
  /** Every seed of every arm. */
  seeds: SeedContrast[];
  /** Cells with flags, and cells that failed or diverged. */
  doubts: string[];
}

/**
 * Tests the paper's claims on result sets. The seed is the unit: each gives one
 * slope, or one difference to its own ratio 0, and the tests are over seeds.
 * Test images of one run are never pooled as if they were runs.
 *
 * @param sets At least one; several are analysed together.
 * @throws {RangeError} If the margin is not above 0.
 */
export function analyse(
  sets: readonly ResultSet[],
  { margin = 1 }: AnalysisOptions = {},
): Analysis {
  if (!(margin > 0 && margin < Infinity)) {
    throw new RangeError(
      `Cannot analyse as margin must be above 0: current value is ${margin}`,
    );
  }
  const arms = groupArms(sets);
  const contrasts = arms.flatMap((runs) => contrastsOf(runs, margin));
  // Times are a question of their own, and of the machine.
  const family = contrasts.filter(({ metric, test }) =>
    metric !== "epoch-time" && test.p !== null
  );
  const adjusted = adjustHolm(family.map(({ test }) => test.p!));
  family.forEach((contrast, i) => contrast.holm = adjusted[i]!);
  return {
    sources: sets.map(({ study, digest }) => ({
      study: study.name,
      digest,
      seeds: study.seeds,
    })),
    margin,
    claims: claims.map((claim) => judge(claim, arms, margin)),
    trends: arms.flatMap((runs) => trendsOf(runs, margin)),
    contrasts,
    classes: arms.flatMap(classContrasts),
    seeds: arms.flatMap(seedContrasts),
    doubts: doubtsOf(sets),
  };
}

/** Values in the unit of analysis: points, or per cent of the seed's ratio 0. */
function scaled(
  runs: ArmRuns,
  metric: MetricName,
): Map<number, [number, number][]> {
  const curves = curvesOf(runs, metric);
  if (metric !== "epoch-time") return curves;
  for (const [seed, points] of curves) {
    const first = points[0]![1];
    curves.set(seed, points.map(([ratio, ms]) => [ratio, 100 * ms / first]));
  }
  return curves;
}

function marginOf(metric: MetricName, margin: number): number {
  return metric === "epoch-time" ? TIME_MARGIN : margin;
}

function trendsOf(runs: ArmRuns, margin: number): ArmTrend[] {
  return metricNames.flatMap((metric) => {
    const curves = [...scaled(runs, metric).values()];
    if (curves.length === 0) return [];
    const ratios = [...new Set(curves.flat().map(([ratio]) => ratio))]
      .sort((a, b) => a - b);
    const slopes = curves.map(slopeOf);
    return [{
      arm: runs.arm,
      metric,
      ratios,
      means: ratios.map((ratio) => {
        const values = curves.flat().filter(([r]) => r === ratio);
        return values.reduce((sum, [, v]) => sum + v, 0) / values.length;
      }),
      test: testMean(slopes),
      equivalence: testEquivalence(slopes, marginOf(metric, margin)),
    }];
  });
}

function contrastsOf(runs: ArmRuns, margin: number): Contrast[] {
  return metricNames.flatMap((metric) => {
    const curves = [...scaled(runs, metric).values()];
    const ratios = [...new Set(curves.flat().map(([ratio]) => ratio))]
      .filter((ratio) => ratio > 0).sort((a, b) => a - b);
    return ratios.map((ratio) => {
      const differences = curves.flatMap((points) => {
        const at = points.find(([r]) => r === ratio);
        return at === undefined ? [] : [at[1] - points[0]![1]];
      });
      return {
        arm: runs.arm,
        metric,
        ratio,
        test: testMean(differences),
        bca: bcaInterval(differences),
        signFlip: differences.length > 1 ? testSignFlip(differences) : null,
        holm: null,
        equivalence: testEquivalence(differences, marginOf(metric, margin)),
      };
    });
  });
}

/** The two ends of each seed's curve: ratio 0 and the largest ratio of all. */
function* endsOf(
  { seeds }: ArmRuns,
): Generator<
  { seed: number; ratio: number; first: FinishedCell; last: FinishedCell }
> {
  const ratio = Math.max(...[...seeds.values()].flatMap((c) => [...c.keys()]));
  for (const [seed, cells] of seeds) {
    const [first, last] = [cells.get(0), cells.get(ratio)];
    if (first && last) yield { seed, ratio, first, last };
  }
}

function seedContrasts(runs: ArmRuns): SeedContrast[] {
  return [...endsOf(runs)].map(({ seed, ratio, first, last }) => {
    const right = ({ outcome: { test } }: FinishedCell) =>
      unpackBits(test!.clean.bits, test!.rows);
    const test = testMcNemar(right(last), right(first));
    return { arm: runs.arm, ratio, seed, ...test };
  });
}

function classContrasts(runs: ArmRuns): ClassContrast[] {
  const { policy } = runs.arm;
  if (policy !== "class-biased" && policy !== "single-class") return [];
  const ends = [...endsOf(runs)];
  if (ends.length === 0) return [];
  const { ratio, last } = ends[0]!;
  const { rowsPerClass } = last.outcome.test!;
  const shares = copyShares(last, rowsPerClass.length);
  return rowsPerClass.map((rows, label) => {
    const differences = ends.map(({ first, last }) => {
      const points = (cell: FinishedCell) =>
        100 * cell.outcome.test!.clean.correctPerClass[label]! / rows;
      return points(last) - points(first);
    });
    return {
      arm: runs.arm,
      ratio,
      class: label,
      copyShare: shares[label]!,
      test: testMean(differences),
    };
  });
}

function copyShares({ config }: FinishedCell, classes: number): number[] {
  const { class: only, classWeights } = config.duplication;
  if (only !== undefined) {
    return Array.from({ length: classes }, (_, c) => Number(c === only));
  }
  const weights = classWeights ?? defaultClassWeights(classes);
  const sum = weights.reduce((a, b) => a + b, 0);
  return weights.map((weight) => weight / sum);
}

function judge(
  { statement, rule, metric, concerns, judge }: Claim,
  arms: readonly ArmRuns[],
  margin: number,
): ClaimResult {
  let chosen = arms.filter(({ arm }) => concerns(arm));
  // As published where there is that, for the one claim that takes both.
  const published = chosen.filter(({ arm }) => arm.budget === "epochs");
  if (published.length > 0) chosen = published;
  const controls = compareControls(chosen, arms, metric);
  const open = (reason: string, test: MeanTest | null = null): ClaimResult => ({
    controls,
    statement,
    rule,
    verdict: "inconclusive",
    reason,
    arms: chosen.map(({ arm }) => arm),
    test,
    equivalence: null,
  });
  const slopes = new Map<number, number[]>();
  for (const runs of chosen) {
    for (const [seed, points] of scaled(runs, metric)) {
      // A seed is one unit, however many arms and protocols it ran.
      slopes.set(seed, [...slopes.get(seed) ?? [], slopeOf(points)]);
    }
  }
  const values = [...slopes.values()].map((of) =>
    of.reduce((sum, slope) => sum + slope, 0) / of.length
  );
  if (values.length === 0) return open("no result set has these runs");
  const test = testMean(values);
  if (test.interval === null) {
    return open("one seed shows no spread, so nothing can be tested", test);
  }
  if (test.n < FEWEST_SEEDS) {
    return open(`fewer than ${FEWEST_SEEDS} seeds decide nothing`, test);
  }
  const equivalence = testEquivalence(values, marginOf(metric, margin));
  const verdict = judge({ test, equivalence }, margin);
  return {
    controls,
    statement,
    rule,
    verdict,
    reason: verdict === "inconclusive"
      ? `at this power: ${test.n} seeds show a slope of ${
        test.detectable!.toFixed(2)
      } or more four times in five`
      : "by the interval of the slope and the margin",
    arms: chosen.map(({ arm }) => arm),
    test,
    equivalence,
  };
}

function compareControls(
  chosen: readonly ArmRuns[],
  arms: readonly ArmRuns[],
  metric: MetricName,
): ClaimResult["controls"] {
  const kinds = ["weights", "fresh", "replace"] as const;
  return kinds.flatMap((control) => {
    const differences = new Map<number, number[]>();
    for (const runs of chosen) {
      const other = arms.find(({ arm, protocol }) =>
        protocol === runs.protocol && arm.policy === runs.arm.policy &&
        (control === "replace"
          ? arm.mode === "replace"
          : arm.mode === "add" && arm.standIn === control) &&
        // Where a control keeps the size of the set, its budgets are one.
        (control !== "fresh" || arm.budget === runs.arm.budget)
      );
      if (other === undefined) continue;
      const theirs = scaled(other, metric);
      for (const [seed, points] of scaled(runs, metric)) {
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
    return values.length === 0 ? [] : [{ control, test: testMean(values) }];
  });
}

function doubtsOf(sets: readonly ResultSet[]): string[] {
  const doubts: string[] = [];
  for (const { study, cells } of sets) {
    const failed = cells.filter(({ status }) => status === "failed").length;
    if (failed > 0) doubts.push(`${study.name}: ${failed} cells failed`);
    const counts = new Map<string, number>();
    for (const cell of cells) {
      if (cell.status !== "finished") continue;
      const raised = new Set(
        cell.outcome.flags.map(({ flag, where }) => `${flag} (${where})`),
      );
      for (const flag of raised) counts.set(flag, (counts.get(flag) ?? 0) + 1);
    }
    for (const [flag, count] of counts) {
      doubts.push(
        `${study.name}: ${flag} in ${count} of ${cells.length} cells`,
      );
    }
  }
  return doubts;
}

import { UsageError } from "../core/errors.ts";
import { requireAboveZero } from "../core/require_above_zero.ts";
import { requireSome } from "../core/require_some.ts";
import type { ResultSet } from "../results/result_set.ts";
import { seedsOf } from "../results/seeds_of.ts";
import { type AccuracyReach, accuracyReach } from "./accuracy_reach.ts";
import { claims } from "./claims.ts";
import {
  comparePublished,
  type PublishedComparison,
} from "./compare_published.ts";
import {
  type ConditionContrast,
  conditionContrasts,
} from "./condition_contrasts.ts";
import {
  type ClassContrast,
  classContrasts,
  type SeedContrast,
  seedContrasts,
} from "./ends.ts";
import { metricOf } from "../spec/metrics.ts";
import { inferenceOf } from "./effect.ts";
import { groupAllArms, pairedArms } from "./group_arms.ts";
import { adjustHolm } from "./holm.ts";
import { type ClaimResult, judgeClaims } from "./judge_claim.ts";
import { type LevelComparison, levelComparisons } from "./levels.ts";
import { isRelative } from "./metric.ts";
import { requireCounts } from "./require_counts.ts";
import {
  type ArmTrend,
  type Contrast,
  contrastsOf,
  trendsOf,
} from "./trends.ts";
import { gapsOf, warningsOf } from "./warnings.ts";

/** Identity of the analysis format; the number grows when it changes. */
export const ANALYSIS_SCHEMA = "dupbench/analysis/3";

/** Options of an analysis. */
export interface AnalysisOptions {
  /** Margin: the smallest change of accuracy worth naming, in points; default 1. */
  margin?: number;
  /**
   * Goal of the time to accuracy, in `(0, 1]`; default: for each seed the highest
   * accuracy that all its ratios reach.
   */
  accuracy?: number | undefined;
}

/** Everything that `analyse` finds; a function of the result sets. */
export interface Analysis {
  /** Identity of the format. */
  schema: typeof ANALYSIS_SCHEMA;
  /** Studies analysed, with the digests of their result sets. */
  sources: { study: string; digest: string; seeds: number[] }[];
  /** Margin: the smallest change of accuracy worth naming, in points. */
  margin: number;
  /** Goal of the time to accuracy; `null`: what all ratios of a seed reach. */
  accuracy: number | null;
  /** Verdicts on the paper's claims. */
  claims: ClaimResult[];
  /** Trend of every arm and metric. */
  trends: ArmTrend[];
  /** Difference to ratio 0, for every ratio of those. */
  contrasts: Contrast[];
  /**
   * The same runs under a condition, such as with duplicates removed, and under
   * its usual value, at every ratio.
   */
  conditions: ConditionContrast[];
  /** Effect of copies by level of what is varied, such as multiplicities. */
  levels: LevelComparison[];
  /** Differences by class, for uneven policies. */
  classes: ClassContrast[];
  /** Tests within one seed, for every seed of every arm. */
  seeds: SeedContrast[];
  /** How long it took to that accuracy, for runs with counts between epochs. */
  timeToAccuracy: AccuracyReach[];
  /** The published figures, each with the same measurement here. */
  published: PublishedComparison;
  /** Cells that failed, diverged or raised flags, and what is left out. */
  warnings: string[];
}

/**
 * Tests the paper's claims on result sets. The seed is the unit: each gives one
 * slope, or one difference to its own ratio 0, and the tests are over seeds; those
 * of accuracies are also over test images, which all seeds share. Test images of
 * one run are never pooled as if they were runs.
 *
 * @param sets At least one; several are analysed together.
 * @throws {RangeError} If there is no set, the margin is not above 0, or the accuracy not in range.
 * @throws {UsageError} If the outcomes of a cell are inconsistent, or an accuracy
 * is given and no runs have counts between epochs.
 */
export function analyse(
  sets: readonly ResultSet[],
  { margin = 1, accuracy }: AnalysisOptions = {},
): Analysis {
  requireSome("sets", sets);
  requireAboveZero("margin", margin);
  if (accuracy !== undefined && !(accuracy > 0 && accuracy <= 1)) {
    throw new RangeError(
      `"accuracy" must be in (0, 1], got ${accuracy}`,
    );
  }
  sets.forEach(requireCounts);
  const settings = { margin, accuracy };
  const all = groupAllArms(sets);
  const arms = pairedArms(all);
  const timeToAccuracy = arms.flatMap((runs) => accuracyReach(runs, accuracy));
  if (accuracy !== undefined && timeToAccuracy.length === 0) {
    throw new UsageError(
      '"accuracy" needs runs with evaluations between epochs: a sweep with "evaluateEvery"',
      { field: ["accuracy", "evaluateEvery"] },
    );
  }
  const trends = arms.flatMap((runs) => trendsOf(runs, settings));
  const contrasts = arms.flatMap((runs) => contrastsOf(runs, settings));
  // Times answer another question, and depend on the machine; some of the images
  // answer the same question again.
  const family = contrasts.filter(({ metric, test }) =>
    !isRelative(metric) && metricOf(metric).partOf === undefined &&
    test.p !== null
  );
  const adjusted = adjustHolm(family.map((one) => inferenceOf(one).p!));
  family.forEach((contrast, i) => contrast.holmP = adjusted[i]!);
  return {
    schema: ANALYSIS_SCHEMA,
    sources: sets.map(({ study, digest, cells }) => ({
      study: study.name,
      digest,
      seeds: seedsOf(cells),
    })),
    margin,
    accuracy: accuracy ?? null,
    claims: judgeClaims(claims, arms, settings),
    trends,
    contrasts,
    conditions: conditionContrasts(sets, margin),
    levels: levelComparisons(arms, margin),
    classes: arms.flatMap(classContrasts),
    seeds: arms.flatMap(seedContrasts),
    timeToAccuracy,
    published: comparePublished(trends),
    warnings: [...warningsOf(sets), ...gapsOf(all)],
  };
}

import { UsageError } from "../core/errors.ts";
import type { ResultSet } from "../results/result_set.ts";
import { type AccuracyReach, accuracyReach } from "./accuracy_reach.ts";
import { claims } from "./claims.ts";
import {
  comparePublished,
  type PublishedComparison,
} from "./compare_published.ts";
import { doubtsOf, gapsOf } from "./doubts.ts";
import {
  type ClassContrast,
  classContrasts,
  type SeedContrast,
  seedContrasts,
} from "./ends.ts";
import { adjustHolm } from "./holm.ts";
import { type ClaimResult, judgeClaim } from "./judge_claim.ts";
import { requireCounts } from "./require_counts.ts";
import { groupArms } from "./seed_curves.ts";
import {
  type ArmTrend,
  type Contrast,
  contrastsOf,
  isTime,
  trendsOf,
} from "./trends.ts";

/** What an analysis may be told. */
export interface AnalysisOptions {
  /** Change of accuracy that is worth naming, in points; default 1. */
  margin?: number;
  /**
   * Accuracy to take the time to, in `(0, 1]`; default: for each seed the highest
   * that all its ratios reach.
   */
  accuracy?: number | undefined;
}

/** Everything `analyse` finds; times aside, a function of the result sets. */
export interface Analysis {
  /** Studies analysed, with the digests of their result sets. */
  sources: { study: string; digest: string; seeds: number[] }[];
  /** Change of accuracy that is worth naming, in points. */
  margin: number;
  /** Accuracy that the time is to; `null`: what all ratios of a seed reach. */
  accuracy: number | null;
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
  /** How long it took to that accuracy; only of runs with counts for it. */
  reach: AccuracyReach[];
  /** The published figures, each with its like here. */
  published: PublishedComparison;
  /** Cells with flags, cells that failed or diverged, and what they leave out. */
  doubts: string[];
}

/**
 * Tests the paper's claims on result sets. The seed is the unit: each gives one
 * slope, or one difference to its own ratio 0, and the tests are over seeds.
 * Test images of one run are never pooled as if they were runs.
 *
 * @param sets At least one; several are analysed together.
 * @throws {RangeError} If the margin is not above 0, or the accuracy not in range.
 * @throws {UsageError} If the outcomes of a cell do not add up, or an accuracy is
 * given and no runs have counts for it.
 */
export function analyse(
  sets: readonly ResultSet[],
  { margin = 1, accuracy }: AnalysisOptions = {},
): Analysis {
  if (!(margin > 0 && margin < Infinity)) {
    throw new RangeError(
      `Cannot analyse as margin must be above 0: current value is ${margin}`,
    );
  }
  if (accuracy !== undefined && !(accuracy > 0 && accuracy <= 1)) {
    throw new RangeError(
      `Cannot analyse as accuracy must be in (0, 1]: current value is ${accuracy}`,
    );
  }
  sets.forEach(requireCounts);
  const terms = { margin, accuracy };
  const arms = groupArms(sets);
  const reach = arms.flatMap((runs) => accuracyReach(runs, accuracy));
  if (accuracy !== undefined && reach.length === 0) {
    throw new UsageError(
      "Cannot analyse time to an accuracy as there must be runs with counts between epochs (sweep --evaluate-every): current value is none",
    );
  }
  const trends = arms.flatMap((runs) => trendsOf(runs, terms));
  const contrasts = arms.flatMap((runs) => contrastsOf(runs, terms));
  // Times are a question of their own, and of the machine.
  const family = contrasts.filter(({ metric, test }) =>
    !isTime(metric) && test.p !== null
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
    accuracy: accuracy ?? null,
    claims: claims.map((claim) => judgeClaim(claim, arms, terms)),
    trends,
    contrasts,
    classes: arms.flatMap(classContrasts),
    seeds: arms.flatMap(seedContrasts),
    reach,
    published: comparePublished(trends),
    doubts: [...doubtsOf(sets), ...gapsOf(arms)],
  };
}

import { countOf } from "../core/count_of.ts";
import { largest } from "../core/extremes.ts";
import binomialCdf from "@stdlib/stats-base-dists-binomial-cdf";
import type { FinishedCell } from "../results/result_set.ts";

/** Chance that a network that guesses is taken for one that has learned. */
export const CHANCE_LEVEL = 0.01;

/** Number of networks at chance level among those examined. */
export interface ChanceCount {
  /** Networks whose clean accuracy is not above chance. */
  atChance: number;
  /** Networks that were tested. */
  networks: number;
  /** Mean accuracy of those at chance, in points; NaN where there is none. */
  accuracy: number;
  /** Share of the largest class in the test set, in points. */
  chance: number;
}

/**
 * Counts the networks that have not learned: those whose number of correct test
 * images a constant answer, the largest class of the test set, would reach with
 * a probability of at least {@linkcode CHANCE_LEVEL} if each test image were
 * drawn by itself (one-sided exact binomial test). Diverged cells, which were
 * not tested, do not count, and a cell that several result sets share counts
 * once.
 */
export function countAtChance(cells: readonly FinishedCell[]): ChanceCount {
  const tested = cells.flatMap(({ id, outcome: { test } }) =>
    test === null ? [] : [{ id, test }]
  );
  // Cells of other folders, or of another machine, may have the same id.
  const keyed = tested.map(({ id, test }) =>
    [JSON.stringify([id, test.rowsPerClass, test.clean]), test] as const
  );
  const tests = [...new Map(keyed).values()];
  const low = tests.filter(({ clean, rows, rowsPerClass }) =>
    !isAboveChance(clean.correct, rows, Math.max(...rowsPerClass) / rows)
  );
  const shares = tests.map(({ rows, rowsPerClass }) =>
    Math.max(...rowsPerClass) / rows
  );
  return {
    atChance: low.length,
    networks: tests.length,
    accuracy: 100 *
      low.reduce((sum, { clean, rows }) => sum + clean.correct / rows, 0) /
      low.length,
    chance: 100 * Math.max(0, largest(shares)),
  };
}

/** Puts the count into a clause; its accuracy is that of the networks at chance. */
export function describeChance(
  { atChance, networks, accuracy, chance }: ChanceCount,
): string {
  return `${atChance} of ${
    countOf(networks, "network is", "networks are")
  } not above chance (accuracy ${
    accuracy.toFixed(1)
  } %; always predicting the most frequent class gives ${chance.toFixed(1)} %)`;
}

/** Whether so many correct of so many show more than a guess. */
function isAboveChance(correct: number, rows: number, chance: number): boolean {
  // P(X >= correct); a test set of one class leaves nothing to learn.
  const p = correct === 0 ? 1 : 1 - binomialCdf(correct - 1, rows, chance);
  return chance === 1 || p < CHANCE_LEVEL;
}

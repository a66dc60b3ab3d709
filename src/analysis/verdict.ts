import type { FinishedCell, ResultSet } from "../results/result_set.ts";
import { type ChanceCount, countAtChance } from "./chance.ts";
import {
  concludeContrast,
  type ConditionFinding,
} from "./condition_contrasts.ts";
import { type EffectTest, inferenceOf, testEffect } from "./effect.ts";
import { meanOf } from "./mean_of.ts";
import { measure } from "./metric.ts";
import { type Needs, seedsNeeded } from "./seeds_needed.ts";

/** What one arm of a paired study is compared with another. */
export interface ArmContrast {
  /** Accuracies of the seeds compared, in points, ascending by seed. */
  readonly pairs: readonly {
    readonly seed: number;
    readonly accuracy: number;
    readonly otherAccuracy: number;
  }[];
  /** Mean accuracy of the arm, in points. */
  readonly mean: number;
  /** Mean accuracy of the arm that it is compared with, in points. */
  readonly otherMean: number;
  /** The difference, paired by seed. */
  readonly effect: EffectTest;
  /** What it shows. */
  readonly finding: ConditionFinding;
  /** Why it is inconclusive, as a clause; absent where it is not. */
  readonly reason?: string;
  /** What would find an effect as large as the margin. */
  readonly needs: Needs | null;
}

/** What test images with a duplicate among the training images do to accuracy. */
export interface LeakCount {
  /** Such test images. */
  readonly images: number;
  /** Test images in all. */
  readonly of: number;
  /** Mean accuracy on them, images as they are, in points. */
  readonly accuracy: number;
  /** Mean accuracy on the other test images, in points. */
  readonly otherAccuracy: number;
  /** Mean accuracy on all test images, in points. */
  readonly allAccuracy: number;
}

/** What a paired study of the duplicates in a data set came to. */
export interface Verdict {
  /** Training images as they are. */
  readonly trainRows: number;
  /** Test images that count. */
  readonly testRows: number;
  /** Training images that cleaning removed; 0 where nothing was cleaned. */
  readonly removed: number;
  /** Images added per image, and how many that are. */
  readonly ratio: number;
  readonly added: number;
  /** Gradient steps, and images trained on, of every run. */
  readonly steps: number;
  readonly images: number;
  /** As it is minus cleaned: what the duplicates gave; absent: none were found. */
  readonly own?: ArmContrast;
  /** With more duplicates minus as it is: what these gave. */
  readonly more?: ArmContrast;
  /** Test images that leak; absent: none. */
  readonly leaks?: LeakCount;
  /** Smallest change of accuracy that matters, in points. */
  readonly margin: number;
}

/** The cells of an arm by seed. */
type Arm = ReadonlyMap<number, FinishedCell>;

/**
 * Reads the result set of a paired study of the duplicates in a data set: one network
 * and training at ratio 0 as it is and, where there are duplicates, with these
 * removed, and with copies added at one ratio; test images that leak are counted
 * apart. Every difference is paired by seed, over the seeds that both arms have, and
 * tested like all accuracies: over seeds and test images.
 *
 * @param margin Smallest change of accuracy that matters, in points.
 * @returns `null` for any other study, or where no run as it is has been tested.
 */
export function verdictOf(set: ResultSet, margin: number): Verdict | null {
  const { study, dataset } = set;
  if (study.leaks !== "apart" || study.ratios.length > 2) return null;
  const cells = set.cells.filter((cell) =>
    cell.status === "finished" && cell.outcome.test !== null
  ) as FinishedCell[];
  const arm = (isOf: (config: FinishedCell["config"]) => boolean) => {
    const own = cells.filter(({ config }) => isOf(config));
    const bySeed = new Map(own.map((cell) => [cell.config.seed, cell]));
    // Two cells of one seed differ in more than the arms of such a study do.
    return bySeed.size === own.length ? bySeed : undefined;
  };
  const asIs = arm(({ duplication, dedup }) =>
    duplication.ratio === 0 && dedup === undefined
  );
  const cleaned = arm(({ duplication, dedup }) =>
    duplication.ratio === 0 && dedup !== undefined
  );
  const copied = arm(({ duplication, dedup }) =>
    duplication.ratio > 0 && dedup === undefined
  );
  if (asIs === undefined || cleaned === undefined || copied === undefined) {
    return null;
  }
  const [first] = asIs.values();
  if (first === undefined || cleaned.size + copied.size === 0) return null;
  const own = contrastArms(asIs, cleaned, margin);
  const more = contrastArms(copied, asIs, margin);
  const leaks = countLeaks([...asIs.values()]);
  const [aCleaned] = cleaned.values();
  const [aCopied] = copied.values();
  const total = (counts: readonly number[]) =>
    counts.reduce((sum, count) => sum + count, 0);
  return {
    trainRows: first.duplication.originals,
    testRows: total(dataset.testPerClass),
    removed: aCleaned?.duplication.removed?.originals ?? 0,
    ratio: aCopied?.config.duplication.ratio ?? 0,
    added: aCopied?.duplication.copies ?? 0,
    steps: total(first.outcome.epochs.map(({ steps }) => steps)),
    images: total(first.outcome.epochs.map(({ images }) => images)),
    ...(own && { own }),
    ...(more && { more }),
    ...(leaks && { leaks }),
    margin,
  };
}

function contrastArms(
  arm: Arm,
  other: Arm,
  margin: number,
): ArmContrast | undefined {
  const pairs = [...arm].flatMap(([seed, cell]) => {
    const reference = other.get(seed);
    return reference === undefined ? [] : [[seed, cell, reference] as const];
  });
  // A group has one data set.
  const images = "";
  const effect = testEffect(
    new Map(
      pairs.map(([seed, cell, reference]) => [
        seed,
        [{ cell, weight: 1, images }, { cell: reference, weight: -1, images }],
      ]),
    ),
    "clean",
    margin,
  );
  if (effect === null) return undefined;
  const chance: ChanceCount = countAtChance(
    pairs.flatMap(([, cell, reference]) => [cell, reference]),
  );
  const accuracies = pairs.map(([seed, cell, reference]) => ({
    seed,
    accuracy: measure(cell, "clean")!,
    otherAccuracy: measure(reference, "clean")!,
  })).sort((a, b) => a.seed - b.seed);
  return {
    pairs: accuracies,
    mean: meanOf(accuracies.map(({ accuracy }) => accuracy)),
    otherMean: meanOf(accuracies.map(({ otherAccuracy }) => otherAccuracy)),
    effect,
    // Not adjusted, because each of the two differences answers its own question.
    ...concludeContrast(
      effect,
      { p: inferenceOf(effect).p, equivalenceP: effect.equivalenceP },
      chance,
    ),
    needs: seedsNeeded(effect, margin),
  };
}

function countLeaks(cells: readonly FinishedCell[]): LeakCount | undefined {
  const counts = cells.flatMap(({ outcome: { test, leaked } }) =>
    test && leaked ? [{ test, leaked }] : []
  );
  const [first] = counts;
  if (first === undefined) return undefined;
  const images = first.leaked.rows;
  const of = images + first.test.rows;
  return {
    images,
    of,
    accuracy: meanOf(counts.map(({ leaked }) => 100 * leaked.correct / images)),
    otherAccuracy: meanOf(
      counts.map(({ test }) => 100 * test.clean.correct / test.rows),
    ),
    allAccuracy: meanOf(
      counts.map(({ test, leaked }) =>
        100 * (test.clean.correct + leaked.correct) / of
      ),
    ),
  };
}

import type { FinishedCell } from "../results/result_set.ts";
import {
  type CrossedTest,
  type ImageSample,
  testCrossed,
} from "./crossed_test.ts";
import { quadraticWeights, sharedPositions } from "./curvature.ts";
import { type ArmRuns, countedImagesOf } from "./group_arms.ts";
import { imageScores } from "./image_scores.ts";
import { type AccuracyMetric, measure } from "./metric.ts";
import {
  type MeanTest,
  testEquivalence,
  testMean,
  testWithin,
} from "./paired_test.ts";

/** The part of a cell in an effect of its seed. */
export interface EffectTerm {
  /** The cell. */
  readonly cell: FinishedCell;
  /** What its accuracy is multiplied by. */
  readonly weight: number;
  /** Which test images it was tested on: equal for the same ones. */
  readonly images: string;
}

/**
 * A quantity that is a sum of weighted accuracies of the cells of a seed, such as
 * a slope or a difference; by seed.
 */
export type Effect = ReadonlyMap<number, readonly EffectTerm[]>;

/** Tests of an effect against 0. */
export interface EffectTest {
  /** Over seeds, for these test images. */
  test: MeanTest;
  /** Over seeds and test images; `null` without scores of single images. */
  crossed: CrossedTest | null;
  /** p of the equivalence test at the margin, of the wider of both. */
  equivalenceP: number | null;
}

/** Tests of an effect against 0, without a margin. */
export type ZeroTest = Pick<EffectTest, "test" | "crossed">;

/** What is inferred of an effect: by the wider of its two tests. */
export interface Inference {
  /** Ends of the 95 % confidence interval; `null` for one seed. */
  readonly interval: readonly [low: number, high: number] | null;
  /** Two-sided p; `null` for one seed. */
  readonly p: number | null;
  /** Smallest effect that is detected with power .8; `null` for one seed. */
  readonly detectable: number | null;
  /** Whether the interval covers the choice of test images, too. */
  readonly coversImages: boolean;
}

/**
 * The wider interval of both tests, the larger p and the larger detectable effect.
 * The crossed test is the narrower one where the seeds happen to differ by no more
 * than test images explain, as it then has their degrees of freedom.
 */
export function inferenceOf(
  { test, crossed }: ZeroTest,
): Inference {
  const { interval, p, detectable } = test;
  if (crossed === null || interval === null) {
    return { interval, p, detectable, coversImages: false };
  }
  const width = ([low, high]: readonly [number, number]) => high - low;
  return {
    interval: width(crossed.interval) > width(interval)
      ? crossed.interval
      : interval,
    p: Math.max(p!, crossed.p),
    detectable: Math.max(detectable!, crossed.detectable),
    coversImages: true,
  };
}

/**
 * Slopes of an arm by least squares over its ratios: the change of accuracy from
 * ratio 0 to 1.
 *
 * @param ratios Ratios to use, 0 among them; default: all that a seed has.
 */
export function slopeEffect(
  { seeds, images }: ArmRuns,
  ratios?: readonly number[],
): Effect {
  return mapSeeds(seeds, (cells) => {
    const used = [...cells].filter(([ratio]) =>
      ratios?.includes(ratio) ?? true
    );
    if (used.length < 2) return undefined;
    const mean = used.reduce((sum, [ratio]) => sum + ratio, 0) / used.length;
    const spread = used.reduce((sum, [ratio]) => sum + (ratio - mean) ** 2, 0);
    return used.map(([ratio, cell]) => ({
      cell,
      weight: (ratio - mean) / spread,
      images,
    }));
  });
}

/** Departures of an arm from a straight line: `curvatureOf`, by seed. */
export function curvatureEffect({ seeds, images }: ArmRuns): Effect {
  const ratios = sharedPositions([...seeds.values()].map((of) => [...of]));
  const weights = quadraticWeights(ratios);
  if (weights === null) return new Map();
  return mapSeeds(seeds, (cells) =>
    ratios.map((ratio, i) => ({
      cell: cells.get(ratio)!,
      weight: weights[i]!,
      images,
    })));
}

/** Differences of an arm at a ratio to its ratio 0. */
export function contrastEffect(
  { seeds, images }: ArmRuns,
  ratio: number,
): Effect {
  return mapSeeds(seeds, (cells) => {
    const [cell, first] = [cells.get(ratio), cells.get(0)];
    return cell && first &&
      [{ cell, weight: 1, images }, { cell: first, weight: -1, images }];
  });
}

/**
 * Mean of effects, over the seeds that have all of them: a seed that lacks one
 * would give another mean.
 */
export function meanEffect(effects: readonly Effect[]): Effect {
  const [first, ...others] = effects;
  if (first === undefined) return new Map();
  return mapSeeds(first, (_, seed) => {
    const all = [first, ...others].map((effect) => effect.get(seed));
    if (all.includes(undefined)) return undefined;
    return all.flatMap((terms) => scale(terms!, 1 / effects.length));
  });
}

/** One effect minus another, over the seeds that have both. */
export function differenceEffect(effect: Effect, other: Effect): Effect {
  return mapSeeds(effect, (terms, seed) => {
    const theirs = other.get(seed);
    return theirs && [...terms, ...scale(theirs, -1)];
  });
}

/** Values of an effect, in points, by seed; without those of unmeasured cells. */
export function measureEffect(
  effect: Effect,
  metric: AccuracyMetric,
): Map<number, number> {
  return mapSeeds(effect, (terms) => {
    let value = 0;
    let size = 0;
    for (const { cell, weight } of terms) {
      const points = measure(cell, metric);
      if (points === null) return undefined;
      value += weight * points;
      size += Math.abs(weight * points);
    }
    return Math.abs(value) <= ROUNDING * size ? 0 : value;
  });
}

/**
 * Tests an effect against 0.
 *
 * @param margin The smallest change worth naming, in points.
 * @returns `null` where no seed has it.
 */
export function testEffect(
  effect: Effect,
  metric: AccuracyMetric,
  margin: number,
): EffectTest | null {
  const values = measureEffect(effect, metric);
  if (values.size === 0) return null;
  const seeds = [...values.values()];
  const crossed = testImages(
    new Map([...effect].filter(([seed]) => values.has(seed))),
    metric,
  );
  const overSeeds = testEquivalence(seeds, margin);
  return {
    test: testMean(seeds),
    crossed,
    equivalenceP: overSeeds === null || crossed === null
      ? overSeeds
      : Math.max(overSeeds, testWithin(crossed, margin)),
  };
}

/** Part of the values below which an effect is due to rounding alone. */
const ROUNDING = 1e-12;

/** The crossed test of an effect; `null` if seeds saw different images. */
function testImages(
  effect: Effect,
  metric: AccuracyMetric,
): CrossedTest | null {
  const bySeed = [...effect.values()].map((terms) =>
    Map.groupBy(
      terms,
      ({ cell, images }) => countedImagesOf(images, cell.config, metric),
    )
  );
  const sets = [...bySeed[0]!.keys()];
  const samples = sets.map((images) => {
    const terms = bySeed.map((of) => of.get(images));
    return sampleOf(terms, metric);
  });
  const isSame = bySeed.every(({ size }) => size === sets.length) &&
    samples.every((sample) => sample !== null);
  return isSame ? testCrossed(samples as ImageSample[]) : null;
}

/** The values of an effect on the test images of one data set. */
function sampleOf(
  bySeed: readonly (readonly EffectTerm[] | undefined)[],
  metric: AccuracyMetric,
): ImageSample | null {
  const values: Float64Array[] = [];
  const means: (number[] | null)[] = [];
  let rows: readonly number[] | undefined;
  for (const terms of bySeed) {
    const scores = terms?.map(({ cell }) => imageScores(cell, metric)) ?? [];
    const [first] = scores;
    if (!terms || !first) return null;
    rows ??= first.rowsPerClass;
    const value = new Float64Array(first.right.length);
    let byClass: number[] | null = rows.map(() => 0);
    let size = 0;
    for (const [i, score] of scores.entries()) {
      if (!score || score.rowsPerClass.join() !== rows.join()) return null;
      const weight = 100 * terms[i]!.weight;
      size += Math.abs(weight);
      score.right.forEach((right, image) => value[image]! += weight * right);
      const { correctPerClass } = score;
      byClass = byClass && correctPerClass &&
        byClass.map((sum, c) =>
          sum + weight * correctPerClass[c]! / Math.max(1, rows![c]!)
        );
    }
    // Weights sum to 0, but for rounding: an image that never changes is no effect.
    values.push(value.map((v) => Math.abs(v) <= ROUNDING * size ? 0 : v));
    means.push(byClass);
  }
  const isCounted = means.every((of) => of !== null);
  return {
    values,
    strata: isCounted ? { rows: rows ?? [], means } : undefined,
  };
}

function scale(
  terms: readonly EffectTerm[],
  factor: number,
): readonly EffectTerm[] {
  return terms.map((term) => ({ ...term, weight: term.weight * factor }));
}

function mapSeeds<A, B>(
  seeds: ReadonlyMap<number, A>,
  make: (value: A, seed: number) => B | undefined,
): Map<number, B> {
  const made = new Map<number, B>();
  for (const [seed, value] of seeds) {
    const one = make(value, seed);
    if (one !== undefined) made.set(seed, one);
  }
  return made;
}

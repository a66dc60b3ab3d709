import { canonicalJson } from "../core/digest.ts";
import type { FinishedCell, ResultSet } from "../results/result_set.ts";
import { axes, type CoordinateKey } from "../spec/axes.ts";
import type { Axis, CoordinateValue } from "../spec/axis.ts";
import { coordinatesOf, type CoordinateValues } from "../spec/name_cell.ts";
import { bcaInterval } from "./bca_interval.ts";
import { type ChanceCount, countAtChance } from "./chance.ts";
import { FEWEST_SEEDS, LEVEL } from "./claims.ts";
import type { CrossedTest } from "./crossed_test.ts";
import { type EffectTest, inferenceOf, testEffect } from "./effect.ts";
import { adjustHolm } from "./holm.ts";
import { meanOf } from "./mean_of.ts";
import { type AccuracyMetric, measure } from "./metric.ts";
import type { MeanTest } from "./paired_test.ts";
import { testSignFlip } from "./sign_flip.ts";

/** What a contrast of conditions shows. */
export type ConditionFinding =
  | "higher"
  | "lower"
  | "no change above the margin"
  | "inconclusive";

/** One run under a condition, and the same run under its usual value. */
export interface ConditionPair {
  /** Seed of both. */
  seed: number;
  /** Accuracy with the value, in points. */
  accuracy: number;
  /** Accuracy with the usual value, in points. */
  usualAccuracy: number;
}

/**
 * The same runs under a condition and under its usual value, such as with
 * duplicates removed and with duplicates kept: paired by seed, at one ratio.
 */
export interface ConditionContrast {
  /** The coordinate in which the runs differ. */
  key: CoordinateKey;
  /** Its value. */
  value: CoordinateValue;
  /** The usual value, which it is compared with. */
  usual: CoordinateValue;
  /** Values of all other coordinates but ratio and seed; `null`: not applicable. */
  runs: CoordinateValues;
  /** Copies per original image. */
  ratio: number;
  /** What was measured; in points. */
  metric: AccuracyMetric;
  /** Accuracies of the seeds compared, ascending by seed. */
  pairs: ConditionPair[];
  /** Mean over the seeds compared, with the value, in points. */
  mean: number;
  /** Mean over the same seeds, with the usual value, in points. */
  usualMean: number;
  /** Differences, one per seed: with the value minus with the usual value. */
  test: MeanTest;
  /** The difference over seeds and test images. */
  crossed: CrossedTest | null;
  /** Bootstrap interval (BCa), 95 %; `null` for fewer than 10 seeds. */
  bcaInterval: [low: number, high: number] | null;
  /** p of the exact sign-flip test; `null` for one seed. */
  signFlipP: number | null;
  /** p adjusted over all contrasts of conditions (Holm). */
  holmP: number | null;
  /** p of the equivalence test at the margin. */
  equivalenceP: number | null;
  /**
   * `equivalenceP` with Holm's adjustment over all contrasts of conditions; absent in
   * files of earlier versions, which did not use it.
   */
  equivalenceHolmP?: number | null;
  /** Networks at chance level among those with the usual value. */
  chance: ChanceCount;
  /** Training images removed with the value, mean over seeds; absent: none may be. */
  removed?: number;
  /** What it shows. */
  finding: ConditionFinding;
  /** Why it is inconclusive, as a clause; absent where it is not. */
  reason?: string;
}

const metricsCompared = [
  "clean",
  "adversarial",
  "flipped-clean",
  "averaged-clean",
  "averaged-adversarial",
  "best-clean",
  "best-adversarial",
] as const satisfies readonly AccuracyMetric[];

/** Conditions that have a usual value: without one there is no reference. */
const conditions = (axes as readonly Axis[]).filter(({ role, usual }) =>
  role === "condition" && usual !== undefined
);

/**
 * Contrasts of every condition that has a usual value, at every ratio, 0
 * included, over the seeds that ran under both.
 *
 * @param sets Cells in several of them count once, the last of them.
 * @param margin Smallest change of accuracy that matters, in points.
 */
export function conditionContrasts(
  sets: readonly ResultSet[],
  margin: number,
): ConditionContrast[] {
  const cells = sets.flatMap((set) =>
    set.cells.flatMap((cell) =>
      cell.status === "finished" && cell.outcome.test !== null
        ? [{ cell, data: set.dataset.sha256 }]
        : []
    )
  );
  const contrasts = conditions.flatMap((axis) =>
    [
      ...Map.groupBy(
        cells,
        ({ cell, data }) => canonicalJson([data, restOf(cell, axis)]),
      ).values(),
    ].flatMap((group) =>
      contrastGroup(group.map(({ cell }) => cell), axis, margin)
    )
  );
  const adjusted = adjustEffects(contrasts);
  return contrasts.map((contrast, i) => {
    const { p, equivalenceP } = adjusted[i]!;
    return {
      ...contrast,
      holmP: p,
      equivalenceHolmP: equivalenceP,
      ...concludeContrast(contrast, { p, equivalenceP }, contrast.chance),
    };
  });
}

/** p-values that decide about an effect. */
export interface DecisiveP {
  /** Against 0; `null` for one seed. */
  readonly p: number | null;
  /** Of the equivalence test; `null` for one seed. */
  readonly equivalenceP: number | null;
}

/**
 * The p-values of effects with Holm's adjustment over all of them, those against 0
 * and those of the equivalence tests each.
 *
 * @returns In the order of the effects.
 */
export function adjustEffects(effects: readonly EffectTest[]): DecisiveP[] {
  const family = effects.filter(({ test }) => test.p !== null);
  const adjust = (read: (effect: EffectTest) => number) => {
    const adjusted = adjustHolm(family.map(read));
    return new Map(family.map((one, i) => [one, adjusted[i]!]));
  };
  const holm = adjust((one) => inferenceOf(one).p!);
  const bounds = adjust(({ equivalenceP }) => equivalenceP!);
  return effects.map((effect) => ({
    p: holm.get(effect) ?? null,
    equivalenceP: bounds.get(effect) ?? null,
  }));
}

/** A contrast before p-values are adjusted, from which its conclusion follows. */
type OpenContrast = Omit<
  ConditionContrast,
  "holmP" | "equivalenceHolmP" | "finding" | "reason"
>;

/** All of a config but the condition and the seed. */
function restOf({ config }: FinishedCell, { shape }: Axis): unknown {
  return Object.fromEntries(
    Object.entries(config).filter(([field]) =>
      field !== "seed" && !Object.hasOwn(shape, field)
    ),
  );
}

/** Contrasts of cells that differ in one condition and the seed only. */
function contrastGroup(
  cells: readonly FinishedCell[],
  axis: Axis,
  margin: number,
): OpenContrast[] {
  const byConfig = Map.groupBy(
    cells,
    ({ config }) => canonicalJson({ ...config, seed: null }),
  );
  const isUsual = ({ config }: FinishedCell) =>
    axis.valueOf(config) === axis.usual;
  const groups = [...byConfig.values()];
  const usual = new Map(
    groups.find(([cell]) => isUsual(cell!))?.map((cell) =>
      [cell.config.seed, cell] as const
    ),
  );
  return groups.filter(([cell]) => !isUsual(cell!)).flatMap((others) => {
    const bySeed = new Map(others.map((cell) => [cell.config.seed, cell]));
    const pairs = [...bySeed].flatMap(([seed, cell]) => {
      const reference = usual.get(seed);
      return reference === undefined ? [] : [[cell, reference] as const];
    });
    return metricsCompared.flatMap((metric) =>
      contrastPairs(pairs, { axis, metric, margin })
    );
  });
}

function contrastPairs(
  pairs: readonly (readonly [cell: FinishedCell, usual: FinishedCell])[],
  { axis, metric, margin }: {
    axis: Axis;
    metric: ConditionContrast["metric"];
    margin: number;
  },
): OpenContrast[] {
  const values = pairs.flatMap(([cell, usual]): ConditionPair[] => {
    const [a, b] = [measure(cell, metric), measure(usual, metric)];
    const { seed } = cell.config;
    return a === null || b === null
      ? []
      : [{ seed, accuracy: a, usualAccuracy: b }];
  }).sort((a, b) => a.seed - b.seed);
  if (values.length === 0) return [];
  const differences = values.map(({ accuracy, usualAccuracy }) =>
    accuracy - usualAccuracy
  );
  const [{ config }] = pairs[0]!;
  const { ratio: _, seed: __, [axis.key as CoordinateKey]: ___, ...runs } =
    coordinatesOf(config);
  // A group has one data set.
  const images = "";
  const tested = testEffect(
    new Map(
      pairs.map(([cell, usual]) => [
        cell.config.seed,
        [{ cell, weight: 1, images }, { cell: usual, weight: -1, images }],
      ]),
    ),
    metric,
    margin,
  )!;
  const chance = countAtChance(pairs.map(([, usual]) => usual));
  const removed = pairs.flatMap(([{ duplication: { removed } }]) =>
    removed === undefined ? [] : [removed.originals + removed.copies]
  );
  return [{
    key: axis.key as CoordinateKey,
    value: axis.valueOf(config)!,
    usual: axis.usual!,
    runs,
    ratio: config.duplication.ratio,
    metric,
    pairs: values,
    mean: meanOf(values.map(({ accuracy }) => accuracy)),
    usualMean: meanOf(values.map(({ usualAccuracy }) => usualAccuracy)),
    ...tested,
    bcaInterval: bcaInterval(differences),
    signFlipP: differences.length > 1 ? testSignFlip(differences) : null,
    chance,
    ...(removed.length > 0 && { removed: meanOf(removed) }),
  }];
}

/**
 * The rule of the conclusion; `conditionRule` says it in words.
 *
 * @param tested The tests of the contrast by itself.
 * @param decisive The p-values that decide: against 0, and of the equivalence test;
 * adjusted where the contrast is one of several of a family.
 * @param fewestSeeds Fewest seeds of a conclusion.
 */
export function concludeContrast(
  tested: EffectTest,
  { p, equivalenceP }: DecisiveP,
  chance: ChanceCount,
  fewestSeeds: number = FEWEST_SEEDS,
): Pick<ConditionContrast, "finding" | "reason"> {
  const { test } = tested;
  const open = (reason: string) =>
    ({ finding: "inconclusive", reason }) as const;
  if (chance.atChance > 0) return open("these networks have not learned");
  if (p === null || equivalenceP === null || test.n < fewestSeeds) {
    return open(`a conclusion needs at least ${fewestSeeds} seeds`);
  }
  if (equivalenceP < LEVEL) return { finding: "no change above the margin" };
  if (p < LEVEL) return { finding: test.mean > 0 ? "higher" : "lower" };
  const isByItself = inferenceOf(tested).p! < LEVEL ||
    tested.equivalenceP! < LEVEL;
  return open(
    isByItself
      ? "shown by its own test, but not after Holm's adjustment"
      : "the interval is too wide",
  );
}

/** The rule of the conclusions in words. */
export const conditionRule =
  `Differences are paired by seed. Conclusions follow from p-values with Holm's adjustment over all comparisons of this list; tests against 0 and tests of equivalence are adjusted separately. There is no change above the margin if the equivalence test shows it (Holm equivalence p below ${LEVEL}), even if the change differs from 0. Otherwise accuracy is higher or lower if Holm p is below ${LEVEL}. In all other cases, with fewer than ${FEWEST_SEEDS} seeds, or if a network without the condition is not above chance, there is no conclusion. Intervals are 95 % intervals of single comparisons and are not adjusted, so an interval may exclude 0 where there is no conclusion. Two tests are made, over seeds and over seeds and test images: the wider interval and the larger p-value are given.`;

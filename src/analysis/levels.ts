import { canonicalJson } from "../core/digest.ts";
import { axes, coordinates } from "../spec/axes.ts";
import type { Axis, CoordinateValue } from "../spec/axis.ts";
import type { CoordinateValues } from "../spec/name_cell.ts";
import {
  policies,
  type PolicyTerm,
  type StudyPolicyName,
} from "../spec/policies.ts";
import { armCoordinates } from "./arm.ts";
import { type ChanceCount, countAtChance } from "./chance.ts";
import { FEWEST_SECONDARY_SEEDS, LEVEL } from "./claims.ts";
import {
  adjustEffects,
  concludeContrast,
  type ConditionFinding,
} from "./condition_contrasts.ts";
import {
  contrastEffect,
  differenceEffect,
  type EffectTest,
  testEffect,
} from "./effect.ts";
import type { ArmRuns } from "./group_arms.ts";
import type { AccuracyMetric } from "./metric.ts";

/**
 * What secondary studies vary: the ratio, and axes whose values have an order or a
 * first one. Policies, stand-ins and ways to train are compared elsewhere.
 */
const levelKeys = [
  "ratio",
  "multiplicity",
  "conflict",
  "copies",
  "dedup",
  "width",
  "drawTrain",
] as const satisfies readonly LevelKey[];

/** A coordinate by whose values effects are compared. */
export type LevelKey =
  | "ratio"
  | "multiplicity"
  | "conflict"
  | "copies"
  | "dedup"
  | "width"
  | "drawTrain";

/** Which accuracies are compared by level. */
const levelMetrics = [
  "clean",
  "adversarial",
] as const satisfies readonly AccuracyMetric[];

/** What the difference between the effects at two levels shows, and by which tests. */
export interface LevelConclusion {
  /** p against 0, adjusted over all differences between levels (Holm). */
  holmP: number | null;
  /** p of the equivalence test at the margin, with the same adjustment. */
  equivalenceHolmP: number | null;
  /** What it shows: the change of accuracy is higher or lower than at the first level. */
  finding: ConditionFinding;
  /** Why it is inconclusive, as a clause; absent where it is not. */
  reason?: string;
}

/** The effect of copies at one level. */
export interface LevelEffect {
  /** The level. */
  value: CoordinateValue;
  /** Change of accuracy against ratio 0 of the same seed, in points. */
  change: EffectTest;
  /**
   * That change minus that at the first level, over the seeds that have both, in
   * points; `null` at the first level, or where no seed has both.
   */
  difference: EffectTest | null;
  /**
   * What that difference shows; `null` where there is none; absent in files of
   * earlier versions.
   */
  conclusion?: LevelConclusion | null;
  /** Networks at chance level among those at ratio 0. */
  chance: ChanceCount;
}

/** The effect of the same copies at every level of one coordinate. */
export interface LevelComparison {
  /** The coordinate that is varied. */
  key: LevelKey;
  /** Values of all others but ratio and seed; `null`: not applicable. */
  runs: CoordinateValues;
  /** Copies per original image; `null` where the ratio is what is varied. */
  ratio: number | null;
  /** What was measured; in points. */
  metric: AccuracyMetric;
  /** At least two, in the order of the levels; the first is compared with. */
  levels: LevelEffect[];
}

/** The runs of one level, before they are measured. */
interface LevelRuns {
  readonly value: CoordinateValue;
  readonly runs: ArmRuns;
  readonly ratio: number;
}

/**
 * Compares the effect of copies between the levels of a coordinate, such as
 * multiplicities or widths: arms that differ in nothing else, at each ratio that at
 * least two of them have, and the ratios of one arm. Changes are against ratio 0 of
 * the same seed and level, so that they do not include the effect that a level, such
 * as a width, has without copies.
 *
 * @param arms Those with a ratio 0.
 * @param margin Smallest change of accuracy that matters, in points.
 */
export function levelComparisons(
  arms: readonly ArmRuns[],
  margin: number,
): LevelComparison[] {
  return conclude(levelKeys.flatMap((key) => {
    const groups = key === "ratio"
      ? arms.map((runs) =>
        ratiosOf(runs).map((ratio) => ({ value: ratio, runs, ratio }))
      )
      : groupByRest(arms, key);
    return groups.filter((group) => group.length > 1).flatMap((group) =>
      levelMetrics.flatMap((metric) =>
        compareLevels(group, { key, metric, margin })
      )
    );
  }));
}

/** Adjusts the tests of all differences, and says what each shows. */
function conclude(comparisons: readonly LevelComparison[]): LevelComparison[] {
  const differences = comparisons.flatMap(({ levels }) =>
    levels.flatMap(({ difference }) => difference ?? [])
  );
  const adjusted = adjustEffects(differences);
  const decisive = new Map(differences.map((one, i) => [one, adjusted[i]!]));
  return comparisons.map((comparison) => ({
    ...comparison,
    levels: comparison.levels.map(({ difference, ...level }) => {
      if (difference === null) {
        return { ...level, difference, conclusion: null };
      }
      const { p, equivalenceP } = decisive.get(difference)!;
      const both = [level.chance, comparison.levels[0]!.chance];
      return {
        ...level,
        difference,
        conclusion: {
          holmP: p,
          equivalenceHolmP: equivalenceP,
          ...concludeContrast(
            difference,
            { p, equivalenceP },
            both.find(({ atChance }) => atChance > 0) ?? level.chance,
            FEWEST_SECONDARY_SEEDS,
          ),
        },
      };
    }),
  }));
}

/** Arms that differ in one coordinate only, at every ratio that several have. */
function groupByRest(
  arms: readonly ArmRuns[],
  key: Exclude<LevelKey, "ratio">,
): LevelRuns[][] {
  const having = arms.filter(({ arm }) => arm[key] !== null);
  const groups = Map.groupBy(
    having.flatMap((runs) =>
      ratiosOf(runs).map((ratio) => ({ value: runs.arm[key]!, runs, ratio }))
    ),
    ({ runs, ratio }) => canonicalJson([restOf(runs, key), ratio]),
  );
  // Arms of one value that differ otherwise, as in the threshold of a search, cannot
  // be told apart by their level.
  return [...groups.values()].filter((group) =>
    new Set(group.map(({ value }) => value)).size === group.length
  ).map((group) =>
    group.toSorted((a, b) =>
      rankOfLevel(key, a.value) - rankOfLevel(key, b.value)
    )
  );
}

/** Fields of a config's `duplication` that the coordinates decide. */
const duplicationFields: Readonly<Partial<Record<LevelKey, string[]>>> = {
  multiplicity: ["multiplicity"],
  // Of fixed policies only labels and kinds are drawn, and only their cells say how.
  conflict: ["conflict", "plans"],
  copies: ["nearKinds", "plans"],
};

/** All that defines an arm except one coordinate. */
function restOf(
  { arm, protocol, variant, seeds }: ArmRuns,
  key: Exclude<LevelKey, "ratio">,
): unknown {
  const [data, config, moves] = JSON.parse(protocol);
  const { shape } = (axes as readonly Axis[]).find((axis) => axis.key === key)!;
  const rest = Object.entries(config).filter(([field]) =>
    !Object.hasOwn(shape, field)
  );
  // All ratios above 0 have the same.
  const { duplication } = [...[...seeds.values()][0]!.values()].at(-1)!.config;
  const { isFixed }: PolicyTerm =
    policies[duplication.policy as StudyPolicyName];
  const omitted = ["ratio", ...duplicationFields[key] ?? []].filter((field) =>
    field !== "plans" || isFixed === true
  );
  const copies = Object.entries(duplication).filter(([field]) =>
    !omitted.includes(field)
  );
  return [
    data,
    Object.fromEntries(rest),
    moves,
    Object.fromEntries(copies),
    // Whether a copy draws an augmentation of its own.
    JSON.parse(variant).at(-1),
    { ...arm, [key]: null },
  ];
}

/**
 * The place of a level among others: numbers ascend, "all" is more than any, and
 * names are in their own order.
 */
export function rankOfLevel(key: LevelKey, value: CoordinateValue): number {
  if (typeof value === "number") return value;
  const { terms = {} } = coordinates.find((one) => one.key === key)!;
  const at = Object.keys(terms).indexOf(value);
  return at < 0 ? Infinity : at;
}

/** Ratios above 0 that some seed ran, ascending. */
function ratiosOf({ seeds }: ArmRuns): number[] {
  const all = [...seeds.values()].flatMap((cells) => [...cells.keys()]);
  return [...new Set(all)].filter((ratio) => ratio > 0).sort((a, b) => a - b);
}

function compareLevels(
  group: readonly LevelRuns[],
  { key, metric, margin }: {
    key: LevelKey;
    metric: AccuracyMetric;
    margin: number;
  },
): LevelComparison[] {
  const found = group.flatMap(({ value, runs, ratio }) => {
    const effect = contrastEffect(runs, ratio);
    const change = testEffect(effect, metric, margin);
    return change === null ? [] : [{ value, runs, ratio, effect, change }];
  });
  const [first] = found;
  if (first === undefined || found.length < 2) return [];
  return [{
    key,
    runs: Object.fromEntries(
      armCoordinates.map(({ key: own }) => [
        own,
        own === key ? null : first.runs.arm[own],
      ]),
    ),
    ratio: key === "ratio" ? null : first.ratio,
    metric,
    levels: found.map(({ value, runs, ratio, effect, change }, i) => ({
      value,
      change,
      difference: i === 0 ? null : testEffect(
        differenceEffect(effect, first.effect),
        metric,
        margin,
      ),
      chance: countAtChance(
        [...runs.seeds.values()].flatMap((cells) =>
          cells.has(ratio) ? [cells.get(0)!] : []
        ),
      ),
    })),
  }];
}

/** The rule of the findings in words. */
export const levelRule =
  `What a difference shows follows from p-values with Holm's adjustment over all differences between levels of the analysis; tests against 0 and tests of the margin, which are tests of equivalence, are adjusted separately. There is no change above the margin if the test of the margin shows it (adjusted p below ${LEVEL}), even if the difference is not 0. Otherwise the change is higher or lower than at the first level if the adjusted p is below ${LEVEL}. In all other cases, with fewer than ${FEWEST_SECONDARY_SEEDS} seeds, or if a network at ratio 0 is not above chance, it is inconclusive. These are findings on secondary questions and not verdicts on claims.`;

/** How the comparison of levels is to be read. */
export const levelsNote =
  `Change of accuracy against ratio 0 of the same seed and level, in points, and that change minus the one at the first level, paired by seed. A change is that at the ratio that was run, not per unit of ratio. ${levelRule} Intervals are 95 % intervals of single comparisons, over seeds and test images, and are not adjusted for their number, so an interval may exclude 0 where the finding is inconclusive.`;

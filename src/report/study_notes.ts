import { countAtChance, describeChance } from "../analysis/chance.ts";
import type { ConditionContrast } from "../analysis/condition_contrasts.ts";
import { formatCondition } from "../analysis/format_analysis.ts";
import type { ResultSet } from "../results/result_set.ts";

/** A warning for the top of a study, if some networks are not above chance. */
export function warnOfChance(sets: readonly ResultSet[]): string[] {
  const chance = countAtChance(
    sets.flatMap(({ cells }) =>
      cells.filter((cell) => cell.status === "finished")
    ),
  );
  return chance.atChance === 0 ? [] : [
    `Warning: ${
      describeChance(chance)
    }. Networks at chance level have not learned.`,
  ];
}

/**
 * Whether some networks are at chance level without copies: copies may well bring
 * a network there, and say so by their effect.
 */
export function hasNotLearned(sets: readonly ResultSet[]): boolean {
  return countAtChance(
    sets.flatMap(({ cells }) =>
      cells.filter((cell) => cell.status === "finished")
    ).filter(({ config }) => config.duplication.ratio === 0),
  ).atChance > 0;
}

/** What a study shows of conditions, such as duplicates removed; one line each. */
export function describeConditions(
  conditions: readonly ConditionContrast[],
  margin: number,
): string[] {
  return conditions.map((one) => formatCondition(one, margin));
}

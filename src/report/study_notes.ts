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
  return chance.atChance === 0
    ? []
    : [`Warning: ${describeChance(chance)}. Such networks have not learned.`];
}

/** What a study shows of conditions, such as duplicates removed; one line each. */
export function describeConditions(
  conditions: readonly ConditionContrast[],
  margin: number,
): string[] {
  return conditions.map((one) => formatCondition(one, margin));
}

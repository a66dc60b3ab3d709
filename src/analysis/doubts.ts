import type { ResultSet } from "../results/result_set.ts";
import { unevenLoadOf } from "./uneven_load.ts";

/**
 * What makes result sets doubtful, a line each: cells that failed, flags with
 * the number of cells that raised them, and times taken on a busy machine.
 */
export function doubtsOf(sets: readonly ResultSet[]): string[] {
  const doubts: string[] = [];
  for (const set of sets) {
    const { study, cells } = set;
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
    doubts.push(...unevenLoadOf(set));
  }
  return doubts;
}

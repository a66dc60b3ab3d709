import type { ResultSet } from "../results/result_set.ts";
import type { Io } from "./io.ts";

/** Says which cells of a result set failed, and what raised flags. */
export function noteDoubts({ cells }: ResultSet, io: Pick<Io, "note">): void {
  for (const cell of cells) {
    if (cell.status === "failed") {
      io.note(`Cell ${cell.id} failed twice: ${cell.error}`);
      continue;
    }
    for (const { flag, where, value } of cell.outcome.flags) {
      const size = value === null ? "" : `: ${value}`;
      io.note(`flag: cell ${cell.id}: ${flag} (${where}${size})`);
    }
  }
}

import {
  digestResultSet,
  type ResultSet,
  SCHEMA_ID,
} from "../../src/results/result_set.ts";
import { readResultSet } from "../../src/results/read_result_set.ts";
import { pathOfRecorded } from "../recorded_sets.ts";

/** Path of a real result set: 20 cells under two attacks, without flags. */
export const quick = pathOfRecorded("quick-1e218e0d.json");

/**
 * A real result set in which things went wrong: one cell failed with a message
 * like a formula, one diverged, one carries a flag. Its digest fits.
 */
export async function troubled(): Promise<ResultSet> {
  const { digest: _, ...set } = await readResultSet(quick);
  const cells = set.cells.map((cell, i): ResultSet["cells"][number] => {
    if (cell.status === "failed") return cell;
    const { id, config, outcome } = cell;
    switch (i) {
      case 0:
        return {
          id,
          status: "failed",
          config,
          error: '=HYPERLINK("http://example.org")\nsaid, "twice"',
        };
      case 1:
        return {
          ...cell,
          outcome: {
            ...outcome,
            epochs: outcome.epochs.slice(0, 2),
            divergedAtEpoch: 2,
            test: null,
            train: null,
          },
        };
      case 2:
        return {
          ...cell,
          outcome: {
            ...outcome,
            flags: [{ flag: "zero-gradient", where: "fgsm", value: 0.5 }],
          },
        };
      default:
        return cell;
    }
  });
  const changed = { ...set, schema: SCHEMA_ID, cells } as const;
  return { ...changed, digest: digestResultSet(changed) };
}

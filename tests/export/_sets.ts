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

/**
 * A real result set as if merged from two shards, each of another engine, commit
 * and machine than the merge. Its digest fits.
 */
export async function merged(): Promise<ResultSet> {
  const set = await readResultSet(quick);
  const { deno: _, v8: __, ...common } = set.provenance;
  const git = { commit: "a".repeat(40), dirty: false };
  const parts = [
    {
      ...set.provenance,
      cpu: "First CPU",
      command: ["sweep", "--shard", "1/2"],
    },
    {
      ...common,
      cpu: "Second CPU",
      git,
      engine: { name: "Node", version: "24.1.0" } as const,
      command: ["sweep", "--shard", "2/2"],
    },
  ].map((provenance, i) => ({
    shard: { index: i + 1, count: 2 },
    digest: set.digest,
    provenance,
  }));
  const provenance = {
    ...set.provenance,
    cpu: "Merging CPU",
    command: ["merge", "1-of-2.json", "2-of-2.json"],
  };
  return { ...set, provenance, parts };
}

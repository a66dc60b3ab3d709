import type { Provenance } from "./provenance.ts";
import type { ResultSet } from "./result_set.ts";
import type { ReusedCells } from "./result_set_types.ts";

/** Something that was done to make a result set: a sweep, or a merge of several. */
export interface Activity {
  /** In a few words, such as `Sweep, shard 1 of 8`. */
  readonly name: string;
  /** Whether it is a merge, in which no cell ran. */
  readonly isMerge: boolean;
  /** Where, with what and how. */
  readonly provenance: Provenance;
}

/**
 * What made a result set: the sweeps of the cells that it reuses and its own; of a
 * merged one the sweeps of each part, whose machines and versions are those of the
 * cells, and last the merge.
 */
export function activitiesOf(
  { provenance, parts, reused }: ResultSet,
): Activity[] {
  if (parts === undefined) {
    return [
      ...earlierSweeps(reused),
      { name: "Sweep", isMerge: false, provenance },
    ];
  }
  return [
    ...parts.flatMap(({ shard, provenance, reused }, i) => [
      ...earlierSweeps(reused),
      {
        name: `Sweep, ${
          shard
            ? `shard ${shard.index} of ${shard.count}`
            : `part ${i + 1} of ${parts.length}`
        }`,
        isMerge: false,
        provenance,
      },
    ]),
    { name: "Merge", isMerge: true, provenance },
  ];
}

function earlierSweeps(reused: readonly ReusedCells[] = []): Activity[] {
  return reused.flatMap(({ digest, runs }) =>
    runs.map((provenance) => ({
      name: `Sweep of reused cells, set ${digest.slice(0, 16)}`,
      isMerge: false,
      provenance,
    }))
  );
}

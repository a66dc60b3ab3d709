import { namePart } from "./name_part.ts";
import type { Provenance } from "./provenance.ts";
import type { ResultSet } from "./result_set.ts";
import type { ResumedCells, ReusedCells } from "./result_set_types.ts";

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
 * What made a result set: the sweeps of the cells that it reuses, its own, and runs of
 * it that were interrupted; of a
 * merged one the sweeps of each part, whose machines and versions are those of the
 * cells, and last the merge.
 */
export function activitiesOf(
  { provenance, parts, resumed, reused }: ResultSet,
): Activity[] {
  if (parts === undefined) {
    return [
      ...earlierSweeps(reused),
      ...interruptedRuns("Sweep", resumed),
      { name: "Sweep", isMerge: false, provenance },
    ];
  }
  return [
    ...parts.flatMap(({ shard, provenance, resumed, reused }, i) => {
      const name = `Sweep, ${namePart({ shard }, i, parts.length)}`;
      return [
        ...earlierSweeps(reused),
        ...interruptedRuns(name, resumed),
        { name, isMerge: false, provenance },
      ];
    }),
    { name: "Merge", isMerge: true, provenance },
  ];
}

function interruptedRuns(
  name: string,
  resumed: readonly ResumedCells[] = [],
): Activity[] {
  return resumed.map(({ run }, i) => ({
    name: `${name}, interrupted run ${i + 1} of ${resumed.length}`,
    isMerge: false,
    provenance: run,
  }));
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

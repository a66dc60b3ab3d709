import type { Provenance } from "./provenance.ts";
import type { ResultSet } from "./result_set.ts";

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
 * What made a result set: its sweep; of a merged one the sweep of each part, whose
 * machines and versions are those of the cells, and last the merge.
 */
export function activitiesOf({ provenance, parts }: ResultSet): Activity[] {
  if (parts === undefined) {
    return [{ name: "Sweep", isMerge: false, provenance }];
  }
  return [
    ...parts.map(({ shard, provenance }, i) => ({
      name: `Sweep, ${
        shard
          ? `shard ${shard.index} of ${shard.count}`
          : `part ${i + 1} of ${parts.length}`
      }`,
      isMerge: false,
      provenance,
    })),
    { name: "Merge", isMerge: true, provenance },
  ];
}

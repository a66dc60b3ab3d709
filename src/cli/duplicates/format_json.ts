import { terminalJson } from "../../core/clean_text.ts";
import type { ExplainedGroup } from "../../detection/explain_groups.ts";
import type { DuplicateGroup } from "../../detection/find_duplicates.ts";
import { type SearchResult, summarise } from "./result.ts";
import { sourceOf } from "./source_of.ts";

/**
 * What `duplicates --json` prints: what was asked, counts, every group with the
 * reasons, and the exact and the near groups apart.
 */
export function formatJson(result: SearchResult): string {
  const { sides, lists, groups, near, search, maxDifference, mirrored } =
    result;
  const { train, test } = sides.dataset;
  const removed = new Map(
    result.removals?.map(({ image, kept }) => [image.at, kept]),
  );
  const nameGroup = <G extends DuplicateGroup>(group: G) => ({
    ...group,
    place: sides.names[group.place],
    images: group.images.map((image) => ({
      ...image,
      ...sourceOf(image, sides),
      split: sides.names[image.split],
    })),
  });
  const describe = (group: ExplainedGroup, index: number) => {
    const placeIn = new Map(group.images.map((image, place) => [image, place]));
    return {
      group: index + 1,
      place: sides.names[group.place],
      labelsDisagree: group.isConflict,
      difference: group.difference,
      images: group.images.map(({ at, split, row, file, match, ...image }) => {
        const kept = removed.get(at);
        return {
          split: sides.names[split],
          ...sourceOf({ split, row }, sides),
          ...image,
          ...file,
          ...(match && { match }),
          ...(result.removals && { removed: removed.has(at) }),
          ...(kept && { keptFor: placeIn.get(kept) }),
        };
      }),
    };
  };
  return terminalJson({
    dataset: sides.dataset.name,
    rows: {
      [sides.names.train]: train.rows,
      [sides.names.test]: test.rows,
    },
    options: { near, search, maxDifference, mirrored },
    ...(sides.reading && { reading: sides.reading }),
    summary: summarise(result),
    groups: groups.map(describe),
    exact: lists.exact.map(nameGroup),
    near: lists.near.map(nameGroup),
    nearPairs: lists.nearPairs,
    ms: Math.round(result.ms),
  });
}

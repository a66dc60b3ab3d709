import { largest } from "../core/extremes.ts";
import type { Dataset } from "../data/dataset.ts";
import { NO_LABEL } from "../data/folder/folder_listing.ts";
import { explainMatch, type Match } from "./explain_match.ts";
import type { FileFacts, ImageFiles } from "./file_facts.ts";
import {
  type GroupPlace,
  type ImagePlace,
  placeOf,
  placeOfGroup,
} from "./find_duplicates.ts";
import { groupPairs } from "./search/group_pairs.ts";
import { openRootRows } from "./search/root_rows.ts";
import type { NearPair } from "./search/near_duplicates.ts";
import { equalPairs, type FoundDuplicates } from "./search_duplicates.ts";
import { tellResizedApart } from "./tell_resized_apart.ts";

/** An image of a group, and why it is there. */
export interface ExplainedImage extends ImagePlace {
  /** Its row among the images searched. */
  readonly at: number;
  /** What its file is, where it has one. */
  readonly file?: FileFacts;
  /**
   * The earlier image of the group, by its index there, of which it is a
   * duplicate; the first image has none.
   */
  readonly match?: Match & { readonly to: number };
}

/** A group of duplicates, with the reason for each image. */
export interface ExplainedGroup {
  /** Whether the images are in one split, or in both: a leak. */
  readonly place: GroupPlace;
  /** Whether the images have different labels. */
  readonly isConflict: boolean;
  /** Largest difference of the matches. */
  readonly difference: number;
  /**
   * Two images or more, each after the one that it is matched with; the first is
   * the first of the data set, a training image if there is one.
   */
  readonly images: readonly ExplainedImage[];
}

/**
 * Groups what a search has found, exact and near duplicates together, and says why
 * each image is in its group: images are matched along the spanning tree of least
 * differences, so that each is with the image that it resembles most.
 *
 * @param options `files`: the files of the rows, where they have any;
 * `mirrored`: whether mirror images were searched.
 * @returns Leaks whose labels disagree first, then leaks, then groups whose
 * labels disagree, then the others; each in the order of the data set.
 */
export async function explainGroups(
  dataset: Dataset,
  found: FoundDuplicates,
  options: { files: ImageFiles | undefined; mirrored: boolean },
): Promise<ExplainedGroup[]> {
  const { files } = options;
  const told = files ? await tellResizedApart(found, files) : found;
  const groups: ExplainedGroup[] = [];
  for (const tree of listTrees(told)) {
    const placeIn = new Map(tree.map(({ row }, place) => [row, place]));
    const images: ExplainedImage[] = [];
    for (const { row, parent } of tree) {
      const file = await files?.factsOf(row);
      images.push({
        at: row,
        ...placeOf(row, dataset),
        ...(file && { file }),
        ...(parent !== undefined && {
          match: {
            to: placeIn.get(parent)!,
            ...await explainMatch(dataset, found, {
              ...options,
              reference: parent,
              other: row,
            }),
          },
        }),
      });
    }
    groups.push({
      place: placeOfGroup(images.toSorted((a, b) => a.at - b.at)),
      isConflict: disagree(images.map(({ label }) => label)),
      difference: largest(images.map(({ match }) => match?.difference ?? 0)),
      images,
    });
  }
  // Sorting is stable.
  return groups.sort((a, b) => urgencyOf(b) - urgencyOf(a));
}

/** Whether labels differ; an image without one contradicts none. */
function disagree(labels: readonly string[]): boolean {
  return new Set(labels.filter((label) => label !== NO_LABEL)).size > 1;
}

/** How soon a group should be looked at. */
function urgencyOf({ place, isConflict }: ExplainedGroup): number {
  return 2 * Number(place === "across") + Number(isConflict);
}

interface Node {
  readonly row: number;
  readonly parent: number | undefined;
}

/** The rows of each group, each after its parent in the spanning tree. */
function listTrees(found: FoundDuplicates): Node[][] {
  const { images: { rows } } = found;
  const pairs = [...equalPairs(found), ...found.near];
  const joined = openRootRows(rows);
  const neighbours = new Map<number, number[]>();
  const link = (from: number, to: number) => {
    const list = neighbours.get(from);
    if (list === undefined) neighbours.set(from, [to]);
    else list.push(to);
  };
  // Kruskal's algorithm: the least differences first.
  for (const { first, second } of pairs.toSorted(byDifference)) {
    if (joined.rootOf(first) === joined.rootOf(second)) continue;
    joined.join(first, second);
    link(first, second);
    link(second, first);
  }
  return groupPairs(rows, pairs).map(({ rows: [root] }) => {
    const tree: Node[] = [{ row: root!, parent: undefined }];
    for (const { row, parent } of tree) {
      const next = neighbours.get(row)!.filter((other) => other !== parent);
      for (const other of next.sort((a, b) => a - b)) {
        tree.push({ row: other, parent: row });
      }
    }
    return tree;
  });
}

function byDifference(a: NearPair, b: NearPair): number {
  return a.difference - b.difference || a.second - b.second ||
    a.first - b.first;
}

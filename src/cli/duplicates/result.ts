import type { Duplicates } from "../../detection/find_duplicates.ts";
import type { ExplainedGroup } from "../../detection/explain_groups.ts";
import type { Removal } from "../../detection/choose_kept.ts";
import type { FoundDuplicates } from "../../detection/search_duplicates.ts";
import type { SearchMethod } from "../../detection/search_methods.ts";
import type { Sides } from "./sides.ts";

/** What a search came to, for every output of the command. */
export interface SearchResult {
  /** Name of the data set, or of the folder. */
  readonly name: string;
  /** What was searched. */
  readonly sides: Sides;
  /** What the search found, as rows. */
  readonly found: FoundDuplicates;
  /** The same as exact and near groups. */
  readonly lists: Duplicates;
  /** Exact and near duplicates together, those to look at first first. */
  readonly groups: readonly ExplainedGroup[];
  /** Whether near duplicates were sought. */
  readonly near: boolean;
  /** How near duplicates were sought. */
  readonly search: SearchMethod;
  /** Largest pixel difference of near duplicates. */
  readonly maxDifference: number;
  /** Whether mirror images count. */
  readonly mirrored: boolean;
  /** The images to remove, where a rule says which are kept. */
  readonly removals?: readonly Removal[] | undefined;
  /** Milliseconds of loading and searching. */
  readonly ms: number;
}

/** Counts that every output gives. */
export interface ResultSummary {
  /** Groups, exact and near ones together. */
  readonly groups: number;
  /** Images in them. */
  readonly images: number;
  /** Groups across both sides. */
  readonly leaks: number;
  /** Images of the second side in such a group. */
  readonly leakingImages: number;
  /** Groups whose labels disagree. */
  readonly labelConflicts: number;
  /** Images to remove, where a rule says which are kept. */
  readonly removed?: number;
}

/** Counts groups and what is in them. */
export function summarise(
  { groups, removals }: Pick<SearchResult, "groups" | "removals">,
): ResultSummary {
  const leaks = groups.filter(({ place }) => place === "across");
  return {
    groups: groups.length,
    images: groups.reduce((sum, { images }) => sum + images.length, 0),
    leaks: leaks.length,
    leakingImages: leaks.flatMap(({ images }) => images)
      .filter(({ split }) => split === "test").length,
    labelConflicts: groups.filter(({ isConflict }) => isConflict).length,
    ...(removals && { removed: removals.length }),
  };
}

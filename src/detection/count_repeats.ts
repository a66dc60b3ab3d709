import type { Dataset, LabelledImages } from "../data/dataset.ts";
import type { CountedRepeats } from "../spec/paired_study.ts";
import { chooseRemovals } from "./choose_kept.ts";
import { explainGroups } from "./explain_groups.ts";
import {
  directDuplicates,
  type DuplicateOptions,
  foundAmongFirst,
  type FoundDuplicates,
} from "./search_duplicates.ts";

/** A split without images. */
const nothing: LabelledImages = {
  pixels: new Uint8Array(),
  labels: new Uint8Array(),
  rows: 0,
};

/**
 * Counts the duplicates among the training images: those that go where the first of
 * each group is kept, by the rule of `chooseRemovals`, which removes the rows that
 * `distinctRows` does.
 *
 * @param searched What was found among the training images, or among these and
 * others after them.
 * @param options `near`: whether near duplicates count; `mirrored`: whether mirror
 * images were searched.
 */
export async function countRepeats(
  dataset: Dataset,
  searched: FoundDuplicates,
  { near = true, mirrored = true }: DuplicateOptions = {},
): Promise<CountedRepeats> {
  const { train, classNames } = dataset;
  const training = { ...dataset, test: nothing };
  const found = foundAmongFirst(searched, train.rows, { near });
  const groups = await explainGroups(training, found, {
    files: undefined,
    mirrored,
  });
  const direct = directDuplicates(found);
  const removals = groups.flatMap((group) =>
    chooseRemovals(group, { rule: "first", conflicts: "keep", direct })
  );
  const pairs = removals.map(({ image, kept }) =>
    [image.at, kept!.at] as const
  );
  const removedPerClass = classNames.map(() => 0);
  for (const [, kept] of pairs) removedPerClass[train.labels[kept]!]!++;
  return {
    trainRows: train.rows,
    removed: pairs.length,
    // A near duplicate that is mirrored or shifted may differ by 0 when aligned.
    exact:
      pairs.filter(([row, kept]) => found.firsts[row] === found.firsts[kept])
        .length,
    conflicting:
      pairs.filter(([row, kept]) => train.labels[row] !== train.labels[kept])
        .length,
    removedPerClass,
  };
}

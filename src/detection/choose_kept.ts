import type { ExplainedGroup, ExplainedImage } from "./explain_groups.ts";
import type { DirectDuplicates } from "./search_duplicates.ts";

/** Which image of a group is kept. */
export const keepRules = ["first", "largest", "best"] as const;

/** One of {@linkcode keepRules}. */
export type KeepRule = typeof keepRules[number];

/** What becomes of groups whose labels disagree. */
export const conflictRules = ["keep", "leave", "remove"] as const;

/** One of {@linkcode conflictRules}. */
export type ConflictRule = typeof conflictRules[number];

/** How to choose. */
export interface KeepOptions {
  /**
   * `first`: the first of the data set; `largest`: the largest file; `best`: the
   * most pixels, then the largest file. Ties go to the first.
   */
  readonly rule: KeepRule;
  /**
   * For groups whose labels disagree: `keep` one as of any other group, `leave`
   * all, or `remove` all, since no image says which label is right.
   */
  readonly conflicts: ConflictRule;
  /** Which images are duplicates directly. */
  readonly direct: DirectDuplicates;
  /** Images that are kept in any case; default none. */
  readonly isFixed?: (image: ExplainedImage) => boolean;
}

/** An image to remove. */
export interface Removal {
  /** The image. */
  readonly image: ExplainedImage;
  /**
   * The image that is kept for it, of those that are the one that differs least;
   * none where all of the group are removed.
   */
  readonly kept?: ExplainedImage;
}

/**
 * Chooses which images of a group to remove: goes through them from the best to
 * the last and keeps each that is not itself a duplicate of one kept before. So
 * each removed image has a duplicate that remains, and no chain of small
 * differences removes a different image.
 */
export function chooseRemovals(
  group: ExplainedGroup,
  { rule, conflicts, direct, isFixed = () => false }: KeepOptions,
): Removal[] {
  if (group.isConflict && conflicts === "leave") return [];
  if (group.isConflict && conflicts === "remove") {
    return group.images.filter((image) => !isFixed(image))
      .map((image) => ({ image }));
  }
  const ranked = group.images.toSorted((a, b) =>
    Number(isFixed(b)) - Number(isFixed(a)) || ranks[rule](a, b) || a.at - b.at
  );
  const kept = openKept(direct);
  const removals: Removal[] = [];
  for (const image of ranked) {
    const before = isFixed(image) ? undefined : kept.nearest(image);
    if (before === undefined) kept.add(image);
    else removals.push({ image, kept: before });
  }
  return removals;
}

/**
 * The images that are kept so far. They are found by the duplicates of an image,
 * which are few, and not the other way round: frames of a video are one long group.
 */
function openKept({ firstOf, nearOf }: DirectDuplicates) {
  /** Of equal images the one that was kept first, and its place among all. */
  const kept = new Map<number, { image: ExplainedImage; place: number }>();
  let count = 0;
  return {
    add(image: ExplainedImage): void {
      const first = firstOf(image.at);
      const place = count++;
      if (!kept.has(first)) kept.set(first, { image, place });
    },
    /** The direct duplicate that differs least, of several the one kept first. */
    nearest(image: ExplainedImage): ExplainedImage | undefined {
      const first = firstOf(image.at);
      let best = kept.get(first);
      let least = best === undefined ? Infinity : 0;
      for (const [other, difference] of nearOf(first)) {
        const one = kept.get(other);
        if (
          one === undefined || difference > least ||
          (difference === least && one.place > (best?.place ?? Infinity))
        ) continue;
        [best, least] = [one, difference];
      }
      return best?.image;
    },
  };
}

/** Negative where the first image is the better one. */
type Rank = (a: ExplainedImage, b: ExplainedImage) => number;

const byBytes: Rank = (a, b) => (b.file?.bytes ?? 0) - (a.file?.bytes ?? 0);
const byPixels: Rank = (a, b) => pixelsOf(b) - pixelsOf(a);

const ranks: Readonly<Record<KeepRule, Rank>> = {
  "first": () => 0,
  "largest": byBytes,
  "best": (a, b) => byPixels(a, b) || byBytes(a, b),
};

function pixelsOf({ file }: ExplainedImage): number {
  return file === undefined ? 0 : file.width * file.height;
}

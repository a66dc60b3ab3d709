import type { Line, Placement } from "./search/align_images.ts";
import { alignmentOf, type FoundDuplicates } from "./search_duplicates.ts";
import { workingSide } from "./search/working_images.ts";

/** How one image of a pair lies on the other, seen from the reference. */
export interface PlacedPair extends Placement {
  /** Contrast of the other image, relative to the reference. */
  readonly gain: number;
  /** Its mean brightness less that of the reference, of 255. */
  readonly brighter: number;
  /** Their difference. */
  readonly difference: number;
}

/**
 * The alignment of a pair that features found, with the other image as the one that
 * is moved, whichever was: column `x` of the reference, of 32, is column
 * `scale * x + shift` of the other image, which is mirrored first.
 *
 * @returns `undefined` of pairs that others found.
 */
export function placePair(
  found: Pick<FoundDuplicates, "firsts" | "near">,
  { reference, other }: { reference: number; other: number },
): PlacedPair | undefined {
  const alignment = alignmentOf(found, reference, other);
  if (alignment === undefined) return undefined;
  const { placement, gain, brighter, difference, movesSecond } = alignment;
  const isSecond = found.firsts[other]! > found.firsts[reference]!;
  if (isSecond === movesSecond) {
    return { ...placement, gain: gain.moved, brighter, difference };
  }
  const { down, across, mirrored } = placement;
  const turned = invert(across);
  return {
    down: invert(down),
    // The reference was the mirrored one: from its right edge as from its left.
    across: mirrored
      ? {
        scale: turned.scale,
        shift: workingSide * (1 - turned.scale) - turned.shift,
      }
      : turned,
    mirrored,
    gain: gain.still,
    brighter: -brighter,
    difference,
  };
}

function invert({ scale, shift }: Line): Line {
  return { scale: 1 / scale, shift: -shift / scale };
}

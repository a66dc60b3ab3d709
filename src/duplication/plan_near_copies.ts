import type { Stream } from "../core/stream.ts";
import { openPlanStream, type PlanNaming } from "./plan_stream.ts";
import { requireCount } from "../core/require_count.ts";
import { requireOneOf } from "../core/require_one_of.ts";
import { requireSome } from "../core/require_some.ts";
import { type NearKind, nearKindNames } from "../spec/axes/copies.ts";
import type { PixelChange } from "../data/pixel_change.ts";

/** Largest shift in each direction, in pixels. */
const MAX_SHIFT = 2;

/** The draw of each kind; none gives an unchanged image. */
const draws: Record<NearKind, (stream: Stream) => PixelChange> = {
  flip: () => ({ kind: "flip" }),
  shift(stream) {
    const side = 2 * MAX_SHIFT + 1;
    // All of the 25 positions but the centre.
    const drawn = stream.below(side * side - 1);
    const position = drawn < (side * side - 1) / 2 ? drawn : drawn + 1;
    return {
      kind: "shift",
      down: Math.floor(position / side) - MAX_SHIFT,
      right: position % side - MAX_SHIFT,
    };
  },
  brightness(stream) {
    const percent = 5 + stream.below(26);
    return {
      kind: "brightness",
      percent: 100 + (stream.below(2) === 1 ? percent : -percent),
    };
  },
  jpeg: (stream) => ({ kind: "jpeg", quality: 50 + stream.below(46) }),
};

/**
 * Plans how each copy differs from its original, where copies are near
 * duplicates: mirrored; shifted by up to 2 pixels in each direction; darker or
 * brighter by 5 to 30 per cent; or encoded as JPEG at quality 50 to 95. Each copy
 * has a stream of its own, so that a copy is the same at any larger ratio, and
 * no draw depends on the kinds of other copies.
 *
 * @param copies Number of copies.
 * @param options `seed`: of the run; `kinds`: at least one, equally likely;
 * `anewAt`: the ratio where plans are drawn anew, absent: they nest.
 * @returns One change per copy, in the order of the plan's copies.
 * @throws {RangeError} If `copies` is not an integer of at least 0, or `kinds` is
 * empty or names another kind.
 */
export function planNearCopies(
  copies: number,
  { kinds, ...naming }: PlanNaming & { kinds: readonly NearKind[] },
): PixelChange[] {
  requireCount("copies", copies, 0);
  requireSome("kinds", kinds);
  for (const kind of kinds) requireOneOf("kinds", kind, nearKindNames);
  return Array.from({ length: copies }, (_, copy) => {
    const stream = openPlanStream(naming, "change", copy);
    return draws[kinds[stream.below(kinds.length)]!](stream);
  });
}

import { openStream, type Stream } from "../core/stream.ts";
import type { NearKind } from "../spec/axes/copies.ts";
import type { PixelChange } from "../data/pixel_change.ts";

/** Most pixels of a shift, each way. */
const mostShift = 2;

/** Draws of each kind, none of which stands for no change. */
const draws: Record<NearKind, (stream: Stream) => PixelChange> = {
  flip: () => ({ kind: "flip" }),
  shift(stream) {
    const side = 2 * mostShift + 1;
    // Of the 25 places all but the one in the middle.
    const drawn = stream.below(side * side - 1);
    const place = drawn < (side * side - 1) / 2 ? drawn : drawn + 1;
    return {
      kind: "shift",
      down: Math.floor(place / side) - mostShift,
      right: place % side - mostShift,
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
 * Plans how each copy differs from its original, where copies are to be near
 * duplicates: mirrored; shifted by up to 2 pixels each way; darker or brighter by
 * 5 to 30 per cent; or re-encoded as JPEG at quality 50 to 95. Each copy has a
 * stream of its own, so copies planned at one ratio change alike at any larger
 * one, and no copy's draw depends on another's kind.
 *
 * @param copies How many copies there are.
 * @param options `seed`: of the run; `kinds`: each alike likely, at least one.
 * @returns One change a copy, in the order of the plan's copies.
 */
export function planNearCopies(
  copies: number,
  { seed, kinds }: { seed: number; kinds: readonly NearKind[] },
): PixelChange[] {
  return Array.from({ length: copies }, (_, copy) => {
    const stream = openStream(seed, "change", copy);
    return draws[kinds[stream.below(kinds.length)]!](stream);
  });
}

/**
 * Holm's step-down adjustment for a family of tests (1979, Scand. J. Stat. 6):
 * the chance of any false rejection stays at the level each is compared with.
 *
 * @param ps Unadjusted p, in any order.
 * @returns Adjusted p, in the same order.
 */
export function adjustHolm(ps: readonly number[]): number[] {
  const order = ps.map((_, i) => i).sort((a, b) => ps[a]! - ps[b]!);
  const adjusted = new Array<number>(ps.length);
  let largest = 0;
  order.forEach((i, rank) => {
    largest = Math.max(largest, Math.min(1, ps[i]! * (ps.length - rank)));
    adjusted[i] = largest;
  });
  return adjusted;
}

import { bottom, curvatures } from "./_bowl.ts";

/**
 * Algorithm 1 of Croce and Hein 2020 (arXiv:2003.01690) for one image of the
 * bowl, in plain float64, from a given starting point: no tensors, no masks,
 * nothing shared with what is tested.
 *
 * @returns The best point, and the smallest
 * difference of two numbers that a decision hung on: float32 must see it.
 */
export function referenceApgd(
  { image, start, epsilon, iterations, checks }: {
    image: number[];
    start: number[];
    epsilon: number;
    iterations: number;
    checks: number[];
  },
) {
  const clip = (v: number, low: number, high: number) =>
    Math.min(high, Math.max(low, v));
  const project = (x: number[]) =>
    x.map((v, i) =>
      clip(clip(v, image[i]! - epsilon, image[i]! + epsilon), 0, 1)
    );
  // Cross-entropy of the logits (m, 0) for class 0 falls with m.
  const loss = (x: number[]) =>
    Math.log1p(Math.exp(
      -(1 + x.reduce(
        (sum, v, i) => sum + curvatures[i]! * (v - bottom[i]!) ** 2,
        0,
      )),
    ));
  let closest = Infinity;
  const exceeds = (a: number, b: number) => {
    closest = Math.min(closest, Math.abs(a - b));
    return a > b;
  };
  const uphill = (x: number[]) =>
    x.map((v, i) => exceeds(v, bottom[i]!) ? -1 : 1);
  let [x, before, step] = [start, start, 2 * epsilon];
  let best = start;
  let visited = loss(start);
  let [rises, halvedLast, bestThen, checkedAt] = [0, true, loss(start), 0];
  for (let k = 1; k <= iterations; k++) {
    const share = k === 1 ? 1 : 0.75;
    const g = uphill(x);
    const z = project(x.map((v, i) => v + step * g[i]!));
    const next = project(
      x.map((v, i) => v + share * (z[i]! - v) + (1 - share) * (v - before[i]!)),
    );
    // As the authors' code has it: of the points visited, returns left out.
    if (exceeds(loss(next), visited)) rises++;
    visited = loss(next);
    before = x;
    x = next;
    if (exceeds(loss(x), loss(best))) best = x;
    if (!checks.includes(k)) continue;
    const unchanged = !halvedLast && loss(best) <= bestThen;
    const halve = rises <= 0.75 * (k - checkedAt) || unchanged;
    if (halve) {
      step /= 2;
      x = best;
    }
    [rises, halvedLast, bestThen, checkedAt] = [0, halve, loss(best), k];
  }
  return { best, closest };
}

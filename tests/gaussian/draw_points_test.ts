import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { drawCopies, drawFresh } from "../../src/gaussian/draw_copies.ts";
import { drawSet } from "../../src/gaussian/draw_points.ts";

const mean = (values: number[]) =>
  values.reduce((sum, v) => sum + v, 0) / values.length;

/** Standard errors that a correct draw exceeds once in 15,000 times. */
const FAR = 4;

Deno.test("drawSet() has the published means and covariance", () => {
  const n = 50_000;
  const points = drawSet(3, "train", n);
  for (const label of [-1, 1] as const) {
    const of = points.filter((point) => point.label === label);
    assertEquals(of.length, n);
    const centre = label === 1 ? 1 : 0;
    const [x, y] = [0, 1].map((i) => of.map(({ at }) => at[i]! - centre)) as [
      number[],
      number[],
    ];
    assertAlmostEquals(mean(x), 0, FAR / Math.sqrt(n));
    assertAlmostEquals(mean(y), 0, FAR / Math.sqrt(n));
    // Variances of normal products (Isserlis 1918): 2, 2 and 1 + .5^2.
    const far = (variance: number) => FAR * Math.sqrt(variance / n);
    assertAlmostEquals(mean(x.map((v) => v * v)), 1, far(2));
    assertAlmostEquals(mean(y.map((v) => v * v)), 1, far(2));
    assertAlmostEquals(mean(x.map((v, i) => v * y[i]!)), 0.5, far(1.25));
    // Fourth moment of a normal number: 3, of variance 96.
    assertAlmostEquals(mean(y.map((v) => v ** 4)), 3, far(96));
  }
});

Deno.test("drawSet() begins each class of a larger set with that of a smaller one", () => {
  const [small, large] = [drawSet(1, "train", 5), drawSet(1, "train", 9)];
  assertEquals(small.slice(0, 5), large.slice(0, 5));
  assertEquals(small.slice(5), large.slice(9, 14));
});

Deno.test("drawSet() draws other points for another seed or role", () => {
  const all = [
    drawSet(1, "train", 50),
    drawSet(2, "train", 50),
    drawSet(1, "held-out", 50),
  ].flat();
  assertEquals(new Set(all.map(({ at }) => at.join())).size, 300);
});

Deno.test("drawCopies() draws every point equally often, or the classes by their share", () => {
  const points = drawSet(1, "train", 10);
  const n = 40_000;
  const draw = (policy: "balanced" | "biased") =>
    drawCopies(points, n, { seed: 5, policy, positiveShare: 0.8 });
  const expected = {
    balanced: Array<number>(20).fill(1 / 20),
    biased: [...Array<number>(10).fill(0.02), ...Array<number>(10).fill(0.08)],
  };
  for (const policy of ["balanced", "biased"] as const) {
    const counts = Array<number>(20).fill(0);
    for (const row of draw(policy)) counts[row]!++;
    expected[policy].forEach((p, row) =>
      assertAlmostEquals(
        counts[row]! / n,
        p,
        FAR * Math.sqrt(p * (1 - p) / n),
      )
    );
  }
});

Deno.test("drawCopies() nests: fewer copies are the beginning of more", () => {
  const points = drawSet(1, "train", 10);
  for (const policy of ["balanced", "biased"] as const) {
    const options = { seed: 2, policy, positiveShare: 0.8 };
    assertEquals(
      drawCopies(points, 100, options).slice(0, 40),
      drawCopies(points, 40, options),
    );
  }
});

Deno.test("drawFresh() has the classes of the copies and none of their points", () => {
  const points = drawSet(1, "train", 50);
  const options = { seed: 1, policy: "biased", positiveShare: 0.8 } as const;
  const copies = drawCopies(points, 200, options).map((row) => points[row]!);
  const fresh = drawFresh(copies.map(({ label }) => label), options);
  assertEquals(
    fresh.map(({ label }) => label),
    copies.map(({ label }) => label),
  );
  const known = new Set(points.map(({ at }) => at.join()));
  assert(fresh.every(({ at }) => !known.has(at.join())));
  assertEquals(new Set(fresh.map(({ at }) => at.join())).size, 200);
});

import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import fc from "fast-check";
import { priorWeights } from "../../src/duplication/prior_weights.ts";

Deno.test("priorWeights() are shares among originals over shares among slots, by hand", () => {
  // Two of three originals are of class 0, but two of six slots.
  const labels = Uint8Array.of(0, 0, 1, 1, 1, 1);
  assertEquals(
    priorWeights(labels, { originals: 3, classes: 2 }),
    Float32Array.of(2, 2, 0.5, 0.5, 0.5, 0.5),
  );
});

Deno.test("priorWeights() are exactly 1 where the class mix is unchanged, or nothing is copied", () => {
  const originals = [0, 2, 1, 1, 0, 1, 2];
  for (const times of [1, 2, 3, 7]) {
    const labels = Uint8Array.from(new Array(times).fill(originals).flat());
    const weights = priorWeights(labels, { originals: 7, classes: 3 });
    assertEquals(new Set(weights), new Set([1]));
  }
});

Deno.test("priorWeights() give a class that no original has no weight", () => {
  const labels = Uint8Array.of(0, 1, 0, 2);
  assertEquals(
    priorWeights(labels, { originals: 2, classes: 3 }),
    Float32Array.of(1, 2, 1, 0),
  );
});

Deno.test("priorWeights() sum to the class mix of the originals, mean 1, in float64 to 1e-6", () => {
  fc.assert(
    fc.property(
      fc.uint8Array({ min: 0, max: 4, minLength: 1, maxLength: 60 }),
      fc.uint8Array({ min: 0, max: 4, maxLength: 200 }),
      (originals, copies) => {
        const labels = Uint8Array.of(...originals, ...copies);
        const weights = priorWeights(labels, {
          originals: originals.length,
          classes: 5,
        });
        const sums = new Float64Array(5);
        labels.forEach((label, slot) => sums[label]! += weights[slot]!);
        sums.forEach((sum, label) =>
          assertAlmostEquals(
            sum / labels.length,
            originals.filter((one) => one === label).length / originals.length,
            1e-6,
          )
        );
        assert(weights.every((weight) => weight >= 0));
      },
    ),
    { seed: 17, numRuns: 200 },
  );
});

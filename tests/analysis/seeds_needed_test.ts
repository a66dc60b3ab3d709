import { assertEquals } from "@std/assert";
import { testMean } from "../../src/analysis/paired_test.ts";
import type { CrossedTest } from "../../src/analysis/crossed_test.ts";
import { seedsNeeded } from "../../src/analysis/seeds_needed.ts";

/** A crossed test of which only the errors and the images matter. */
const crossed = (error: number, images: number) =>
  ({ error, images }) as CrossedTest;

Deno.test("seedsNeeded() is the smallest n whose t quantiles, from a table, detect the effect", () => {
  // Six values of mean 0 and variance 1.5: the variance of the mean is 1.5 / n.
  const d = Math.sqrt(1.25);
  const test = testMean([-d, -d, -d, d, d, d]);
  // n = 13: (2.1788 + 0.8726) sqrt(1.5 / 13) = 1.037; n = 14:
  // (2.1604 + 0.8702) sqrt(1.5 / 14) = 0.992.
  assertEquals(seedsNeeded({ test, crossed: null }, 1)?.seeds, 14);
  // n = 5: (2.7764 + 0.9410) sqrt(0.3) = 2.036; n = 6: (2.5706 + 0.9195) 0.5 = 1.745.
  assertEquals(seedsNeeded({ test, crossed: null }, 1.8)?.seeds, 6);
  // Test images that add nothing change nothing.
  assertEquals(
    seedsNeeded({ test, crossed: crossed(0.5, 400) }, 1),
    { seeds: 14, images: 400 },
  );
});

Deno.test("seedsNeeded() asks for test images where no number of seeds is enough", () => {
  const test = testMean([2, 2, 2, 2, 2, 2]);
  // (1.95996 + 0.84162) x 0.2 = 0.560, whatever the seeds.
  assertEquals(
    seedsNeeded({ test, crossed: crossed(0.2, 400) }, 0.6),
    { seeds: 2, images: 400 },
  );
  // Half of (0.5 / 2.80158)^2 is 0.015926; 400 x 0.04 / 0.015926 = 1004.7.
  assertEquals(
    seedsNeeded({ test, crossed: crossed(0.2, 400) }, 0.5),
    { seeds: 2, images: 1005 },
  );
});

Deno.test("seedsNeeded() says nothing of one seed, or of runs that never differ", () => {
  assertEquals(seedsNeeded({ test: testMean([1]), crossed: null }, 1), null);
  assertEquals(seedsNeeded({ test: testMean([0, 0]), crossed: null }, 1), null);
});

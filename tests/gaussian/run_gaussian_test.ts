import { assert, assertEquals, assertThrows } from "@std/assert";
import { UsageError } from "../../src/core/errors.ts";
import { outlinePositive } from "../../src/gaussian/_outline.ts";
import { drawBoundaries } from "../../src/gaussian/draw_boundaries.ts";
import { drawSet } from "../../src/gaussian/draw_points.ts";
import { gaussianResultSchema } from "../../src/gaussian/gaussian_result.ts";
import {
  gaussianStudySchema,
  parseGaussianStudy,
} from "../../src/gaussian/gaussian_study.ts";
import { runGaussian } from "../../src/gaussian/run_gaussian.ts";
import { decide, trainSvm } from "../../src/gaussian/train_svm.ts";

const small = gaussianStudySchema.parse({
  points: 20,
  heldOut: 50,
  balanced: [0, 10, 20],
  biased: [0, 40],
  seeds: [1, 2],
});

Deno.test("runGaussian() runs every machine once and counts what it adds", async () => {
  const { runs } = gaussianResultSchema.parse(await runGaussian(small));
  // None, then 2 balanced and 1 biased, each with copies and with fresh points.
  assertEquals(runs.length, 2 * (1 + 2 * 2 + 1 * 2));
  assertEquals(runs.filter(({ policy }) => policy === "none").length, 2);
  for (const { policy, added, original, trained, heldOut } of runs) {
    const sum = added[0] + added[1];
    assert(
      { none: [0], balanced: [10, 20], biased: [40] }[policy].includes(sum),
    );
    for (const i of [0, 1] as const) {
      assert(original[i] <= 20 && heldOut[i] <= 50);
      assert(
        trained[i] >= original[i] && trained[i] <= original[i] + added[i],
      );
    }
  }
});

Deno.test("parseGaussianStudy() refuses more machines than a file that is read may have", () => {
  const range = (count: number) => Array.from({ length: count }, (_, i) => i);
  // 1 + 2 x 49 + 2 x 50 = 199 machines for each seed.
  const levels = { balanced: range(50), biased: range(51) };
  const study = parseGaussianStudy({ ...levels, seeds: range(502) });
  assertEquals(study.seeds.length, 502);
  assertThrows(
    () => parseGaussianStudy({ ...levels, seeds: range(503) }),
    UsageError,
    '"seeds" must leave at most 100000 machines, got 100097',
  );
});

Deno.test("runGaussian() pairs: a seed's results do not depend on the other seeds", async () => {
  const both = await runGaussian(small);
  const second = await runGaussian({ ...small, seeds: [2] });
  assertEquals(both.runs.filter(({ seed }) => seed === 2), second.runs);
  assertEquals((await runGaussian(small)).digest, both.digest);
});

Deno.test("runGaussian() comes near the best possible accuracy and does not exceed it", async () => {
  const heldOut = 4000;
  const { runs } = await runGaussian({
    ...small,
    points: 400,
    heldOut,
    balanced: [0, 1],
    biased: [0, 1],
    seeds: [1, 2, 3],
  });
  const right = runs.filter(({ policy }) => policy === "none")
    .map(({ heldOut }) => heldOut[0] + heldOut[1]);
  const all = 3 * 2 * heldOut;
  const accuracy = right.reduce((sum, n) => sum + n, 0) / all;
  // Classes of equal covariance, at the Mahalanobis distance 2 / sqrt(3):
  // the normal distribution at half of it (Fisher 1936).
  const best = 0.7181486;
  const error = Math.sqrt(best * (1 - best) / all);
  assert(accuracy < best + 4 * error, `${accuracy}`);
  assert(accuracy > best - 0.02, `${accuracy}`);
});

Deno.test("outlinePositive() separates the signs of the machine's function", async () => {
  const svm = await trainSvm(drawSet(1, "train", 50), { gamma: 0.5, cost: 1 });
  const rings = outlinePositive(svm, [-3, 4]);
  const isInside = (x: number, y: number) =>
    rings.reduce((inside, ring) =>
      ring.reduce((odd, [x1, y1], i) => {
        const [x0, y0] = ring[(i || ring.length) - 1]!;
        const crosses = (y0 > y) !== (y1 > y) &&
          x < x0 + (y - y0) * (x1 - x0) / (y1 - y0);
        return crosses ? !odd : odd;
      }, inside), false);
  let seen = 0;
  for (let x = -2.95; x < 4; x += 0.1) {
    for (let y = -2.95; y < 4; y += 0.1) {
      const value = decide(svm, [x, y]);
      // Linear between samples, it may be off by less than this.
      if (Math.abs(value) < 0.01) continue;
      assertEquals(isInside(x, y), value > 0, `${x}, ${y}`);
      seen++;
    }
  }
  assert(seen > 4000);
});

Deno.test("drawBoundaries() gives the same well-formed SVG again, with finite numbers only", async () => {
  const svg = await drawBoundaries(small);
  assertEquals(await drawBoundaries(small), svg);
  assert(!/NaN|undefined|Infinity/.test(svg));
  assertEquals(svg.match(/<g[ >]/g)!.length, svg.match(/<\/g>/g)!.length);
  // Columns: no copies, even ones, biased ones, fresh points in their place.
  const columns = 4;
  // A path above for each column's own, one for that before; one a seed below.
  assertEquals(svg.match(/<path class="after"/g)!.length, columns);
  assertEquals(svg.match(/<path class="before"/g)!.length, columns - 1);
  assertEquals(svg.match(/<path class="seed"/g)!.length, 2 * columns);
  // Both axes are named: the second one once in each row.
  assertEquals(svg.match(/first coordinate, x/g)!.length, 2 * columns);
  assertEquals(svg.match(/second coordinate, y/g)!.length, 2);
});

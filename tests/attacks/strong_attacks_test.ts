import {
  assert,
  assertAlmostEquals,
  assertEquals,
  assertThrows,
} from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import fc from "fast-check";
import { apgdCe, apgdTargeted } from "../../src/attacks/apgd.ts";
import { checkpoints } from "../../src/attacks/apgd_search.ts";
import type { Attack } from "../../src/attacks/attack.ts";
import { dlr, targetedDlr } from "../../src/attacks/dlr.ts";
import { sideOf, square } from "../../src/attacks/square.ts";
import { openBackend } from "../../src/backend/open_backend.ts";
import { openStream } from "../../src/core/stream.ts";
import { attacked, batchOf, closedForm, weights } from "./_linear.ts";

const pixels = [
  [0.1, 0.2, 0.3, 0.4, 0.5, 0.6],
  [0, 1, 0.02, 0.98, 0.5, 1],
];

/** Ten classes: far from saturated, so that losses have slopes. */
const wide = (x: tf.Tensor4D): tf.Tensor2D =>
  tf.tidy(() => {
    const stream = openStream(3, "init", "wide");
    const matrix = Array.from({ length: 60 }, () => 2 * stream.uniform() - 1);
    return tf.matMul(
      tf.reshape(x, [x.shape[0], 6]),
      tf.tensor2d(matrix, [6, 10]),
    ) as tf.Tensor2D;
  });

const score = (image: number[]) =>
  image.reduce((sum, v, i) => sum + v * weights[i]!, 0);

const every: [name: string, make: (epsilon: number) => Attack][] = [
  ["apgdCe()", (epsilon) => apgdCe({ epsilon, iterations: 12 })],
  ["apgdTargeted()", (epsilon) => apgdTargeted({ epsilon, iterations: 5 })],
  ["square()", (epsilon) => square({ epsilon, queries: 40 })],
];

Deno.test("checkpoints() of 100 iterations are the published ones", () => {
  assertEquals(checkpoints(100), [22, 41, 57, 70, 80, 87, 93, 99]);
  assertEquals(checkpoints(10).slice(0, 3), [2, 3, 4]);
});

Deno.test("sideOf() follows the published schedule", () => {
  // Share .8 halved behind 10, 50, 200, 500, ... queries, on 32x32 pixels.
  const sides = [1, 10, 11, 50, 51, 200, 201, 8001].map((query) =>
    sideOf(query, 32, 32)
  );
  const shares = [0.8, 0.8, 0.4, 0.4, 0.2, 0.2, 0.1, 0.8 / 512];
  assertEquals(
    sides,
    shares.map((p) => Math.max(1, Math.round(Math.sqrt(p * 1024)))),
  );
  assertEquals(sideOf(1, 1, 2), 1);
});

Deno.test("wasm: apgdCe() reaches the closed form on a linear model", async () => {
  await openBackend("wasm");
  const values = await attacked(
    apgdCe({ epsilon: 0.1, iterations: 30 }),
    batchOf(pixels, [0, 1]),
  );
  const best = pixels.map((p, i) => closedForm(p, i, 0.1));
  [0, 1].forEach((i) => {
    // As far as float32 shows a loss: the score is what decides it.
    const found = score(values.slice(6 * i, 6 * i + 6));
    assertAlmostEquals(found, score(best[i]!), 1e-3);
  });
});

Deno.test("wasm: square() reaches the closed form on a linear model with enough queries", async () => {
  await openBackend("wasm");
  // Far enough from the boundary that the search never stops for success.
  const image = [0.5, 0.5, 0.5, 0.5, 0.5, 0.9];
  const values = await attacked(
    square({ epsilon: 0.05, queries: 600 }),
    batchOf([image], [0]),
  );
  assertAlmostEquals(score(values), score(closedForm(image, 0, 0.05)), 1e-5);
});

for (const [name, make] of every) {
  Deno.test(`wasm: ${name} stays in the ball and in [0, 1]`, async () => {
    await openBackend("wasm");
    const unit = fc.double({ min: 0, max: 1, noNaN: true });
    await fc.assert(
      fc.asyncProperty(
        fc.array(unit, { minLength: 6, maxLength: 6 }),
        fc.double({ min: 0.01, max: 1, noNaN: true }),
        fc.nat(),
        async (image, epsilon, seed) => {
          const values = await attacked(
            make(epsilon),
            batchOf([image], [seed % 10], { seed, classes: 10 }),
            wide,
          );
          values.forEach((v, i) => {
            assert(v >= 0 && v <= 1, `${v}`);
            const moved = Math.abs(v - Math.fround(image[i]!));
            assert(moved <= epsilon + 6e-8, `${moved} > ${epsilon}`);
          });
        },
      ),
      { numRuns: 15, seed: 1 },
    );
  });

  Deno.test(`wasm: ${name} finds the same image whatever the batch it is in, and leaks nothing`, async () => {
    await openBackend("wasm");
    const before = tf.memory().numTensors;
    const together = await attacked(
      make(0.1),
      batchOf(pixels, [0, 3], { classes: 10 }),
      wide,
    );
    const alone = await attacked(
      make(0.1),
      batchOf([pixels[1]!], [3], { offset: 1, classes: 10 }),
      wide,
    );
    assertEquals(together.slice(6), alone);
    assertEquals(tf.memory().numTensors, before);
  });

  Deno.test(`wasm: ${name} finds a planted adversarial image`, async () => {
    await openBackend("wasm");
    // Class 0 but for the upper corner of the ball around mid-grey, where the
    // sum of the pixels is more than nine tenths of what the ball allows.
    const epsilon = 0.1;
    const edge = 6 * (0.5 + 0.9 * epsilon);
    const planted = (x: tf.Tensor4D) =>
      tf.tidy(() => {
        const sum = tf.sum(tf.reshape(x, [x.shape[0], 6]), 1, true);
        const gap = tf.mul(tf.sub(sum, edge), 5);
        const low = tf.sub(tf.mul(gap, 0), 3);
        return tf.concat(
          [tf.neg(gap), gap, low, tf.sub(low, 1)],
          1,
        ) as tf.Tensor2D;
      });
    const grey = Array(6).fill(0.5);
    const values = await attacked(
      name === "square()" ? square({ epsilon, queries: 300 }) : make(epsilon),
      batchOf([grey], [0], { classes: 4 }),
      planted,
    );
    assert(values.reduce((a, b) => a + b) > edge, values.join());
  });
}

Deno.test("wasm: dlr() and targetedDlr() are what they say, with the gradient of finite differences", async () => {
  await openBackend("wasm");
  await fc.assert(
    fc.asyncProperty(
      fc.nat(),
      fc.integer({ min: 4, max: 10 }),
      async (seed, k) => {
        const stream = openStream(seed, "init", "dlr");
        // Apart by more than the step of the difference, so that ranks stay.
        const order = Array.from({ length: k }, (_, i) => i);
        order.sort(() => stream.uniform() - 0.5);
        const z = order.map((rank) => rank * 0.7 + 0.2 * stream.uniform());
        const [y, t] = [stream.below(k), 0];
        const target = y === t ? 1 : t;
        const expected = (z: number[]) => {
          const sorted = z.toSorted((a, b) => b - a);
          const other = Math.max(...z.filter((_, i) => i !== y));
          return [
            -(z[y]! - other) / (sorted[0]! - sorted[2]! + 1e-12),
            -(z[y]! - z[target]!) /
            (sorted[0]! - 0.5 * (sorted[2]! + sorted[3]!) + 1e-12),
          ];
        };
        const [labels, targets] = [y, target].map((c) =>
          tf.oneHot([c], k).toFloat() as tf.Tensor2D
        );
        const losses = [
          (x: tf.Tensor) => dlr(x as tf.Tensor2D, labels!),
          (x: tf.Tensor) => targetedDlr(x as tf.Tensor2D, labels!, targets!),
        ];
        for (const [which, loss] of losses.entries()) {
          const { value, grad } = tf.valueAndGrad(loss)(
            tf.tensor2d([z]),
            tf.ones([1]),
          );
          assertAlmostEquals(
            (await value.data())[0]!,
            expected(z)[which]!,
            1e-5,
          );
          const slope = await grad.data();
          z.forEach((_, i) => {
            const at = (h: number) =>
              expected(z.map((v, j) => v + (i === j ? h : 0)))[which]!;
            assertAlmostEquals(slope[i]!, (at(1e-5) - at(-1e-5)) / 2e-5, 1e-4);
          });
          tf.dispose([value, grad]);
        }
        tf.dispose([labels!, targets!]);
      },
    ),
    { numRuns: 30, seed: 1 },
  );
});

Deno.test("apgdTargeted() needs four classes", () => {
  assertThrows(
    () =>
      apgdTargeted({ epsilon: 0.1, iterations: 1 }).perturb(
        wide,
        batchOf(pixels, [0, 1]),
      ),
    RangeError,
    "at least 4 classes: current value is 2",
  );
});

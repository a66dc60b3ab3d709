import {
  assert,
  assertAlmostEquals,
  assertEquals,
  assertRejects,
} from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import fc from "fast-check";
import { apgdCe, apgdTargeted } from "../../src/attacks/apgd.ts";
import type { Attack } from "../../src/attacks/attack.ts";
import { square } from "../../src/attacks/square.ts";
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

Deno.test("wasm: apgdCe() reaches the closed form on a linear model", async () => {
  await openBackend("wasm");
  const values = await attacked(
    apgdCe({ epsilon: 0.1, iterations: 30 }),
    // Both of class 0, and so far inside that none is ever misclassified: the
    // search would end there.
    batchOf(pixels, [0, 0]),
  );
  const best = pixels.map((p) => closedForm(p, 0, 0.1));
  [0, 1].forEach((i) => {
    // As far as float32 shows a loss: the score is what decides it.
    const found = score(values.slice(6 * i, 6 * i + 6));
    assertAlmostEquals(found, score(best[i]!), 1e-3);
  });
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

  Deno.test(`wasm: ${name} finds the same image in any batch, and leaks nothing`, async () => {
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

Deno.test("wasm: apgdTargeted() targets classes of every rank, the last included", async () => {
  await openBackend("wasm");
  for (let reachable = 1; reachable < 6; reachable++) {
    // Class i starts at rank i + 1. All scores are fixed but that of one class,
    // which alone overtakes class 0, in the corner of the ball where the pixels
    // are largest; from class 0's own loss it cannot be seen coming.
    const fixed = [5, 4, 3, 2, 1, 0];
    const classify = (x: tf.Tensor4D) =>
      tf.tidy(() => {
        const sum = tf.sum(tf.reshape(x, [x.shape[0], 6]), 1, true);
        const rise = tf.mul(tf.sub(sum, 3), 10);
        const one = fixed.map((_, i) => Number(i === reachable));
        return tf.add(fixed, tf.mul(rise, [one])) as tf.Tensor2D;
      });
    const values = await attacked(
      apgdTargeted({ epsilon: 0.1, iterations: 6 }),
      batchOf([Array(6).fill(0.5)], [0], { classes: 6 }),
      classify,
    );
    const sum = values.reduce((a, b) => a + b);
    assert(
      fixed[reachable]! + 10 * (sum - 3) > fixed[0]!,
      `class ${reachable} was not reached: the sum is ${sum}`,
    );
  }
});

Deno.test("wasm: apgdTargeted() needs four classes", async () => {
  await openBackend("wasm");
  const batch = batchOf(pixels, [0, 1]);
  await assertRejects(
    async () =>
      await apgdTargeted({ epsilon: 0.1, iterations: 1 }).perturb(wide, batch),
    RangeError,
    "at least 4 classes, got 2",
  );
  tf.dispose([batch.images, batch.labels]);
});

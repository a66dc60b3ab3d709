import { assertEquals, assertThrows } from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import fc from "fast-check";
import { fgsm, nFgsm, pgd } from "../../src/attacks/pgd.ts";
import { parseAttack } from "../../src/attacks/parse_attack.ts";
import { openBackend } from "../../src/backend/open_backend.ts";
import { openStream } from "../../src/core/stream.ts";
import { attacked, batchOf, closedForm, linear, weights } from "./_linear.ts";

const pixels = [
  [0.1, 0.2, 0.3, 0.4, 0.5, 0.6],
  [0, 1, 0.02, 0.98, 0.5, 1],
];

Deno.test("wasm: fgsm() reaches the closed form on a linear model", async () => {
  await openBackend("wasm");
  const values = await attacked(
    fgsm({ epsilon: 0.1 }),
    batchOf(pixels, [0, 1]),
  );
  assertClose(values, pixels.flatMap((p, i) => closedForm(p, i, 0.1)));
});

Deno.test("wasm: pgd() reaches the closed form on a linear model from a random start", async () => {
  await openBackend("wasm");
  const attack = pgd({
    epsilon: 0.1,
    stepSize: 0.03,
    steps: 8,
    randomStart: true,
  });
  const values = await attacked(attack, batchOf(pixels, [1, 0], { seed: 4 }));
  assertClose(values, pixels.flatMap((p, i) => closedForm(p, 1 - i, 0.1)));
});

Deno.test("wasm: nFgsm() adds noise and one step, clipped to pixels after each and never to a ball", async () => {
  await openBackend("wasm");
  const unit = fc.double({ min: 0, max: 1, noNaN: true });
  let farthest = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.array(unit, { minLength: 6, maxLength: 6 }),
      fc.double({ min: 0.01, max: 0.7, noNaN: true }),
      fc.double({ min: 0.01, max: 0.2, noNaN: true }),
      fc.nat(1),
      fc.nat(),
      async (image, noise, stepSize, label, seed) => {
        const values = await attacked(
          nFgsm({ noise, stepSize }),
          batchOf([image], [label], { seed }),
        );
        const { uniform } = openStream(seed, "attack", 0);
        const noisy = image.map((v) => clip(v + noise * (2 * uniform() - 1)));
        assertClose(values, closedForm(noisy, label, stepSize));
        values.forEach((v, i) =>
          farthest = Math.max(farthest, Math.abs(v - image[i]!) / stepSize)
        );
      },
    ),
    { numRuns: 100 },
  );
  assertEquals(farthest > 2, true, "no pixel left the ball of one step");
});

Deno.test("wasm: pgd() stays in the ball and in [0, 1]", async () => {
  await openBackend("wasm");
  const unit = fc.double({ min: 0, max: 1, noNaN: true });
  await fc.assert(
    fc.asyncProperty(
      fc.array(unit, { minLength: 6, maxLength: 6 }),
      fc.double({ min: 0.01, max: 1, noNaN: true }),
      fc.integer({ min: 1, max: 5 }),
      fc.nat(),
      async (image, epsilon, steps, seed) => {
        const attack = pgd({
          epsilon,
          stepSize: 0.4,
          steps,
          randomStart: true,
        });
        const values = await attacked(attack, batchOf([image], [0], { seed }));
        values.forEach((v, i) => {
          assertEquals(v >= 0 && v <= 1, true);
          const moved = Math.abs(v - Math.fround(image[i]!));
          // One rounding of original + shift in float32.
          assertEquals(moved <= epsilon + 6e-8, true, `${moved} > ${epsilon}`);
        });
      },
    ),
    { numRuns: 50 },
  );
});

Deno.test("wasm: pgd() finds the same image in any batch", async () => {
  await openBackend("wasm");
  const attack = pgd({
    epsilon: 0.1,
    stepSize: 0.01,
    steps: 2,
    randomStart: true,
  });
  const together = await attacked(attack, batchOf(pixels, [0, 0], { seed: 9 }));
  const alone = await attacked(
    attack,
    batchOf([pixels[1]!], [0], { seed: 9, offset: 1 }),
  );
  assertEquals(together.slice(6), alone);
});

Deno.test("wasm: pgd() starts at random points that fill the ball", async () => {
  await openBackend("wasm");
  // A constant classifier: no gradient, so the start is what comes back.
  const constant = (x: tf.Tensor4D) => tf.zeros([x.shape[0], 2]) as tf.Tensor2D;
  const attack = pgd({
    epsilon: 0.25,
    stepSize: 0.01,
    steps: 1,
    randomStart: true,
  });
  const rows = 500;
  const batch = batchOf(
    Array.from({ length: rows }, () => Array(6).fill(0.5)),
    Array(rows).fill(0),
  );
  const flat = (x: tf.Tensor4D) =>
    tf.tidy(() => tf.mul(constant(x), tf.sum(x)) as tf.Tensor2D);
  const found = await attack.perturb(flat, batch);
  const shifts = Array.from(await found.images.data(), (v) => v - 0.5);
  const blind = (await found.zeroGradients.data())[0];
  tf.dispose([found.images, found.zeroGradients, batch.images, batch.labels]);
  assertEquals(blind, rows, "every gradient is zero and is counted");
  const mean = shifts.reduce((a, b) => a + b) / shifts.length;
  const variance = shifts.reduce((a, x) => a + x * x, 0) / shifts.length;
  assertClose([mean], [0], 0.013);
  // A uniform on ±e has variance e²/3.
  assertClose([variance / (0.25 ** 2 / 3)], [1], 0.05);
});

Deno.test("wasm: pgd() leaves no tensors except those it returns", async () => {
  await openBackend("wasm");
  const batch = batchOf(pixels, [0, 1]);
  const before = tf.memory().numTensors;
  const found = await parseAttack("pgd-3", { epsilon: 0.1, alpha: 0.05 })
    .perturb(linear, batch);
  assertEquals(tf.memory().numTensors, before + 2);
  tf.dispose([found.images, found.zeroGradients, batch.images, batch.labels]);
});

Deno.test("wasm: pgd() computes no gradient for the weights", async () => {
  await openBackend("wasm");
  const kernel = tf.variable(tf.tensor2d(weights, [6, 1]));
  const classify = (x: tf.Tensor4D) =>
    tf.tidy(() => {
      const score = tf.matMul(tf.reshape(x, [x.shape[0], 6]), kernel);
      return tf.concat([score, tf.neg(score)], 1) as tf.Tensor2D;
    });
  const batch = batchOf(pixels, [0, 1]);
  const { kernels } = await tf.profile(() => {
    fgsm({ epsilon: 0.1 }).perturb(classify, batch);
    return batch.images;
  });
  // One product forward, one for the images; a third would be the weights'.
  const products = kernels.filter(({ name }) => /MatMul/.test(name)).length;
  assertEquals(products, 2);
});

Deno.test("pgd() refuses numbers out of range", () => {
  const good = { epsilon: 0.1, stepSize: 0.1, steps: 1, randomStart: false };
  for (
    const [bad, says] of [
      [{ epsilon: 0 }, '"epsilon" must be in (0, 1], got 0'],
      [{ stepSize: 2 }, '"stepSize" must be in (0, 1], got 2'],
      [{ steps: 0 }, '"steps" must be an integer of at least 1, got 0'],
      [{ steps: 1.5 }, '"steps" must be an integer of at least 1, got 1.5'],
      [{ noise: 0 }, '"noise" must be above 0, got 0'],
      [{ noise: Infinity }, '"noise" must be above 0, got Infinity'],
    ] as const
  ) {
    assertThrows(() => pgd({ ...good, ...bad }), RangeError, says);
  }
});

Deno.test("parseAttack() refuses names that are not attacks", () => {
  for (const name of ["", "pgd", "pgd-0", "pgd-x", "FGSM"]) {
    assertThrows(
      () => parseAttack(name, { epsilon: 0.1, alpha: 0.1 }),
      RangeError,
      `"${name}"`,
    );
  }
});

const clip = (v: number) => Math.min(1, Math.max(0, v));

function assertClose(actual: number[], expected: number[], tolerance = 1e-6) {
  assertEquals(actual.length, expected.length);
  actual.forEach((v, i) =>
    assertEquals(
      Math.abs(v - expected[i]!) <= tolerance,
      true,
      `entry ${i}: ${v} is not ${expected[i]} ± ${tolerance}`,
    )
  );
}

Deno.test("pgd() refuses a smallest pixel that no image can have above it", () => {
  for (const lowest of [-0.1, 1, 2, NaN]) {
    assertThrows(
      () =>
        pgd({
          epsilon: 0.1,
          stepSize: 0.1,
          steps: 1,
          randomStart: false,
          lowest,
        }),
      RangeError,
      `"lowest" must be in [0, 1), got ${lowest}`,
    );
  }
});

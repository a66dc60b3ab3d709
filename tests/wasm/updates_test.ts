import { assert, assertEquals } from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import fc from "fast-check";
import {
  adamStep,
  linfStep,
  sgdStep,
  softmaxCrossEntropy,
} from "../../src/wasm/mod.ts";
import { drawTensor, drawValues, relativeError, useWasm } from "./_wasm.ts";

const sizes = fc.constantFrom(0, 1, 3, 4, 5, 64, 103);

Deno.test("wasm: linfStep() equals the projection in float64 and stays in ball and box", async () => {
  await useWasm();
  fc.assert(
    fc.property(
      sizes,
      fc.double({ min: 0, max: 0.3, noNaN: true }),
      (n, epsilon) => {
        const original = drawValues(n, 1).map(Math.abs);
        const current = drawValues(n, 2).map((v, i) =>
          original[i]! + v * epsilon
        );
        const gradient = drawValues(n, 3).map((v, i) => i % 5 === 0 ? 0 : v);
        const expected = Array.from(current, (value, i) => {
          const moved = value + Math.sign(gradient[i]!) * 0.1;
          const inBall = Math.min(
            Math.max(moved, original[i]! - epsilon),
            original[i]! + epsilon,
          );
          return Math.min(Math.max(inBall, 0), 1);
        });
        const actual = tf.tidy(() =>
          linfStep(
            tf.tensor(current),
            tf.tensor(gradient),
            tf.tensor(original),
            {
              epsilon,
              stepSize: 0.1,
            },
          ).dataSync()
        );
        actual.forEach((value, i) => {
          assert(Math.abs(value - expected[i]!) < 2e-7);
          assert(Math.abs(value - original[i]!) <= epsilon + 1e-6);
          assert(value >= 0 && value <= 1);
        });
      },
    ),
    { numRuns: 40, seed: 1 },
  );
});

Deno.test("wasm: linfStep() gives the bits of the composed operations and keeps NaN", async () => {
  await useWasm();
  tf.tidy(() => {
    const original = tf.abs(drawTensor<tf.Rank.R1>([1001], 1));
    const gradient = tf.tensor(
      drawValues(1001, 2).map((v, i) => i === 7 ? NaN : v),
    );
    const next = linfStep(original, gradient, original, {
      epsilon: 8 / 255,
      stepSize: 2 / 255,
    });
    const moved = tf.add(original, tf.mul(tf.sign(gradient), 2 / 255));
    const shift = tf.clipByValue(tf.sub(moved, original), -8 / 255, 8 / 255);
    const composed = tf.clipByValue(tf.add(original, shift), 0, 1).dataSync();
    const fused = next.dataSync();
    assert(Number.isNaN(fused[7]));
    fused.forEach((value, i) => {
      if (i !== 7) assertEquals(value, composed[i]);
    });
  });
});

Deno.test("wasm: sgdStep() follows PyTorch's definition in float64 over ten steps", async () => {
  await useWasm();
  fc.assert(
    fc.property(sizes, (n) => {
      const options = { learningRate: 0.1, momentum: 0.9, weightDecay: 5e-4 };
      const w = Array.from(drawValues(n, 1));
      const v = w.map(() => 0);
      let weight: tf.Tensor = tf.tensor1d(w);
      let velocity: tf.Tensor = tf.zeros([n]);
      for (let step = 0; step < 10; step++) {
        const g = drawValues(n, 10 + step);
        w.forEach((value, i) => {
          v[i] = 0.9 * v[i]! + g[i]! + 5e-4 * value;
          w[i] = value - 0.1 * v[i]!;
        });
        [weight, velocity] = sgdStep(
          { weight, velocity, gradient: tf.tensor1d(g) },
          options,
        );
      }
      assert(relativeError(weight.dataSync(), w) < 1e-6);
      assert(relativeError(velocity.dataSync(), v) < 1e-6);
    }),
    { numRuns: 10, seed: 1 },
  );
});

Deno.test("wasm: adamStep() follows PyTorch's definition in float64 over ten steps", async () => {
  await useWasm();
  fc.assert(
    fc.property(sizes, (n) => {
      const w = Array.from(drawValues(n, 1));
      const m = w.map(() => 0);
      const s = w.map(() => 0);
      let weight: tf.Tensor = tf.tensor1d(w);
      let mean: tf.Tensor = tf.zeros([n]);
      let square: tf.Tensor = tf.zeros([n]);
      for (let step = 1; step <= 10; step++) {
        const g = drawValues(n, 10 + step);
        const rate = 0.01 / (1 - 0.9 ** step);
        const root = Math.sqrt(1 - 0.999 ** step);
        w.forEach((value, i) => {
          const gradient = g[i]! + 5e-4 * value;
          m[i] = 0.9 * m[i]! + 0.1 * gradient;
          s[i] = 0.999 * s[i]! + 0.001 * gradient ** 2;
          w[i] = value - rate * m[i]! / (Math.sqrt(s[i]!) / root + 1e-8);
        });
        [weight, mean, square] = adamStep(
          { weight, mean, square, gradient: tf.tensor1d(g) },
          {
            rate,
            root,
            beta1: 0.9,
            beta2: 0.999,
            epsilon: 1e-8,
            weightDecay: 5e-4,
          },
        );
      }
      assert(relativeError(weight.dataSync(), w) < 1e-5);
      assert(relativeError(mean.dataSync(), m) < 1e-5);
      assert(relativeError(square.dataSync(), s) < 1e-5);
    }),
    { numRuns: 10, seed: 1 },
  );
});

Deno.test("wasm: sgdStep() and adamStep() leave what they are given unchanged", async () => {
  await useWasm();
  tf.tidy(() => {
    const weight = tf.ones([9]);
    const alias = tf.clone(weight);
    const zeros = tf.zeros([9]);
    sgdStep({ weight, velocity: zeros, gradient: weight }, {
      learningRate: 1,
      momentum: 0.9,
      weightDecay: 0,
    });
    adamStep({ weight, mean: zeros, square: zeros, gradient: weight }, {
      rate: 1,
      root: 1,
      beta1: 0.9,
      beta2: 0.999,
      epsilon: 1e-8,
      weightDecay: 0,
    });
    assertEquals([...alias.dataSync()], Array(9).fill(1));
    assertEquals([...zeros.dataSync()], Array(9).fill(0));
  });
});

Deno.test("wasm: softmaxCrossEntropy() and its gradient equal float64, far logits included", async () => {
  await useWasm();
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 9 }),
      fc.integer({ min: 1, max: 12 }),
      fc.constantFrom(1, 30, 1e4),
      (b, k, scale) => {
        const logits = drawValues(b * k, 1).map((v) => v * scale);
        const labels = drawValues(b * k, 2).map((_, i) =>
          i % k === Math.floor(i / k) % k ? 1 : 0
        );
        const losses: number[] = [];
        const expected: number[] = [];
        for (let i = 0; i < b; i++) {
          const row = Array.from(logits.slice(i * k, (i + 1) * k));
          const most = Math.max(...row);
          const sum = row.reduce((s, v) => s + Math.exp(v - most), 0);
          losses.push(Math.log(sum) - row[i % k]! + most);
          row.forEach((v, c) =>
            expected.push(Math.exp(v - most) / sum - (c === i % k ? 1 : 0))
          );
        }
        tf.tidy(() => {
          const y = tf.tensor2d(labels, [b, k]);
          const f = (x: tf.Tensor) => softmaxCrossEntropy(x as tf.Tensor2D, y);
          const x = tf.tensor2d(logits, [b, k]);
          assert(relativeError(f(x).dataSync(), losses) < 1e-6);
          const dx = tf.grad(f)(x, tf.ones([b]));
          assert(relativeError(dx.dataSync(), expected) < 1e-6);
        });
      },
    ),
    { numRuns: 60, seed: 1 },
  );
});

Deno.test("wasm: softmaxCrossEntropy() gives NaN for NaN and for an infinite score", async () => {
  await useWasm();
  for (const bad of [NaN, Infinity]) {
    tf.tidy(() => {
      const x = tf.tensor2d([0, bad, 1, 0, 0, 0], [2, 3]);
      const y = tf.tensor2d([1, 0, 0, 1, 0, 0], [2, 3]);
      const losses = softmaxCrossEntropy(x, y).dataSync();
      assert(Number.isNaN(losses[0]));
      assert(Math.abs(losses[1]! - Math.log(3)) < 1e-6);
    });
  }
});

Deno.test("wasm: Relu's gradient is one where positive, zero elsewhere, NaN for NaN", async () => {
  await useWasm();
  tf.tidy(() => {
    const x = tf.tensor1d([-1, 0, 2, NaN, 3, -Infinity, Infinity]);
    const dy = tf.tensor1d([1, 2, 3, 4, 5, 6, 7]);
    assertEquals([...tf.grad((x: tf.Tensor) => tf.relu(x))(x, dy).dataSync()], [
      0,
      0,
      3,
      NaN,
      5,
      0,
      7,
    ]);
  });
});

Deno.test("wasm: Relu is zero below zero and NaN for NaN, in vectors and behind them", async () => {
  await useWasm();
  tf.tidy(() => {
    const x = tf.tensor1d([-1, NaN, 2, -0, NaN, -Infinity, Infinity]);
    assertEquals([...tf.relu(x).dataSync()], [
      0,
      NaN,
      2,
      0,
      NaN,
      0,
      Infinity,
    ]);
  });
});

import { assert, assertEquals } from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import fc from "fast-check";
import { linfStep } from "../../src/kernels/ops/linf_step.ts";
import {
  adamStep,
  adamwStep,
  moveAverage,
  nesterovStep,
  sgdStep,
} from "../../src/kernels/ops/optimizer_steps.ts";
import { softmaxCrossEntropy } from "../../src/kernels/ops/softmax_cross_entropy.ts";
import {
  drawTensor,
  drawValues,
  kernelTest,
  read,
  relativeError,
} from "./_kernels.ts";

const sizes = fc.constantFrom(0, 1, 3, 4, 5, 64, 103);

kernelTest(
  "linfStep() equals the projection in float64 and stays in ball and box",
  async () => {
    await fc.assert(
      fc.asyncProperty(
        sizes,
        fc.double({ min: 0, max: 0.3, noNaN: true }),
        async (n, epsilon) => {
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
          const [actual] = await read(() => [
            linfStep(
              tf.tensor(current),
              tf.tensor(gradient),
              tf.tensor(original),
              { epsilon, stepSize: 0.1 },
            ),
          ]);
          Array.from(actual!).forEach((value, i) => {
            assert(Math.abs(value - expected[i]!) < 2e-7);
            assert(Math.abs(value - original[i]!) <= epsilon + 1e-6);
            assert(value >= 0 && value <= 1);
          });
        },
      ),
      { numRuns: 40, seed: 1 },
    );
  },
);

kernelTest(
  "linfStep() gives the bits of the composed operations and keeps NaN",
  async () => {
    const [fused, composed] = await read(() => {
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
      return [next, tf.clipByValue(tf.add(original, shift), 0, 1)];
    });
    assert(Number.isNaN(fused![7]));
    Array.from(fused!).forEach((value, i) => {
      if (i !== 7) assertEquals(value, composed![i]);
    });
  },
);

kernelTest(
  "sgdStep() follows PyTorch's definition in float64 over ten steps",
  async () => {
    await fc.assert(
      fc.asyncProperty(sizes, async (n) => {
        const options = { learningRate: 0.1, momentum: 0.9, weightDecay: 5e-4 };
        const w = Array.from(drawValues(n, 1));
        const v = w.map(() => 0);
        const [weights, velocities] = await read(() => {
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
          return [weight, velocity];
        });
        assert(relativeError(weights!, w) < 1e-6);
        assert(relativeError(velocities!, v) < 1e-6);
      }),
      { numRuns: 10, seed: 1 },
    );
  },
);

kernelTest(
  "nesterovStep() follows PyTorch's definition in float64 over ten steps",
  async () => {
    await fc.assert(
      fc.asyncProperty(sizes, async (n) => {
        const options = { learningRate: 0.1, momentum: 0.9, weightDecay: 5e-4 };
        const w = Array.from(drawValues(n, 1));
        const v = w.map(() => 0);
        const [weights, velocities] = await read(() => {
          let weight: tf.Tensor = tf.tensor1d(w);
          let velocity: tf.Tensor = tf.zeros([n]);
          for (let step = 0; step < 10; step++) {
            const g = drawValues(n, 10 + step);
            w.forEach((value, i) => {
              const decayed = g[i]! + 5e-4 * value;
              v[i] = 0.9 * v[i]! + decayed;
              w[i] = value - 0.1 * (decayed + 0.9 * v[i]!);
            });
            [weight, velocity] = nesterovStep(
              { weight, velocity, gradient: tf.tensor1d(g) },
              options,
            );
          }
          return [weight, velocity];
        });
        assert(relativeError(weights!, w) < 1e-6);
        assert(relativeError(velocities!, v) < 1e-6);
      }),
      { numRuns: 10, seed: 1 },
    );
  },
);

kernelTest(
  "adamStep() follows PyTorch's definition in float64 over ten steps",
  async () => {
    await fc.assert(
      fc.asyncProperty(sizes, async (n) => {
        const w = Array.from(drawValues(n, 1));
        const m = w.map(() => 0);
        const s = w.map(() => 0);
        const [weights, means, squares] = await read(() => {
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
          return [weight, mean, square];
        });
        assert(relativeError(weights!, w) < 1e-5);
        assert(relativeError(means!, m) < 1e-5);
        assert(relativeError(squares!, s) < 1e-5);
      }),
      { numRuns: 10, seed: 1 },
    );
  },
);

kernelTest(
  "adamwStep() follows PyTorch's definition in float64 over ten steps",
  async () => {
    await fc.assert(
      fc.asyncProperty(sizes, async (n) => {
        const w = Array.from(drawValues(n, 1));
        const m = w.map(() => 0);
        const s = w.map(() => 0);
        const [weights, means, squares] = await read(() => {
          let weight: tf.Tensor = tf.tensor1d(w);
          let mean: tf.Tensor = tf.zeros([n]);
          let square: tf.Tensor = tf.zeros([n]);
          for (let step = 1; step <= 10; step++) {
            const g = drawValues(n, 10 + step);
            const rate = 0.01 / (1 - 0.9 ** step);
            const root = Math.sqrt(1 - 0.999 ** step);
            w.forEach((value, i) => {
              m[i] = 0.9 * m[i]! + 0.1 * g[i]!;
              s[i] = 0.999 * s[i]! + 0.001 * g[i]! ** 2;
              w[i] = value * (1 - 0.01 * 0.05) -
                rate * m[i]! / (Math.sqrt(s[i]!) / root + 1e-8);
            });
            [weight, mean, square] = adamwStep(
              { weight, mean, square, gradient: tf.tensor1d(g) },
              {
                rate,
                root,
                beta1: 0.9,
                beta2: 0.999,
                epsilon: 1e-8,
                kept: 1 - 0.01 * 0.05,
              },
            );
          }
          return [weight, mean, square];
        });
        assert(relativeError(weights!, w) < 1e-5);
        assert(relativeError(means!, m) < 1e-5);
        assert(relativeError(squares!, s) < 1e-5);
      }),
      { numRuns: 10, seed: 1 },
    );
  },
);

kernelTest(
  "steps of optimizers leave what they are given unchanged",
  async () => {
    const given = await read(() => {
      const weight = tf.ones([9]);
      const alias = tf.clone(weight);
      const zeros = tf.zeros([9]);
      const sgd = { learningRate: 1, momentum: 0.9, weightDecay: 0 };
      sgdStep({ weight, velocity: zeros, gradient: weight }, sgd);
      nesterovStep({ weight, velocity: zeros, gradient: weight }, sgd);
      const state = { weight, mean: zeros, square: zeros, gradient: weight };
      const adam = {
        rate: 1,
        root: 1,
        beta1: 0.9,
        beta2: 0.999,
        epsilon: 1e-8,
      };
      adamStep(state, { ...adam, weightDecay: 0 });
      adamwStep(state, { ...adam, kept: 0.5 });
      return [alias, zeros];
    });
    assertEquals(given.map((values) => Array.from(values)), [
      Array(9).fill(1),
      Array(9).fill(0),
    ]);
  },
);

kernelTest(
  "softmaxCrossEntropy() and its gradient equal float64, far logits included",
  async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 0, max: 9 }),
        fc.integer({ min: 1, max: 12 }),
        fc.constantFrom(1, 30, 1e4),
        async (b, k, scale) => {
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
          const [values, gradient] = await read(() => {
            const y = tf.tensor2d(labels, [b, k]);
            const f = (x: tf.Tensor) =>
              softmaxCrossEntropy(x as tf.Tensor2D, y);
            const x = tf.tensor2d(logits, [b, k]);
            return [f(x), tf.grad(f)(x, tf.ones([b]))];
          });
          assert(relativeError(values!, losses) < 1e-6);
          assert(relativeError(gradient!, expected) < 1e-6);
        },
      ),
      { numRuns: 60, seed: 1 },
    );
  },
);

kernelTest(
  "softmaxCrossEntropy() gives NaN for NaN and for an infinite score",
  async () => {
    for (const bad of [NaN, Infinity]) {
      const [losses] = await read(() => {
        const x = tf.tensor2d([0, bad, 1, 0, 0, 0], [2, 3]);
        const y = tf.tensor2d([1, 0, 0, 1, 0, 0], [2, 3]);
        return [softmaxCrossEntropy(x, y)];
      });
      assert(Number.isNaN(losses![0]));
      assert(Math.abs(losses![1]! - Math.log(3)) < 1e-6);
    }
  },
);

kernelTest(
  "Relu's gradient is one where positive, zero elsewhere, NaN for NaN",
  async () => {
    const [dx] = await read(() => {
      const x = tf.tensor1d([-1, 0, 2, NaN, 3, -Infinity, Infinity]);
      const dy = tf.tensor1d([1, 2, 3, 4, 5, 6, 7]);
      return [tf.grad((x: tf.Tensor) => tf.relu(x))(x, dy)];
    });
    assertEquals(Array.from(dx!), [0, 0, 3, NaN, 5, 0, 7]);
  },
);

kernelTest(
  "Relu is zero below zero and NaN for NaN, in whole vectors and in the rest",
  async () => {
    const [y] = await read(() => [
      tf.relu(tf.tensor1d([-1, NaN, 2, -0, NaN, -Infinity, Infinity])),
    ]);
    assertEquals(Array.from(y!, (value) => value + 0), [
      0,
      NaN,
      2,
      0,
      NaN,
      0,
      Infinity,
    ]);
  },
);

kernelTest(
  "moveAverage() follows the sum of decayed values in float64",
  async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(1, 3, 4, 5, 64, 103),
        fc.double({ min: 0.001, max: 0.999, noNaN: true }),
        fc.integer({ min: 1, max: 30 }),
        async (size, share, steps) => {
          const valueOf = (step: number, i: number) =>
            Math.fround(Math.sin(1 + 7 * step + 3 * i));
          const at = (step: number) =>
            tf.tensor1d(
              Float32Array.from({ length: size }, (_, i) => valueOf(step, i)),
            );
          const [found] = await read(() => {
            let average: tf.Tensor = at(0);
            for (let step = 1; step <= steps; step++) {
              average = moveAverage({ average, value: at(step) }, { share });
            }
            return [average];
          });
          Array.from(found!).forEach((value, i) => {
            let expected = (1 - share) ** steps * valueOf(0, i);
            for (let step = 1; step <= steps; step++) {
              expected += share * (1 - share) ** (steps - step) *
                valueOf(step, i);
            }
            assert(Math.abs(value - expected) < 1e-6, `${value}, ${expected}`);
          });
        },
      ),
      { numRuns: 20, seed: 1 },
    );
  },
);

kernelTest(
  "moveAverage() leaves what does not change as it is, however long the average",
  async () => {
    const values = Float32Array.from(
      { length: 103 },
      (_, i) => Math.sin(i) * 9,
    );
    const [found] = await read(() => {
      const value = tf.tensor1d(values);
      let average: tf.Tensor = tf.tensor1d(values);
      for (let step = 0; step < 50; step++) {
        average = moveAverage({ average, value }, { share: 1e-4 });
      }
      return [average];
    });
    assertEquals(Array.from(found!), Array.from(values));
  },
);

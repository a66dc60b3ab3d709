import { assert, assertEquals, assertThrows } from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import { valuesPerChannel } from "../../src/kernels/common/moments.ts";
import fc from "fast-check";
import {
  batchNorm,
  moveMoments,
  normalise,
} from "../../src/kernels/ops/batch_norm.ts";
import { differences, largestError } from "./_float64.ts";
import { drawTensor, drawValues, operationTest, read } from "./_kernels.ts";

/** Mean and biased variance of each channel, by two passes in float64. */
function momentsOf(x: number[], channels: number) {
  const rows = x.length / channels;
  const mean = Array<number>(channels).fill(0);
  const variance = Array<number>(channels).fill(0);
  x.forEach((value, i) => mean[i % channels]! += value / rows);
  x.forEach((value, i) =>
    variance[i % channels]! += (value - mean[i % channels]!) ** 2 / rows
  );
  return { mean, variance };
}

/** Ioffe and Szegedy (2015, arXiv:1502.03167), algorithm 1, in float64. */
function normaliseBy(
  { mean, variance }: { mean: number[]; variance: number[] },
  { epsilon, relu }: { epsilon: number; relu: boolean },
) {
  const channels = mean.length;
  return (x: number[], scale: number[], shift: number[]) =>
    x.map((value, i) => {
      const c = i % channels;
      const unit = (value - mean[c]!) / Math.sqrt(variance[c]! + epsilon);
      const y = unit * scale[c]! + shift[c]!;
      return relu && y < 0 ? 0 : y;
    });
}

const anyBatch = fc.record({
  shape: fc.oneof(
    fc.tuple(fc.integer({ min: 2, max: 9 })),
    fc.tuple(
      fc.integer({ min: 1, max: 3 }),
      fc.integer({ min: 2, max: 4 }),
      fc.integer({ min: 1, max: 5 }),
    ),
  ),
  channels: fc.constantFrom(1, 3, 4, 5, 8),
  relu: fc.boolean(),
  epsilon: fc.constantFrom(1e-5, 0.1),
  affine: fc.boolean(),
  /** Mean of the values, whose deviation is about .6. */
  centre: fc.constantFrom(0, 3),
});

type Batch = typeof anyBatch extends fc.Arbitrary<infer T> ? T : never;

function valuesOf({ shape, channels, affine, centre }: Batch) {
  const size = shape.reduce((a, b) => a * b, channels);
  return {
    x: Array.from(drawValues(size, 1).map((v) => v + centre)),
    dy: drawValues(size, 2),
    scale: affine
      ? Array.from(drawValues(channels, 3).map((v) => 1 + v / 2))
      : Array<number>(channels).fill(1),
    shift: affine
      ? Array.from(drawValues(channels, 4))
      : Array<number>(channels).fill(0),
  };
}

/** What a gradient is measured by: the largest term that its sums cancel. */
function termsOf(scale: number[], variance: number[], epsilon: number): number {
  return Math.max(
    ...scale.map((s, c) => Math.abs(s) / Math.sqrt(variance[c]! + epsilon)),
  );
}

operationTest(
  "batchNorm() and its gradients equal float64 and central differences",
  async (rounds) => {
    await fc.assert(
      fc.asyncProperty(anyBatch, async (batch) => {
        const { channels, relu, epsilon, affine } = batch;
        const shape = [...batch.shape, channels];
        const { x, dy, scale, shift } = valuesOf(batch);
        const expected = momentsOf(x, channels);
        const reference = (x: number[], scale: number[], shift: number[]) =>
          normaliseBy(momentsOf(x, channels), { epsilon, relu })(
            x,
            scale,
            shift,
          );
        const y = reference(x, scale, shift);
        const gradients = differences(reference, [x, scale, shift], dy);
        const [mean, variance, actual, ...grads] = await read(() => {
          const inputs = [
            tf.tensor(x, shape),
            tf.tensor1d(scale),
            tf.tensor1d(shift),
          ];
          const run = (...[x, scale, shift]: tf.Tensor[]) =>
            batchNorm(x!, {
              epsilon,
              relu,
              ...(affine && {
                scale: scale as tf.Tensor1D,
                shift: shift as tf.Tensor1D,
              }),
            });
          const { y, mean, variance } = run(...inputs);
          const used = affine ? inputs : inputs.slice(0, 1);
          return [
            mean,
            variance,
            y,
            ...tf.grads((...inputs) => run(...inputs).y)(
              used,
              tf.tensor(dy, shape),
            ),
          ];
        });
        assert(largestError(mean!, expected.mean) < 1e-6);
        assert(largestError(variance!, expected.variance) < 1e-5);
        assert(largestError(actual!, y) < 2e-5);
        const terms = termsOf(scale, expected.variance, epsilon);
        grads.forEach((gradient, i) => {
          const error = largestError(gradient, gradients[i]!, terms);
          assert(error < 2e-5, `gradient ${i}: ${error}`);
        });
      }),
      { numRuns: rounds, seed: 1 },
    );
  },
  { rounds: 60 },
);

operationTest(
  "normalise() and its gradients equal float64 and central differences",
  async (rounds) => {
    await fc.assert(
      fc.asyncProperty(anyBatch, async (batch) => {
        const { channels, relu, epsilon, affine } = batch;
        const shape = [...batch.shape, channels];
        const { x, dy, scale, shift } = valuesOf(batch);
        const moments = {
          mean: Array.from(drawValues(channels, 5)),
          variance: Array.from(drawValues(channels, 6).map((v) => v + 1.1)),
        };
        const reference = normaliseBy(moments, { epsilon, relu });
        const y = reference(x, scale, shift);
        const gradients = differences(reference, [x, scale, shift], dy);
        const [actual, ...grads] = await read(() => {
          const inputs = [
            tf.tensor(x, shape),
            tf.tensor1d(scale),
            tf.tensor1d(shift),
          ];
          const running = {
            mean: tf.tensor1d(moments.mean),
            variance: tf.tensor1d(moments.variance),
          };
          const run = (...[x, scale, shift]: tf.Tensor[]) =>
            normalise(x!, running, {
              epsilon,
              relu,
              ...(affine && {
                scale: scale as tf.Tensor1D,
                shift: shift as tf.Tensor1D,
              }),
            });
          const used = affine ? inputs : inputs.slice(0, 1);
          return [
            run(...inputs),
            ...tf.grads(run)(used, tf.tensor(dy, shape)),
          ];
        });
        assert(largestError(actual!, y) < 2e-6);
        grads.forEach((gradient, i) => {
          const error = largestError(gradient, gradients[i]!);
          assert(error < 1e-5, `gradient ${i}: ${error}`);
        });
      }),
      { numRuns: rounds, seed: 2 },
    );
  },
  { rounds: 60 },
);

operationTest(
  "batchNorm() keeps the digits of a variance far below the square of the mean, over many rows",
  async () => {
    // float32 sums of squares would give nothing: 1e6 against a variance of 1/3.
    const shape: [number, number, number, number] = [40, 31, 33, 8];
    const size = shape.reduce((a, b) => a * b, 1);
    const x = drawValues(size, 1).map((v, i) => v + (i % 8 < 4 ? 1000 : -3));
    const expected = momentsOf(Array.from(x), 8);
    const [mean, variance] = await read(() => {
      const { mean, variance } = batchNorm(tf.tensor4d(x, shape), {
        epsilon: 1e-5,
        relu: false,
      });
      return [mean, variance];
    });
    const limit = tf.getBackend() === "webgpu" ? 1e-4 : 1e-6;
    assert(largestError(mean!, expected.mean) < 1e-6);
    assert(largestError(variance!, expected.variance, 0) < limit);
  },
);

operationTest(
  "batchNorm() of a constant channel is its shift, and its gradient is finite",
  async () => {
    const [y, dx] = await read(() => {
      const x = tf.fill([4, 2, 2, 5], 7.3);
      const shift = tf.tensor1d([1, 2, 3, 4, 5]);
      const run = (x: tf.Tensor) =>
        batchNorm(x, { epsilon: 1e-5, relu: false, shift }).y;
      return [run(x), tf.grad(run)(x, tf.ones(x.shape))];
    });
    // The mean may be off by one unit in the last place, 4.8e-7, times 316.
    assert(
      Array.from(y!).every((v, i) => Math.abs(v - 1 - i % 5) < 2e-4),
    );
    assert(Array.from(dx!).every((v) => Math.abs(v) < 1e-3));
  },
);

operationTest(
  "batchNorm() and normalise() do not hide NaN and infinity, nor spread them to other channels",
  async () => {
    for (const bad of [NaN, Infinity, -Infinity]) {
      for (const relu of [false, true]) {
        for (const channels of [4, 5]) {
          const values = drawValues(6 * channels, 1);
          const clean = values.slice();
          values[channels + 1] = bad;
          const run = (values: Float32Array) =>
            read(() => {
              const x = tf.tensor2d(values, [6, channels]);
              const dy = drawTensor<tf.Rank.R2>([6, channels], 2);
              const options = { epsilon: 1e-5, relu };
              const moments = {
                mean: tf.zeros([channels]) as tf.Tensor1D,
                variance: tf.ones([channels]) as tf.Tensor1D,
              };
              const train = (x: tf.Tensor) => batchNorm(x, options).y;
              const evaluate = (x: tf.Tensor) => normalise(x, moments, options);
              return [
                train(x),
                tf.grad(train)(x, dy),
                evaluate(x),
                tf.grad(evaluate)(x, dy),
              ];
            });
          const [y, dx, fixed, fixedGrad] = await run(values);
          const others = await run(clean);
          [y, dx].forEach((result, which) =>
            Array.from(result!).forEach((value, i) => {
              if (i % channels === 1) {
                assert(Number.isNaN(value), `${bad} ${relu} ${which} ${i}`);
              } else assertEquals(value, others[which]![i]);
            })
          );
          // By constants, only the one number is affected.
          Array.from(fixed!).forEach((value, i) => {
            if (i !== channels + 1) assertEquals(value, others[2]![i]);
            else if (Number.isNaN(bad)) assert(Number.isNaN(value));
            else assertEquals(value, relu && bad < 0 ? 0 : bad);
          });
          if (relu && Number.isNaN(bad)) {
            assert(Number.isNaN(fixedGrad![channels + 1]));
          }
        }
      }
    }
  },
);

operationTest(
  "batchNorm() of an empty batch is empty, with zeros as moments and as gradients of scale and shift",
  async () => {
    const results = await read(() => {
      const x = tf.zeros([0, 3, 3, 5]);
      const [scale, shift] = [tf.ones([5]), tf.zeros([5])];
      const run = (...[x, scale, shift]: tf.Tensor[]) =>
        batchNorm(x!, {
          epsilon: 1e-5,
          relu: true,
          scale: scale as tf.Tensor1D,
          shift: shift as tf.Tensor1D,
        });
      const { y, mean, variance } = run(x, scale, shift);
      const grads = tf.grads((...inputs) => run(...inputs).y)(
        [x, scale, shift],
        x,
      );
      return [y, mean, variance, ...grads];
    });
    const zeros = [0, 0, 0, 0, 0];
    assertEquals(
      results.map((values) => Array.from(values)),
      [[], zeros, zeros, [], zeros, zeros],
    );
  },
);

operationTest(
  "moveMoments() follows PyTorch's definition in float64 and ignores an empty batch",
  async () => {
    for (const channels of [1, 4, 7]) {
      const draw = (seed: number) =>
        Array.from(drawValues(channels, seed).map((v) => v + 1.5));
      const [mean, variance, batchMean, batchVariance] = [1, 2, 3, 4].map(draw);
      for (const count of [0, 2, 300]) {
        const [nextMean, nextVariance] = await read(() => {
          const next = moveMoments(
            {
              mean: tf.tensor1d(mean!),
              variance: tf.tensor1d(variance!),
            },
            {
              mean: tf.tensor1d(batchMean!),
              variance: tf.tensor1d(batchVariance!),
            },
            { momentum: 0.1, count },
          );
          return [next.mean, next.variance];
        });
        const move = (old: number[], value: number[], factor: number) =>
          old.map((v, i) =>
            count === 0 ? v : 0.9 * v + 0.1 * factor * value[i]!
          );
        const unbiased = count / (count - 1);
        assert(largestError(nextMean!, move(mean!, batchMean!, 1)) < 1e-6);
        assert(
          largestError(
            nextVariance!,
            move(variance!, batchVariance!, unbiased),
          ) < 1e-6,
        );
      }
    }
  },
);

operationTest("batchNorm() refuses channels of one value", () => {
  tf.tidy(() => {
    assertThrows(
      () => batchNorm(tf.zeros([1, 1, 1, 4]), { epsilon: 1e-5, relu: false }),
      RangeError,
      "more than one value per channel, got shape [1, 1, 1, 4]",
    );
    assertEquals(valuesPerChannel(tf.zeros([2, 3, 5, 4])), 30);
  });
});

operationTest(
  "batchNorm() gives the same bits again and leaks no tensor",
  async () => {
    const x = drawTensor<tf.Rank.R4>([7, 13, 11, 12], 1);
    const before = tf.memory().numTensors;
    const run = () =>
      read(() => {
        const f = (x: tf.Tensor) =>
          batchNorm(x, { epsilon: 1e-5, relu: true }).y;
        return [f(x), tf.grad(f)(x, x)];
      });
    const first = await run();
    for (let i = 0; i < 3; i++) assertEquals(await run(), first);
    assertEquals(tf.memory().numTensors, before);
    x.dispose();
  },
);

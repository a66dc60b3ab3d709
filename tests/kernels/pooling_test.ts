import { assert, assertEquals } from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import fc from "fast-check";
import { addBias } from "../../src/kernels/ops/add_bias.ts";
import { globalAvgPool } from "../../src/kernels/ops/global_avg_pool.ts";
import { maxPool } from "../../src/kernels/ops/max_pool.ts";
import { differences, largestError } from "./_float64.ts";
import { drawValues, kernelTest, operationTest, read } from "./_kernels.ts";

const anyPool = fc.record({
  shape: fc.tuple(
    fc.integer({ min: 0, max: 2 }),
    fc.integer({ min: 1, max: 6 }),
    fc.integer({ min: 1, max: 6 }),
    fc.constantFrom(1, 3, 4, 5, 8),
  ),
  window: fc.tuple(
    fc.integer({ min: 1, max: 3 }),
    fc.integer({ min: 1, max: 3 }),
  ),
  strides: fc.tuple(
    fc.integer({ min: 1, max: 3 }),
    fc.integer({ min: 1, max: 3 }),
  ),
  pad: fc.integer({ min: 0, max: 1 }),
}).map(({ window, strides, pad, ...rest }) => {
  // TensorFlow.js pads by numbers only where rows are as columns: its output
  // width follows from the height of the window otherwise.
  const square = ([n]: [number, number]): [number, number] => [n, n];
  return pad === 0
    ? { ...rest, window, strides, pad }
    : { ...rest, window: square(window), strides: square(strides), pad };
}).filter(({ shape: [, height, width], window: [down, right], pad }) =>
  pad < down && pad < right && height + 2 * pad >= down &&
  width + 2 * pad >= right
);

type Pool = typeof anyPool extends fc.Arbitrary<infer T> ? T : never;

/** What each window gives of the numbers that it holds, in reading order. */
function poolBy(
  { shape: [batch, height, width, channels], window, strides, pad }: Pool,
  reduce: (values: number[]) => number,
) {
  const outHeight = Math.floor((height + 2 * pad - window[0]) / strides[0]) + 1;
  const outWidth = Math.floor((width + 2 * pad - window[1]) / strides[1]) + 1;
  return (x: number[]) => {
    const y: number[] = [];
    for (let n = 0; n < batch; n++) {
      for (let i = 0; i < outHeight; i++) {
        for (let j = 0; j < outWidth; j++) {
          for (let c = 0; c < channels; c++) {
            const values: number[] = [];
            for (let k = 0; k < window[0]; k++) {
              for (let l = 0; l < window[1]; l++) {
                const row = i * strides[0] - pad + k;
                const column = j * strides[1] - pad + l;
                const isInside = row >= 0 && row < height && column >= 0 &&
                  column < width;
                if (!isInside) continue;
                const pixel = (n * height + row) * width + column;
                values.push(x[pixel * channels + c]!);
              }
            }
            y.push(reduce(values));
          }
        }
      }
    }
    return y;
  };
}

const padOf = (pad: number) => pad === 0 ? "valid" as const : pad;

/** Numbers in [-3, -1), in any order, that lie further apart than differences. */
function distinctValues(size: number): number[] {
  const values = drawValues(size, 1);
  const order = Array.from(values.keys()).sort((a, b) =>
    values[a]! - values[b]!
  );
  const x = Array<number>(size).fill(0);
  order.forEach((i, rank) => x[i] = Math.fround(2 * rank / size - 3));
  return x;
}

operationTest(
  "maxPool() equals a search in float64, and its gradient central differences",
  async (rounds) => {
    await fc.assert(
      fc.asyncProperty(anyPool, async (pool) => {
        const { shape, window, strides, pad } = pool;
        const size = shape.reduce((a, b) => a * b, 1);
        const x = distinctValues(size);
        const reference = poolBy(pool, (values) => Math.max(...values));
        const expected = reference(x);
        const dy = drawValues(expected.length, 2);
        const [gradient] = differences(reference, [x], dy);
        const [y, dx] = await read(() => {
          const run = (x: tf.Tensor) =>
            maxPool(x as tf.Tensor4D, {
              filterSize: window,
              strides,
              pad: padOf(pad),
            });
          const input = tf.tensor4d(x, shape);
          const y = run(input);
          return [y, tf.grad(run)(input, tf.tensor(dy, y.shape))];
        });
        assertEquals(Array.from(y!), expected);
        assert(largestError(dx!, gradient!) < 1e-6);
      }),
      { numRuns: rounds, seed: 1 },
    );
  },
  { rounds: 80 },
);

operationTest(
  "maxPool() gives the gradient of equals to the first of them, in every window",
  async (rounds) => {
    await fc.assert(
      fc.asyncProperty(anyPool, async (pool) => {
        const { shape, window, strides, pad } = pool;
        const size = shape.reduce((a, b) => a * b, 1);
        // Three levels, so that most windows hold several maxima.
        const x = Array.from(drawValues(size, 1).map((v) => Math.round(v)));
        // Less and less in reading order: what is left is the first of equals.
        const reference = poolBy(pool, (values) => Math.max(...values));
        const ordered = x.map((v, i) => v - 0.4 * i / size);
        const dy = drawValues(reference(x).length, 2);
        const [gradient] = differences(reference, [ordered], dy);
        const [dx] = await read(() => {
          const run = (x: tf.Tensor) =>
            maxPool(x as tf.Tensor4D, {
              filterSize: window,
              strides,
              pad: padOf(pad),
            });
          const input = tf.tensor4d(x, shape);
          return [tf.grad(run)(input, tf.tensor(dy, run(input).shape))];
        });
        assert(largestError(dx!, gradient!) < 1e-6);
      }),
      { numRuns: rounds, seed: 2 },
    );
  },
  { rounds: 40 },
);

operationTest(
  "avgPool() equals the mean of the pixels inside in float64",
  async (rounds) => {
    await fc.assert(
      fc.asyncProperty(anyPool, async (pool) => {
        const { shape, window, strides, pad } = pool;
        const size = shape.reduce((a, b) => a * b, 1);
        const x = Array.from(drawValues(size, 1));
        const reference = poolBy(
          pool,
          (values) => values.reduce((a, b) => a + b, 0) / values.length,
        );
        const [y] = await read(() => [
          tf.avgPool(tf.tensor4d(x, shape), window, strides, padOf(pad)),
        ]);
        assert(largestError(y!, reference(x)) < 1e-6);
      }),
      { numRuns: rounds, seed: 3 },
    );
  },
  { rounds: 40 },
);

operationTest(
  "globalAvgPool() and its gradient equal float64 and central differences",
  async (rounds) => {
    await fc.assert(
      fc.asyncProperty(
        fc.tuple(
          fc.integer({ min: 0, max: 3 }),
          fc.integer({ min: 1, max: 7 }),
          fc.integer({ min: 1, max: 7 }),
          fc.constantFrom(1, 3, 4, 5, 8),
        ),
        async (shape) => {
          const [batch, height, width, channels] = shape;
          const x = Array.from(
            drawValues(batch * height * width * channels, 1).map((v) => v + 9),
          );
          const reference = (x: number[]) => {
            const y = Array<number>(batch * channels).fill(0);
            x.forEach((value, i) => {
              const image = Math.floor(i / (height * width * channels));
              y[image * channels + i % channels]! += value / (height * width);
            });
            return y;
          };
          const dy = drawValues(batch * channels, 2);
          const [gradient] = differences(reference, [x], dy);
          const [y, dx] = await read(() => {
            const run = (x: tf.Tensor) => globalAvgPool(x as tf.Tensor4D);
            const input = tf.tensor4d(x, shape);
            return [
              run(input),
              tf.grad(run)(input, tf.tensor2d(dy, [batch, channels])),
            ];
          });
          assert(largestError(y!, reference(x)) < 1e-6);
          assert(largestError(dx!, gradient!) < 1e-6);
        },
      ),
      { numRuns: rounds, seed: 4 },
    );
  },
  { rounds: 40 },
);

operationTest(
  "addBias() and its gradients equal float64 and central differences",
  async (rounds) => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 0, max: 9 }),
        fc.constantFrom(1, 3, 4, 5, 8),
        fc.boolean(),
        async (rows, channels, relu) => {
          const x = Array.from(drawValues(rows * channels, 1));
          const bias = Array.from(drawValues(channels, 2));
          const dy = drawValues(rows * channels, 3);
          const reference = (x: number[], bias: number[]) =>
            x.map((value, i) => {
              const sum = value + bias[i % channels]!;
              return relu && sum < 0 ? 0 : sum;
            });
          const gradients = differences(reference, [x, bias], dy);
          const [y, ...grads] = await read(() => {
            const run = (x: tf.Tensor, bias: tf.Tensor) =>
              addBias(x, bias as tf.Tensor1D, { relu });
            const input = tf.tensor2d(x, [rows, channels]);
            return [
              run(input, tf.tensor1d(bias)),
              ...tf.grads(run)(
                [input, tf.tensor1d(bias)],
                tf.tensor2d(dy, [rows, channels]),
              ),
            ];
          });
          assert(largestError(y!, reference(x, bias)) < 1e-6);
          grads.forEach((gradient, i) =>
            assert(largestError(gradient, gradients[i]!) < 1e-6)
          );
        },
      ),
      { numRuns: rounds, seed: 5 },
    );
  },
  { rounds: 40 },
);

operationTest(
  "globalAvgPool() and addBias() do not hide NaN and infinity",
  async () => {
    const [pooled, sum] = await read(() => [
      globalAvgPool(
        tf.tensor4d([NaN, 1, Infinity, 2, 0, 1, 5, -Infinity], [1, 2, 1, 4]),
      ),
      addBias(
        tf.tensor2d([NaN, -Infinity, Infinity, 1, 2], [1, 5]),
        tf.tensor1d([1, 1, 1, NaN, -Infinity]),
        { relu: true },
      ),
    ]);
    assertEquals(Array.from(pooled!), [NaN, 1, Infinity, -Infinity]);
    assertEquals(Array.from(sum!), [NaN, 0, Infinity, NaN, 0]);
  },
);

for (const channels of [3, 4]) {
  kernelTest(
    `maxPool() gives the first NaN of a window, and it the gradient (${channels} channels)`,
    async () => {
      for (let place = 0; place < 9; place++) {
        // Another NaN last, and the largest number first.
        const x = Float32Array.from({ length: 9 * channels }, (_, i) => {
          const pixel = Math.floor(i / channels);
          return pixel === place || pixel === 8 ? NaN : 9 - pixel;
        });
        for (const size of [2, 3]) {
          const [y, dx] = await read(() => {
            const run = (x: tf.Tensor) =>
              maxPool(x as tf.Tensor4D, {
                filterSize: size,
                strides: size,
                pad: "valid",
              });
            const input = tf.tensor4d(x, [1, 3, 3, channels]);
            return [run(input), tf.grad(run)(input)];
          });
          const isIn = size === 3 || [0, 1, 3, 4].includes(place);
          const winner = isIn ? place : 0;
          assertEquals(Array.from(y!), Array(channels).fill(isIn ? NaN : 9));
          assertEquals(
            Array.from(dx!),
            Array.from(
              x,
              (_, i) => Math.floor(i / channels) === winner ? 1 : 0,
            ),
          );
        }
      }
    },
  );
}

import { assert, assertEquals, assertThrows } from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import fc from "fast-check";
import { residualAdd } from "../../src/kernels/ops/residual_add.ts";
import { differences, largestError } from "./_float64.ts";
import { drawValues, operationTest, read } from "./_kernels.ts";

const anyBlock = fc.record({
  batch: fc.integer({ min: 0, max: 2 }),
  inHeight: fc.integer({ min: 1, max: 5 }),
  inWidth: fc.integer({ min: 1, max: 5 }),
  inChannels: fc.constantFrom(1, 3, 4, 8),
  more: fc.constantFrom(0, 0, 1, 4),
  stride: fc.integer({ min: 1, max: 3 }),
  relu: fc.boolean(),
});

operationTest(
  "residualAdd() and its gradients equal float64 and central differences",
  async (rounds) => {
    await fc.assert(
      fc.asyncProperty(anyBlock, async (b) => {
        const { batch, inHeight, inWidth, inChannels, stride, relu } = b;
        const height = Math.ceil(inHeight / stride);
        const width = Math.ceil(inWidth / stride);
        const channels = inChannels + b.more;
        const shape = [batch, height, width, channels] as const;
        const inShape = [batch, inHeight, inWidth, inChannels] as const;
        const sizeOf = (shape: readonly number[]) =>
          shape.reduce((a, b) => a * b, 1);
        const x = Array.from(drawValues(sizeOf(shape), 1));
        const shortcut = Array.from(drawValues(sizeOf(inShape), 2));
        const dy = drawValues(x.length, 3);
        const reference = (x: number[], shortcut: number[]) => {
          let at = 0;
          const y: number[] = [];
          for (let n = 0; n < batch; n++) {
            for (let i = 0; i < height; i++) {
              for (let j = 0; j < width; j++) {
                for (let c = 0; c < channels; c++) {
                  const pixel = (n * inHeight + i * stride) * inWidth +
                    j * stride;
                  const other = c < inChannels
                    ? shortcut[pixel * inChannels + c]!
                    : 0;
                  const sum = x[at++]! + other;
                  y.push(relu && sum < 0 ? 0 : sum);
                }
              }
            }
          }
          return y;
        };
        const expected = reference(x, shortcut);
        const gradients = differences(reference, [x, shortcut], dy);
        const [y, ...grads] = await read(() => {
          const run = (x: tf.Tensor, shortcut: tf.Tensor) =>
            residualAdd(x as tf.Tensor4D, shortcut as tf.Tensor4D, {
              stride,
              relu,
            });
          const inputs = [
            tf.tensor4d(x, [...shape]),
            tf.tensor4d(shortcut, [...inShape]),
          ] as const;
          return [
            run(...inputs),
            ...tf.grads(run)([...inputs], tf.tensor4d(dy, [...shape])),
          ];
        });
        assert(largestError(y!, expected) < 1e-6);
        grads.forEach((gradient, i) =>
          assert(largestError(gradient, gradients[i]!) < 1e-6)
        );
      }),
      { numRuns: rounds, seed: 1 },
    );
  },
  { rounds: 60 },
);

operationTest("residualAdd() does not hide NaN and infinity", async () => {
  const shape: [number, number, number, number] = [1, 1, 1, 5];
  const [y] = await read(() => [
    residualAdd(
      tf.tensor4d([NaN, 0, Infinity, -Infinity, Infinity], shape),
      tf.tensor4d([0, NaN, 1, 1, -Infinity], shape),
      { relu: true },
    ),
  ]);
  assertEquals(Array.from(y!), [NaN, NaN, Infinity, 0, NaN]);
  for (const shortcutChannels of [3, 4]) {
    const [strided] = await read(() => [
      residualAdd(
        tf.tensor4d([1, 2, 3, NaN, 5, 6, 7, 8], [1, 1, 1, 8]),
        tf.fill([1, 2, 2, shortcutChannels], NaN) as tf.Tensor4D,
        { stride: 2, relu: true },
      ),
    ]);
    assertEquals(Array.from(strided!), [NaN, NaN, NaN, NaN, 5, 6, 7, 8]);
  }
});

operationTest("residualAdd() adds rows of hidden units too", async () => {
  const [y, dx] = await read(() => {
    const x = tf.tensor2d([1, -3, 2, 0, 5, -1], [2, 3]);
    const run = (x: tf.Tensor) =>
      residualAdd(x, tf.tensor2d([1, 2, 3, 4, -6, 1], [2, 3]), { relu: true });
    return [run(x), tf.grad(run)(x)];
  });
  assertEquals(Array.from(y!), [2, 0, 5, 4, 0, 0]);
  assertEquals(Array.from(dx!), [1, 0, 1, 1, 0, 0]);
});

operationTest("residualAdd() refuses shapes that do not fit", () => {
  tf.tidy(() => {
    const zeros = (...shape: [number, number, number, number]) =>
      tf.zeros(shape) as tf.Tensor4D;
    assertThrows(
      () => residualAdd(zeros(1, 2, 2, 4), zeros(1, 2, 2, 8)),
      RangeError,
      "A shortcut of stride 1 must have the sizes of its branch [1, 2, 2, 4], got [1, 2, 2, 8]",
    );
    assertThrows(
      () => residualAdd(tf.zeros([2, 4]), tf.zeros([2, 3])),
      RangeError,
    );
    assertThrows(
      () => residualAdd(zeros(1, 2, 2, 4), zeros(1, 5, 4, 4), { stride: 2 }),
      RangeError,
    );
  });
});

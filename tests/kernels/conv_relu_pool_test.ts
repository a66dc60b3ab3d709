import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import fc from "fast-check";
import { openStream } from "../../src/core/stream.ts";
import { convReluPool } from "../../src/kernels/ops/conv_relu_pool.ts";
import {
  drawTensor,
  drawValues,
  kernelTest,
  read,
  relativeError,
} from "./_kernels.ts";

const anyBlock = fc.record({
  batch: fc.integer({ min: 0, max: 5 }),
  height: fc.integer({ min: 1, max: 10 }).map((n) => 2 * n),
  width: fc.integer({ min: 1, max: 10 }).map((n) => 2 * n),
  channels: fc.constantFrom(1, 3, 8, 16),
  outChannels: fc.constantFrom(4, 8, 12, 16, 24),
  filterHeight: fc.constantFrom(2, 3, 3, 3, 5),
  filterWidth: fc.constantFrom(1, 3, 3, 3),
});

kernelTest(
  "convReluPool() and its gradients equal the composed operations on cpu",
  async () => {
    const backend = tf.getBackend();
    await fc.assert(
      fc.asyncProperty(anyBlock, async (b) => {
        const run = async (backend: string) => {
          await tf.setBackend(backend);
          return await read(() => {
            const x = drawTensor<tf.Rank.R4>(
              [b.batch, b.height, b.width, b.channels],
              1,
            );
            const filter = drawTensor<tf.Rank.R4>(
              [b.filterHeight, b.filterWidth, b.channels, b.outChannels],
              2,
            );
            const bias = drawTensor<tf.Rank.R1>([b.outChannels], 3);
            const block = (x: tf.Tensor, filter: tf.Tensor, bias: tf.Tensor) =>
              convReluPool(
                x as tf.Tensor4D,
                filter as tf.Tensor4D,
                bias as tf.Tensor1D,
              );
            const y = block(x, filter, bias);
            const dy = tf.tensor(drawValues(y.size, 4), y.shape);
            return [y, ...tf.grads(block)([x, filter, bias], dy)];
          });
        };
        const cpu = await run("cpu");
        const ours = await run(backend);
        ours.forEach((values, i) =>
          assert(relativeError(values, cpu[i]!) < 1e-5, `output ${i}`)
        );
      }),
      { numRuns: 60, seed: 1 },
    );
  },
);

kernelTest(
  "convReluPool() sends no gradient where relu is flat and the first of equals its gradient",
  async () => {
    const [dx] = await read(() => {
      // A 1x1 filter of ones copies channel 0 to four channels.
      const x = tf.tensor4d([1, 1, 1, 1, -1, -1, -1, -1], [2, 2, 2, 1]);
      const block = (x: tf.Tensor) =>
        convReluPool(x as tf.Tensor4D, tf.ones([1, 1, 1, 4]), tf.zeros([4]));
      return [tf.grad(block)(x)];
    });
    assertEquals(Array.from(dx!), [4, 0, 0, 0, 0, 0, 0, 0]);
  },
);

kernelTest("convReluPool() does not hide NaN", async () => {
  for (const channels of [3, 8]) {
    const values = drawValues(8 * 8 * channels, 1);
    values[0] = NaN;
    const [y] = await read(() => [
      convReluPool(
        tf.tensor4d(values, [1, 8, 8, channels]),
        drawTensor<tf.Rank.R4>([3, 3, channels, 8], 2),
        tf.zeros([8]),
      ),
    ]);
    assert(Array.from(y!).slice(0, 8).every(Number.isNaN));
  }
});

kernelTest(
  "convReluPool() leaks no tensor and runs without a tape",
  () => {
    const before = tf.memory().numTensors;
    const x = drawTensor<tf.Rank.R4>([2, 8, 8, 3], 1);
    const filter = drawTensor<tf.Rank.R4>([3, 3, 3, 8], 2);
    const bias = drawTensor<tf.Rank.R1>([8], 3);
    const block = (f: tf.Tensor) => convReluPool(x, f as tf.Tensor4D, bias);
    tf.dispose([block(filter), tf.grad(block)(filter)]);
    tf.dispose([x, filter, bias]);
    assertEquals(tf.memory().numTensors, before);
  },
);

kernelTest(
  "convReluPool() lets the first of equal windows win, as cpu does, at the edges of flat areas too",
  async () => {
    // A flat square in noise, anywhere in the tiles, like the sky of a photograph.
    const backend = tf.getBackend();
    const size = 16;
    const channels = 5;
    const stream = openStream(6, "split", "flat areas");
    const draw = (count: number) =>
      Float32Array.from({ length: count }, () => stream.uniform() - 0.5);
    const noise = draw(size * size * channels);
    const filter = draw(9 * channels * 8);
    const dy = draw(size * size / 4 * 8);
    for (let corner = 1; corner < 6; corner++) {
      const isFlat = (at: number) => at >= corner && at < corner + 7;
      const pixels = noise.map((value, i) => {
        const row = Math.floor(i / (size * channels));
        const column = Math.floor(i / channels) % size;
        return isFlat(row) && isFlat(column) ? 0.3 * (i % channels) : value;
      });
      const gradientOn = async (backend: string) => {
        await tf.setBackend(backend);
        const gradient = tf.tidy(() =>
          tf.grad((x) =>
            tf.sum(tf.mul(
              convReluPool(
                x as tf.Tensor4D,
                tf.tensor4d(filter, [3, 3, channels, 8]),
                tf.tensor1d(new Float32Array(8).fill(1)),
              ),
              tf.tensor4d(dy, [1, size / 2, size / 2, 8]),
            ))
          )(tf.tensor4d(pixels, [1, size, size, channels]))
        );
        const values = await gradient.data();
        gradient.dispose();
        return values as Float32Array;
      };
      const expected = await gradientOn("cpu");
      const actual = await gradientOn(backend);
      actual.forEach((value, i) =>
        assertAlmostEquals(value, expected[i]!, 1e-5)
      );
    }
  },
);

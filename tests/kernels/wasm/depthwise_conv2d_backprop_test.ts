import { assert } from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import fc from "fast-check";
import { drawTensor, drawValues, relativeError, useWasm } from "./_wasm.ts";

const anyDepthwise = fc.record({
  batch: fc.integer({ min: 0, max: 3 }),
  height: fc.integer({ min: 3, max: 9 }),
  width: fc.integer({ min: 3, max: 9 }),
  channels: fc.integer({ min: 1, max: 9 }),
  multiplier: fc.integer({ min: 1, max: 3 }),
  filter: fc.integer({ min: 1, max: 3 }),
  stride: fc.integer({ min: 1, max: 2 }),
  pad: fc.constantFrom("same" as const, "valid" as const),
});

Deno.test("wasm: gradients of depthwise convolution equal the cpu backend", async () => {
  await useWasm();
  await fc.assert(
    fc.asyncProperty(anyDepthwise, async (d) => {
      const run = async (backend: string) => {
        await tf.setBackend(backend);
        return tf.tidy(() => {
          const x = drawTensor<tf.Rank.R4>(
            [d.batch, d.height, d.width, d.channels],
            1,
          );
          const w = drawTensor<tf.Rank.R4>(
            [d.filter, d.filter, d.channels, d.multiplier],
            2,
          );
          const f = (x: tf.Tensor, w: tf.Tensor) =>
            tf.depthwiseConv2d(
              x as tf.Tensor4D,
              w as tf.Tensor4D,
              d.stride,
              d.pad,
            );
          const y = f(x, w);
          const dy = tf.tensor(drawValues(y.size, 3), y.shape);
          return tf.grads(f)([x, w], dy).map((g) => g.dataSync());
        });
      };
      const wasm = await run("wasm");
      const cpu = await run("cpu");
      wasm.forEach((g, i) => assert(relativeError(g, cpu[i]!) < 1e-5));
    }),
    { numRuns: 40, seed: 1 },
  );
  await tf.setBackend("wasm");
});

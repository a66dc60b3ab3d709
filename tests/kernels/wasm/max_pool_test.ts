import { assert, assertEquals } from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import fc from "fast-check";
import { drawTensor, drawValues, relativeError, useWasm } from "./_wasm.ts";

const anyPool = fc.record({
  shape: fc.tuple(
    fc.integer({ min: 0, max: 3 }),
    fc.integer({ min: 1, max: 11 }),
    fc.integer({ min: 1, max: 11 }),
    fc.constantFrom(1, 3, 4, 6, 8, 16),
  ),
  window: fc.integer({ min: 1, max: 3 }),
  stride: fc.integer({ min: 1, max: 3 }),
  pad: fc.constantFrom("same" as const, "valid" as const),
  /** Values from few integers, so that there are ties. */
  coarse: fc.boolean(),
  shift: fc.constantFrom(-3, 0),
}).filter(({ shape, window, pad }) =>
  pad === "same" || Math.min(shape[1], shape[2]) >= window
);

Deno.test("wasm: MaxPool and MaxPoolGrad equal the cpu backend, ties and negative inputs included", async () => {
  await useWasm();
  await fc.assert(
    fc.asyncProperty(anyPool, async (p) => {
      const size = p.shape.reduce((a, b) => a * b, 1);
      const values = drawValues(size, 1).map((v) =>
        (p.coarse ? Math.round(2 * v) : v) + p.shift
      );
      const run = async (backend: string) => {
        await tf.setBackend(backend);
        return tf.tidy(() => {
          const x = tf.tensor4d(values, p.shape);
          const pool = (x: tf.Tensor) =>
            tf.maxPool(x as tf.Tensor4D, p.window, p.stride, p.pad);
          const y = pool(x);
          const dy = tf.tensor(drawValues(y.size, 2), y.shape);
          return [y.dataSync(), tf.grad(pool)(x, dy).dataSync()];
        });
      };
      const wasm = await run("wasm");
      const cpu = await run("cpu");
      assertEquals(wasm[0], cpu[0]);
      assert(relativeError(wasm[1]!, cpu[1]!) < 1e-6);
    }),
    { numRuns: 60, seed: 1 },
  );
  await tf.setBackend("wasm");
});

Deno.test("wasm: MaxPoolGrad keeps the gradient of windows whose maximum is not positive", async () => {
  await useWasm();
  tf.tidy(() => {
    const x = tf.tensor4d([-1, -2, -3, -4], [1, 2, 2, 1]);
    const dx = tf.grad((x: tf.Tensor) =>
      tf.maxPool(x as tf.Tensor4D, 2, 2, "valid")
    )(x);
    assertEquals([...dx.dataSync()], [1, 0, 0, 0]);
  });
});

Deno.test("wasm: MaxPool ignores NaN, as the cpu backend does", async () => {
  await useWasm();
  tf.tidy(() => {
    const x = tf.fill([1, 4, 4, 4], -Infinity).dataSync().slice();
    x[5] = NaN;
    const y = tf.maxPool(tf.tensor4d(x, [1, 4, 4, 4]), 2, 2, "valid");
    assertEquals([...y.dataSync().slice(0, 4)], [
      -Infinity,
      -Infinity,
      -Infinity,
      -Infinity,
    ]);
    const dx = tf.grad((x: tf.Tensor) =>
      tf.maxPool(x as tf.Tensor4D, 2, 2, "valid")
    )(tf.tensor4d(x, [1, 4, 4, 4])).dataSync();
    // Its own channel's first pixel that is a number.
    assertEquals([dx[1], dx[5]], [1, 0]);
    assertEquals([...dx].reduce((a, b) => a + b, 0), 16);
  });
});

Deno.test("wasm: MaxPool agrees with the cpu backend on a batch of training size", async () => {
  await useWasm();
  const run = async (backend: string) => {
    await tf.setBackend(backend);
    return tf.tidy(() =>
      tf.maxPool(drawTensor<tf.Rank.R4>([16, 32, 32, 16], 1), 2, 2, "valid")
        .dataSync()
    );
  };
  assertEquals(await run("wasm"), await run("cpu"));
  await tf.setBackend("wasm");
});

Deno.test("wasm: AvgPoolGrad equals the cpu backend", async () => {
  await useWasm();
  await fc.assert(
    fc.asyncProperty(anyPool, async ({ shape, window, stride, pad }) => {
      const run = async (backend: string) => {
        await tf.setBackend(backend);
        return tf.tidy(() => {
          const x = drawTensor<tf.Rank.R4>(shape, 1);
          const pool = (x: tf.Tensor) =>
            tf.avgPool(x as tf.Tensor4D, window, stride, pad);
          const y = pool(x);
          const dy = tf.tensor(drawValues(y.size, 2), y.shape);
          return tf.grad(pool)(x, dy).dataSync();
        });
      };
      assert(relativeError(await run("wasm"), await run("cpu")) < 1e-6);
    }),
    { numRuns: 40, seed: 2 },
  );
  await tf.setBackend("wasm");
});

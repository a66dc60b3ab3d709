import { assert, assertEquals } from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import fc from "fast-check";
import { drawTensor, drawValues, relativeError, useWasm } from "./_wasm.ts";

Deno.test("wasm: Sum over any axes has the shape and values of the cpu backend", async () => {
  await useWasm();
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.integer({ min: 0, max: 11 }), { minLength: 1, maxLength: 4 }),
      fc.nat({ max: 15 }),
      fc.boolean(),
      async (shape, mask, keepDims) => {
        const axes = shape.map((_, i) => i).filter((i) => mask & (1 << i));
        const run = async (backend: string) => {
          await tf.setBackend(backend);
          return tf.tidy(() => {
            const x = drawTensor(shape as [number], 1);
            const y = tf.sum(x, axes, keepDims);
            return { shape: y.shape, values: y.dataSync() };
          });
        };
        const wasm = await run("wasm");
        const cpu = await run("cpu");
        assertEquals(wasm.shape, cpu.shape);
        assert(relativeError(wasm.values, cpu.values) < 1e-5);
      },
    ),
    { numRuns: 60, seed: 1 },
  );
  await tf.setBackend("wasm");
});

Deno.test("wasm: Sum of a million numbers is right to float32", async () => {
  await useWasm();
  const values = drawValues(1e6, 1).map(Math.abs);
  const expected = values.reduce((sum, v) => sum + v, 0);
  tf.tidy(() => {
    const all = tf.sum(tf.tensor1d(values)).dataSync();
    assert(relativeError(all, [expected]) < 1e-7);
    const columns = tf.sum(tf.tensor2d(values, [1e5, 10]), 0).dataSync();
    const wanted = Array.from(
      { length: 10 },
      (_, c) => values.reduce((sum, v, i) => i % 10 === c ? sum + v : sum, 0),
    );
    assert(relativeError(columns, wanted) < 1e-7);
  });
});

Deno.test("wasm: Identity shares values and frees them with the last reference", async () => {
  await useWasm();
  const before = tf.memory().numTensors;
  for (const dtype of ["float32", "int32", "bool"] as const) {
    const x = tf.ones([5], dtype);
    const y = tf.clone(x);
    x.dispose();
    assertEquals([...y.dataSync()], [1, 1, 1, 1, 1]);
    y.dispose();
  }
  assertEquals(tf.memory().numTensors, before);
});

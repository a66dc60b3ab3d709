import { assert, assertEquals } from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import { openBackend } from "../../../src/backend/open_backend.ts";
import type { BackendName } from "../../../src/spec/backends.ts";
import { webgpuTest } from "../../webgpu_available.ts";
import { drawValues, relativeError, sizeOf } from "./_values.ts";

interface Pool {
  shape: [number, number, number, number];
  size: number | [number, number];
  stride: number | [number, number];
  pad: "same" | "valid" | number;
}

const table: Pool[] = [
  { shape: [2, 8, 8, 3], size: 2, stride: 2, pad: "valid" },
  { shape: [2, 7, 9, 5], size: 2, stride: 2, pad: "valid" },
  { shape: [2, 7, 9, 5], size: 3, stride: 2, pad: "same" },
  { shape: [1, 6, 6, 1], size: 3, stride: 1, pad: "same" },
  { shape: [1, 6, 8, 2], size: [2, 3], stride: [1, 2], pad: "valid" },
  { shape: [1, 9, 9, 2], size: 2, stride: 3, pad: "valid" },
  { shape: [1, 7, 7, 2], size: 3, stride: 2, pad: 1 },
  { shape: [1, 3, 3, 4], size: 3, stride: 1, pad: "valid" },
];

async function gradient(
  backend: BackendName,
  { shape, size, stride, pad }: Pool,
  values: Float32Array,
) {
  await openBackend(backend);
  const dx = tf.tidy(() => {
    const pool = (x: tf.Tensor) =>
      tf.maxPool(x as tf.Tensor4D, size, stride, pad);
    const x = tf.tensor(values, shape);
    const dy = tf.tensor(
      drawValues(sizeOf(pool(x).shape), "dy"),
      pool(x).shape,
    );
    return tf.grad(pool)(x, dy);
  });
  const result = await dx.data() as Float32Array;
  dx.dispose();
  return result;
}

webgpuTest(
  "maxPoolGrad() is what the cpu backend computes, negative inputs included",
  async () => {
    for (const pool of table) {
      const values = drawValues(sizeOf(pool.shape), "x");
      for (const shift of [0, -2]) {
        const x = values.map((value) => value + shift);
        const error = relativeError(
          await gradient("webgpu", pool, x),
          await gradient("cpu", pool, x),
        );
        assert(error < 1e-6, `${JSON.stringify(pool)}: ${error}`);
      }
    }
  },
);

webgpuTest(
  "maxPoolGrad() gives tied maxima's gradient to the first, as the cpu backend does",
  async () => {
    for (const pool of table) {
      // Three levels only, so that most windows hold several maxima.
      const x = drawValues(sizeOf(pool.shape), "x")
        .map((value) => Math.round(value) - 1);
      const error = relativeError(
        await gradient("webgpu", pool, x),
        await gradient("cpu", pool, x),
      );
      assert(error < 1e-6, `${JSON.stringify(pool)}: ${error}`);
    }
  },
);

webgpuTest(
  "maxPoolGrad() of a flat window goes to its first element",
  async () => {
    const pool: Pool = {
      shape: [1, 2, 2, 1],
      size: 2,
      stride: 2,
      pad: "valid",
    };
    const dx = await gradient("webgpu", pool, Float32Array.of(-3, -3, -3, -3));
    assertEquals([...dx.map(Math.sign).map(Math.abs)], [1, 0, 0, 0]);
  },
);

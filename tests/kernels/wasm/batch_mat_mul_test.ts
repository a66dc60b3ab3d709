import { assert } from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import fc from "fast-check";
import { drawTensor, drawValues, relativeError, useWasm } from "./_wasm.ts";

const anyProduct = fc.record({
  m: fc.integer({ min: 0, max: 80 }),
  n: fc.oneof(fc.integer({ min: 0, max: 40 }), fc.constant(300)),
  k: fc.oneof(fc.integer({ min: 0, max: 40 }), fc.constant(600)),
  transposeA: fc.boolean(),
  transposeB: fc.boolean(),
});

/** The product of float32 matrices, summed in float64. */
function product(
  a: Float32Array,
  b: Float32Array,
  p: {
    m: number;
    n: number;
    k: number;
    transposeA: boolean;
    transposeB: boolean;
  },
): Float64Array {
  const c = new Float64Array(p.m * p.n);
  for (let i = 0; i < p.m; i++) {
    for (let j = 0; j < p.n; j++) {
      for (let l = 0; l < p.k; l++) {
        c[i * p.n + j]! += a[p.transposeA ? l * p.m + i : i * p.k + l]! *
          b[p.transposeB ? j * p.k + l : l * p.n + j]!;
      }
    }
  }
  return c;
}

Deno.test("wasm: BatchMatMul equals float64 sums for any shape and transpose", async () => {
  await useWasm();
  fc.assert(
    fc.property(anyProduct, (p) => {
      const { m, n, k, transposeA, transposeB } = p;
      const a = drawValues(m * k, 1);
      const b = drawValues(k * n, 2);
      const actual = tf.tidy(() =>
        tf.matMul(
          tf.tensor2d(a, transposeA ? [k, m] : [m, k]),
          tf.tensor2d(b, transposeB ? [n, k] : [k, n]),
          transposeA,
          transposeB,
        ).dataSync()
      );
      assert(relativeError(actual, product(a, b, p)) < 1e-5);
    }),
    { numRuns: 60, seed: 1 },
  );
});

Deno.test("wasm: BatchMatMul broadcasts batches as explicit copies do", async () => {
  await useWasm();
  const cases: [number[], number[]][] = [
    [[3, 5, 4], [3, 4, 6]],
    [[1, 5, 4], [3, 4, 6]],
    [[2, 1, 5, 4], [3, 4, 6]],
    [[2, 3, 5, 4], [2, 1, 4, 6]],
    [[5, 4], [2, 4, 6]],
    [[0, 5, 4], [0, 4, 6]],
  ];
  for (const [aShape, bShape] of cases) {
    tf.tidy(() => {
      const a = drawTensor(aShape as [number, number], 1) as tf.Tensor;
      const b = drawTensor(bShape as [number, number], 2) as tf.Tensor;
      const outer = tf.broadcast_util.assertAndGetBroadcastShape(
        aShape.slice(0, -2),
        bShape.slice(0, -2),
      );
      const flat = (x: tf.Tensor) =>
        tf.unstack(
          tf.reshape(tf.broadcastTo(x, [...outer, ...x.shape.slice(-2)]), [
            -1,
            ...x.shape.slice(-2),
          ]),
        );
      const actual = tf.matMul(a, b);
      const slices = a.size === 0 ? [] : flat(b);
      const expected = slices.flatMap((slice, i) => [
        ...tf.matMul(flat(a)[i]!, slice).dataSync(),
      ]);
      assert(relativeError(actual.dataSync(), expected) < 1e-6);
    });
  }
});

Deno.test("wasm: _FusedMatMul adds the bias and clamps", async () => {
  await useWasm();
  for (const activation of ["linear", "relu", "relu6", "sigmoid"] as const) {
    tf.tidy(() => {
      const a = drawTensor<tf.Rank.R2>([7, 9], 1);
      const b = drawTensor<tf.Rank.R2>([9, 10], 2);
      const bias = drawTensor<tf.Rank.R1>([10], 3);
      const fused = tf.fused.matMul({ a, b, bias, activation });
      const plain = tf.add(tf.matMul(a, b), bias);
      const expected = activation === "linear" ? plain : tf[activation](plain);
      assert(relativeError(fused.dataSync(), expected.dataSync()) < 1e-6);
    });
  }
});

for (const bad of [NaN, Infinity]) {
  Deno.test(`wasm: BatchMatMul gives no finite sum from ${bad}`, async () => {
    await useWasm();
    tf.tidy(() => {
      const a = drawValues(20 * 300, 1);
      a[3 * 300 + 299] = bad;
      const c = tf.matMul(tf.tensor2d(a, [20, 300]), tf.ones([300, 9]));
      const finite = [...c.dataSync()].map(Number.isFinite);
      assert(finite.every((f, i) => f === (Math.floor(i / 9) !== 3)));
    });
  });
}

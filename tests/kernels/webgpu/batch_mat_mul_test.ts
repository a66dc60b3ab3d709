import { assert, assertEquals } from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import { openBackend } from "../../../src/backend/open_backend.ts";
import { webgpuTest } from "../../webgpu_available.ts";
import { drawValues, relativeError } from "./_values.ts";

/** Rows, inner elements, columns. */
type Product = [number, number, number];

// For the first three, TensorFlow.js's own program adds atomically: the first
// dense layers of both models at small batches, and a small gradient.
const table: Product[] = [
  [32, 2048, 128],
  [8, 4096, 256],
  [16, 2000, 10],
  [7, 130, 9],
  [2, 2100, 3],
  [128, 64, 96],
];

/** The product by its definition, in float64. */
function multiply(
  [rows, inner, columns]: Product,
  a: Float32Array,
  b: Float32Array,
) {
  const product = new Float64Array(rows * columns);
  for (let i = 0; i < rows; i++) {
    for (let k = 0; k < inner; k++) {
      for (let j = 0; j < columns; j++) {
        product[i * columns + j]! += a[i * inner + k]! * b[k * columns + j]!;
      }
    }
  }
  return product;
}

async function run(
  [rows, inner, columns]: Product,
  a: Float32Array,
  b: Float32Array,
  [transposeA, transposeB]: [boolean, boolean],
) {
  const product = tf.tidy(() => {
    const left = tf.tensor2d(a, [rows, inner]);
    const right = tf.tensor2d(b, [inner, columns]);
    return tf.matMul(
      transposeA ? tf.transpose(left) : left,
      transposeB ? tf.transpose(right) : right,
      transposeA,
      transposeB,
    );
  });
  const values = await product.data() as Float32Array;
  product.dispose();
  return values;
}

webgpuTest(
  "matMul() is within 1e-5 of the float64 sum with every transposition",
  async () => {
    await openBackend("webgpu");
    for (const product of table) {
      const [rows, inner, columns] = product;
      const a = drawValues(rows * inner, "a");
      const b = drawValues(inner * columns, "b");
      const expected = multiply(product, a, b);
      for (const transposeA of [false, true]) {
        for (const transposeB of [false, true]) {
          const actual = await run(product, a, b, [transposeA, transposeB]);
          const error = relativeError(actual, expected);
          assert(
            error < 1e-5,
            `${product} ${transposeA} ${transposeB}: ${error}`,
          );
        }
      }
    }
  },
);

webgpuTest(
  "matMul() adds nothing atomically, so gives the same bits every time",
  async () => {
    await openBackend("webgpu");
    // TensorFlow.js caches compiled programs by their names.
    const { pipelineCache } = tf.backend() as unknown as {
      pipelineCache: Record<string, unknown>;
    };
    const before = new Set(Object.keys(pipelineCache));
    for (const product of table) {
      const [rows, inner, columns] = product;
      const a = drawValues(rows * inner, "a");
      const b = drawValues(inner * columns, "b");
      const first = await run(product, a, b, [false, false]);
      for (let i = 0; i < 4; i++) {
        assertEquals(await run(product, a, b, [false, false]), first);
      }
    }
    const official = Object.keys(pipelineCache).filter((key) =>
      !before.has(key)
    );
    assertEquals(official.filter((key) => key.startsWith("matMul")), []);
  },
);

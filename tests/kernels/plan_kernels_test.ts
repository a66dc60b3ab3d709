import { assertEquals } from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import type {
  KernelCall,
  KernelName,
} from "../../src/kernels/common/kernel.ts";
import { runKernel } from "../../src/kernels/common/run_kernel.ts";
import { drawValues, kernelTest, read } from "./_kernels.ts";

/** The first result of a kernel. */
async function run<Name extends KernelName>(
  name: Name,
  call: () => KernelCall<Name>,
): Promise<number[]> {
  const [values] = await read(() => runKernel(name, call()));
  return Array.from(values!);
}

const round = Math.fround;
/** In whole vectors, and with a rest. */
const sizes = [0, 1, 4, 7, 64, 101];

kernelTest(
  "DupbenchScale multiplies, and adds unless the offset is 0",
  async () => {
    for (const size of sizes) {
      const x = drawValues(size, 1);
      for (const offset of [0, -1]) {
        assertEquals(
          await run("DupbenchScale", () => ({
            inputs: { x: tf.tensor1d(x) },
            attrs: { factor: 2, offset },
          })),
          // Doubling is exact, so that one rounding is left on every device.
          Array.from(x, (v) => round(2 * v + offset)),
        );
      }
    }
  },
);

kernelTest(
  "DupbenchAdd and DupbenchMultiply are those of float32",
  async () => {
    for (const size of sizes) {
      const [a, b] = [drawValues(size, 1), drawValues(size, 2)];
      const call = () => ({
        inputs: { a: tf.tensor1d(a), b: tf.tensor1d(b) },
        attrs: {},
      });
      assertEquals(
        await run("DupbenchAdd", call),
        Array.from(a, (v, i) => round(v + b[i]!)),
      );
      assertEquals(
        await run("DupbenchMultiply", call),
        Array.from(a, (v, i) => round(v * b[i]!)),
      );
    }
  },
);

kernelTest("DupbenchColumnSums adds the rows of any shape", async () => {
  for (const shape of [[0, 3], [1, 5], [6, 8], [2, 3, 4, 12], [33, 1]]) {
    const columns = shape.at(-1)!;
    const size = shape.reduce((a, b) => a * b);
    // Small integers, of which sums are exact in any order.
    const x = drawValues(size, 1).map((v) => Math.round(8 * v));
    const expected = new Array(columns).fill(0);
    x.forEach((v, i) => expected[i % columns] += v);
    const sums = await run("DupbenchColumnSums", () => ({
      inputs: { x: tf.tensor(x, shape) },
      attrs: {},
    }));
    assertEquals(sums.map((v) => v + 0), expected.map((v) => v + 0));
  }
});

kernelTest("DupbenchMean is the mean, NaN of no number", async () => {
  const mean = (values: number[]) =>
    run("DupbenchMean", () => ({
      inputs: { x: tf.tensor1d(values, "float32") },
      attrs: {},
    }));
  assertEquals(await mean([1, 2, 6]), [3]);
  assertEquals(await mean(Array.from({ length: 128 }, (_, i) => i)), [63.5]);
  assertEquals(await mean([1, NaN]), [NaN]);
  assertEquals(await mean([]), [NaN]);
});

kernelTest(
  "DupbenchCountZeroRows counts rows of zeros, of either sign, and not NaN",
  async () => {
    const count = (rows: number[][]) =>
      run("DupbenchCountZeroRows", () => ({
        inputs: { x: tf.tensor2d(rows) },
        attrs: {},
      }));
    assertEquals(
      await count([[0, -0, 0], [0, 0, 1e-30], [NaN, 0, 0], [0, 0, 0], [
        -1,
        0,
        0,
      ]]),
      [2],
    );
    assertEquals(await count([[1]]), [0]);
  },
);

kernelTest("DupbenchLinfStep leaves no pixel below the lowest", async () => {
  const call = (lowest?: number): KernelCall<"DupbenchLinfStep"> => ({
    inputs: {
      current: tf.tensor1d([0.25, 0.5, 0.75, 1, 0.5]),
      gradient: tf.tensor1d([-1, -1, 1, 1, 0]),
      original: tf.tensor1d([0.25, 0.5, 0.75, 1, 0.5]),
    },
    attrs: { epsilon: 0.25, stepSize: 0.125, lowest },
  });
  assertEquals(
    await run("DupbenchLinfStep", () => call(0.5)),
    [0.5, 0.5, 0.875, 1, 0.5],
  );
  assertEquals(
    await run("DupbenchLinfStep", () => call()),
    [0.125, 0.375, 0.875, 1, 0.5],
  );
});

import { assertEquals, assertThrows } from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import { openBackend } from "../../../src/backend/open_backend.ts";

/** Runs a kernel of the wasm backend by its name in TensorFlow.js's registry. */
async function onWasm(
  kernel: string,
  inputs: Record<string, tf.Tensor>,
  attrs: tf.NamedAttrMap,
): Promise<() => tf.Tensor> {
  await openBackend("wasm");
  return () => tf.tidy(() => tf.engine().runKernel(kernel, inputs, attrs));
}

Deno.test("wasm: a kernel names the types and shapes that neither it nor an official one takes", async () => {
  const run = await onWasm("DepthwiseConv2dNativeBackpropFilter", {
    x: tf.ones([1, 3, 4, 4], "int32"),
    dy: tf.ones([1, 3, 4, 4]),
  }, {
    strides: 1,
    pad: "same",
    dataFormat: "NHWC",
    filterShape: [3, 3, 4, 1],
  });
  assertThrows(
    run,
    TypeError,
    "DepthwiseConv2dNativeBackpropFilter on wasm needs float32 inputs with channels last, got x int32 [1, 3, 4, 4], dy float32 [1, 3, 4, 4]",
  );
});

Deno.test("wasm: calls that a kernel does not take go to the official one", async () => {
  // Integers: ours takes float32 alone.
  const run = await onWasm("Sum", {
    x: tf.tensor([[1, 2], [3, 4]], [2, 2], "int32"),
  }, {
    axis: [0],
    keepDims: false,
  });
  const sum = run();
  assertEquals(sum.dtype, "int32");
  assertEquals([...await sum.data()], [4, 6]);
});

Deno.test("wasm: a fused product never takes the first numbers of a larger bias for all of it", async () => {
  const run = await onWasm("_FusedMatMul", {
    a: tf.ones([2, 3]),
    b: tf.ones([3, 2]),
    bias: tf.tensor2d([[1, 2], [3, 4]]),
  }, { transposeA: false, transposeB: false, activation: "linear" });
  // 1 · 1 three times, and the bias of that place.
  assertEquals([...await run().data()], [4, 5, 6, 7]);
});

Deno.test("wasm: a matrix product refuses inner sizes that differ", async () => {
  const run = await onWasm("BatchMatMul", {
    a: tf.ones([2, 3]),
    b: tf.ones([4, 2]),
  }, { transposeA: false, transposeB: false });
  assertThrows(
    run,
    RangeError,
    "A matrix product needs equal inner sizes, got 3 and 4",
  );
});

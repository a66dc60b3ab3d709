// Calls for which official kernels write beyond their results, leave them as the
// memory was, or take integers for float32, with the numbers of the cpu backend.
import { assert, assertEquals, assertThrows } from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import { useWasm } from "./_wasm.ts";

/** The values of a computation on wasm with our kernels. */
async function onWasm(compute: () => tf.Tensor): Promise<number[]> {
  await useWasm();
  const y = tf.tidy(compute);
  const values = [...await y.data()];
  y.dispose();
  return values;
}

/** Shape and values of a computation on the cpu backend. */
async function onCpu(
  compute: () => tf.Tensor,
): Promise<[shape: number[], values: number[]]> {
  await tf.setBackend("cpu");
  const y = tf.tidy(compute);
  const values = [...await y.data()];
  y.dispose();
  return [y.shape, values];
}

for (
  const [text, attrs] of [
    ["a filter of 3x2", { filter: [3, 2, 5, 1], strides: 1, pad: 2 }],
    ["steps of 2 by 1", { filter: [3, 3, 5, 1], strides: [2, 1], pad: 1 }],
    ["as many rows less one", {
      filter: [5, 3, 5, 1],
      strides: 1,
      pad: "valid",
    }],
  ] as const
) {
  const filterOf = ([h, w, c]: readonly number[], last: number) =>
    tf.tensor4d(
      Array.from({ length: h! * w! * c! * last }, (_, i) => Math.sin(i)),
      [h!, w!, c!, last],
    );
  const x = () => tf.reshape(tf.linspace(-1, 1, 2 * 4 * 8 * 5), [2, 4, 8, 5]);
  const strides = attrs.strides as [number, number];
  const pad = attrs.pad as number;
  const rounding = typeof attrs.pad === "number"
    ? { dimRoundingMode: "floor" as const }
    : {};
  const calls: Record<string, () => tf.Tensor> = {
    "depthwise": () =>
      tf.depthwiseConv2d(
        x() as tf.Tensor4D,
        filterOf(attrs.filter, 1),
        strides,
        pad,
        "NHWC",
        1,
        rounding.dimRoundingMode,
      ),
    "fused depthwise": () =>
      tf.fused.depthwiseConv2d({
        x: x() as tf.Tensor4D,
        filter: filterOf(attrs.filter, 1),
        strides,
        pad,
        ...rounding,
        activation: "relu",
      }),
    "fused, elu": () =>
      tf.fused.conv2d({
        x: x() as tf.Tensor4D,
        filter: filterOf(attrs.filter, 2),
        strides,
        pad,
        ...rounding,
        activation: "elu",
      }),
  };
  for (const [name, call] of Object.entries(calls)) {
    Deno.test(`wasm: convolution (${name}) with ${text} is that of cpu and writes nowhere else`, async () => {
      const [shape, expected] = await onCpu(call);
      await useWasm();
      // Memory around the result: that of tensors made before and after it.
      const around = Array.from({ length: 40 }, () => tf.ones([64]));
      around.splice(10, 20).forEach((tensor) => tensor.dispose());
      const y = tf.tidy(call);
      assertEquals(y.shape, shape);
      [...y.dataSync()].forEach((value, i) =>
        assert(Math.abs(value - expected[i]!) < 1e-4, `${i}: ${value}`)
      );
      for (const tensor of around) {
        assertEquals([...tensor.dataSync()], Array(64).fill(1));
      }
      tf.dispose([y, around]);
    });
  }
}

Deno.test("wasm: depthwise convolution with a window beyond the images throws", async () => {
  await useWasm();
  assertThrows(
    () =>
      tf.tidy(() =>
        tf.depthwiseConv2d(
          tf.ones<tf.Rank.R4>([1, 1, 3, 1]),
          tf.ones<tf.Rank.R4>([5, 4, 1, 2]),
          3,
          "valid",
        )
      ),
    RangeError,
    "A window must fit into the padded images, got 5 by 4 for images of 1 by 3",
  );
});

Deno.test("wasm: clipByValue of integers is between the bounds", async () => {
  assertEquals(
    await onWasm(() => tf.clipByValue(tf.tensor1d([-5, 0, 5], "int32"), -1, 3)),
    [-1, 0, 3],
  );
});

Deno.test("wasm: booleans are reversed along several axes", async () => {
  const x = () => tf.tensor2d([1, 1, 0, 0, 1, 0], [2, 3], "bool");
  assertEquals(await onWasm(() => tf.reverse(x(), [0, 1])), [0, 1, 0, 0, 1, 1]);
});

for (const name of ["sum", "mean", "max", "min", "prod"] as const) {
  Deno.test(`wasm: ${name} of nothing is that of cpu`, async () => {
    // Not next to each other, and all.
    for (const axes of [[0, 2], undefined]) {
      const call = () => tf[name](tf.zeros([0, 3, 2]), axes);
      const expected = await onCpu(call);
      await useWasm();
      // What memory holds that is given back.
      for (let i = 0; i < 4; i++) tf.fill([3], 7 + i).dispose();
      tf.fill([], 7).dispose();
      const y = tf.tidy(call);
      assertEquals([y.shape, [...y.dataSync()]], expected);
      y.dispose();
    }
  });
}

Deno.test("wasm: rows gathered from nothing have the shape of cpu", async () => {
  const call = () =>
    tf.gather(tf.zeros([2, 3, 0]), tf.tensor1d([1, 2, 0, 1], "int32"), 1);
  const expected = await onCpu(call);
  await useWasm();
  const y = tf.tidy(call);
  assertEquals([y.shape, [...y.dataSync()]], expected);
  y.dispose();
});

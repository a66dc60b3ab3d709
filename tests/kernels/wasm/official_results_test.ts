// Calls for which official kernels write beyond their results, leave them as the
// memory was, take integers for float32, or lose NaN or digits, with the numbers of
// the cpu backend or exact ones.
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

const empty = (...shape: number[]) => tf.zeros(shape);

/** Calls with tensors of size 0, some of which the official kernels trap on. */
const ofNothing: Record<string, () => tf.Tensor | tf.Tensor[]> = {
  "topk of no columns": () => Object.values(tf.topk(empty(2, 0), 0)),
  "topk of no rows": () => Object.values(tf.topk(empty(0, 3), 2)),
  "the first 0 of topk": () => Object.values(tf.topk(tf.ones([2, 3]), 0)),
  "prelu": () =>
    tf.grads(tf.prelu)([empty(0, 3), tf.ones([3])], tf.ones([0, 3])),
  "prelu with as many slopes": () => tf.prelu(empty(0, 3), empty(0, 3)),
  "transpose": () => tf.transpose(empty(0, 2, 3), [0, 2, 1]),
  "gather from nothing": () => tf.gather(empty(0, 3), tf.tensor1d([], "int32")),
  "gather in batches": () =>
    tf.gather(empty(2, 0, 3), tf.zeros([2, 0], "int32"), 1, 1),
  "moments": () => tf.moments(empty(0, 3), 0).mean,
  "mean of no rows": () => tf.mean(empty(0, 3), 0),
  "mean of no columns": () => tf.mean(empty(3, 0), 1),
  "sum of no columns": () => tf.sum(empty(3, 0), 0),
  "maximum": () => tf.maximum(empty(0, 3), tf.ones([3])),
  "sign": () => tf.sign(empty(0, 3)),
  "log1p": () => tf.log1p(empty(0, 3)),
  ...Object.fromEntries(
    (["linear", "relu", "sigmoid", "elu"] as const).flatMap((activation) =>
      [[0, 3, 2], [2, 0, 2], [2, 3, 0]].map(([rows, depth, columns]) => [
        `fused matMul of ${rows}x${depth} and ${depth}x${columns}, ${activation}`,
        () =>
          tf.fused.matMul({
            a: empty(rows!, depth!),
            b: empty(depth!, columns!),
            bias: tf.ones([columns!]),
            activation,
          }),
      ])
    ),
  ),
  ...Object.fromEntries(
    [[0, 4, 4, 3], [2, 4, 4, 0]].map((shape) => [
      `gradients of batchNorm of [${shape}]`,
      () => {
        const one = () => tf.ones([shape[3]!]);
        return tf.grads((x, mean, variance, offset, scale) =>
          tf.batchNorm(
            x as tf.Tensor4D,
            mean as tf.Tensor1D,
            variance as tf.Tensor1D,
            offset as tf.Tensor1D,
            scale as tf.Tensor1D,
          )
        )([empty(...shape), one(), one(), one(), one()]);
      },
    ]),
  ),
  ...Object.fromEntries(
    ([
      ["ij,jk->ik", [0, 3], [3, 2]],
      ["ij,jk->ik", [2, 0], [0, 2]],
      ["bij,bjk->bik", [0, 2, 3], [0, 3, 2]],
      ["i,j->ij", [0], [3]],
    ] as const).flatMap(([equation, a, b]) => {
      const inputs = () => [empty(...a), empty(...b)];
      const product = (...x: tf.Tensor[]) => tf.einsum(equation, ...x);
      return [
        [`einsum ${equation} of [${a}]`, () => product(...inputs())],
        [
          `gradients of einsum ${equation} of [${a}]`,
          () => tf.grads(product)(inputs()),
        ],
      ];
    }),
  ),
};

for (const [text, call] of Object.entries(ofNothing)) {
  Deno.test(`wasm: of tensors of size 0, ${text} is what cpu gives`, async () => {
    const results = () =>
      tf.tidy(() =>
        [call()].flat().map((y) => [y.dtype, y.shape, [...y.dataSync()]])
      );
    await tf.setBackend("cpu");
    // The cpu backend has no gradient of einsum but with ours, which come first.
    await useWasm();
    await tf.setBackend("cpu");
    const expected = results();
    await useWasm();
    // What memory holds that is given back.
    for (let i = 0; i < 12; i++) tf.fill([i], 7 + i).dispose();
    assertEquals(results(), expected);
  });
}

Deno.test("wasm: the sign of small numbers is not 0", async () => {
  const x = [1e-8, -1e-8, 1e-30, -1e-42, 0, -0, 3, -Infinity, 1e-45];
  assertEquals(
    (await onWasm(() => tf.sign(tf.tensor1d(x)))).map((y) => y + 0),
    [1, -1, 1, -1, 0, 0, 1, -1, 1],
  );
  // As on the cpu backend.
  assertEquals(
    await onWasm(() => tf.sign(tf.fill([5], NaN))),
    Array(5).fill(0),
  );
});

Deno.test("wasm: log1p of small numbers has all their digits", async () => {
  const x = Float32Array.of(1e-3, -1e-5, 1e-8, -1e-20, 0, 1, -1, NaN);
  const y = await onWasm(() => tf.log1p(tf.tensor1d(x)));
  x.forEach((value, i) => {
    const expected = Math.fround(Math.log1p(value));
    assert(
      Object.is(y[i], expected) ||
        Math.abs(y[i]! - expected) <= 1e-7 * Math.abs(expected),
      `${value}: ${y[i]}, not ${expected}`,
    );
  });
});

const activations = [
  "linear",
  "relu",
  "relu6",
  "elu",
  "sigmoid",
  "leakyrelu",
  "prelu",
] as const;

for (const activation of activations) {
  for (const taps of [1, 3]) {
    Deno.test(`wasm: fused calls with ${activation} and filters of ${taps}x${taps} keep NaN and have the numbers of cpu`, async () => {
      const values = [NaN, 1, -1, 7, 0, 3, -2, 2, NaN];
      for (const channels of [1, 4, 5]) {
        for (const bias of [undefined, [0.5, NaN, -9, 1, 0]]) {
          const options = () => ({
            strides: 1,
            pad: "same" as const,
            activation,
            leakyreluAlpha: 0.25,
            ...(bias && { bias: tf.tensor1d(bias.slice(0, channels)) }),
            ...(activation === "prelu" &&
              { preluActivationWeights: tf.fill([channels], 0.25) }),
          });
          const x = () => tf.tensor4d(values, [1, 3, 3, 1]);
          const calls: Record<string, () => tf.Tensor> = {
            conv2d: () =>
              tf.fused.conv2d({
                x: x(),
                filter: tf.ones([taps, taps, 1, channels]),
                ...options(),
              }),
            depthwiseConv2d: () =>
              tf.fused.depthwiseConv2d({
                x: tf.tile(x(), [1, 1, 1, channels]),
                filter: tf.ones([taps, taps, channels, 1]),
                ...options(),
              }),
            matMul: () =>
              tf.fused.matMul({
                a: tf.tensor2d(values, [9, 1]),
                b: tf.ones([1, channels]),
                ...options(),
              }),
          };
          for (const [name, call] of Object.entries(calls)) {
            const [, expected] = await onCpu(call);
            const actual = await onWasm(call);
            expected.forEach((value, i) =>
              assert(
                Object.is(actual[i], value) ||
                  Math.abs(actual[i]! - value) < 1e-5,
                `${name}, ${channels} channels, ${i}: ${
                  actual[i]
                }, not ${value}`,
              )
            );
          }
        }
      }
    });
  }
}

Deno.test("wasm: depthwise convolution with one tap keeps NaN", async () => {
  const y = await onWasm(() =>
    tf.depthwiseConv2d(
      tf.tensor4d([NaN, 1, 2, NaN], [1, 2, 2, 1]),
      tf.ones<tf.Rank.R4>([1, 1, 1, 1]),
      1,
      "same",
    )
  );
  assertEquals(y, [NaN, 1, 2, NaN]);
});

Deno.test("wasm: a fused call with an unknown activation says which there are", async () => {
  await useWasm();
  assertThrows(
    () =>
      tf.tidy(() =>
        tf.fused.matMul({
          a: tf.ones([2, 3]),
          b: tf.ones([3, 2]),
          activation: "swish" as "elu",
        })
      ),
    TypeError,
    '"activation" must be one of linear, elu, leakyrelu, prelu, relu, relu6, sigmoid, got "swish"',
  );
});

Deno.test("wasm: fused calls that throw after their product leave nothing in memory", async () => {
  await useWasm();
  const swish = { activation: "swish" as "elu" };
  const slopes = {
    activation: "prelu" as const,
    preluActivationWeights: tf.ones([7]),
  };
  const product = {
    a: tf.ones([2, 3]),
    b: tf.ones([3, 2]),
  };
  const images = { x: tf.ones<tf.Rank.R4>([1, 4, 4, 2]), strides: 1 };
  const same = { ...images, pad: "same" as const };
  const filter = tf.ones<tf.Rank.R4>([3, 3, 2, 1]);
  const large = tf.ones([5, 2, 2]);
  const before = tf.backend().numDataIds();
  for (
    const call of [
      () => tf.fused.matMul({ ...product, ...swish }),
      () => tf.fused.matMul({ ...product, ...slopes }),
      () => tf.fused.matMul({ ...product, bias: large }),
      () => tf.fused.conv2d({ ...same, filter, ...swish }),
      () => tf.fused.depthwiseConv2d({ ...same, filter, ...swish }),
    ]
  ) {
    assertThrows(() => tf.tidy(call));
    assertEquals(tf.backend().numDataIds(), before, String(call));
  }
});

/**
 * What TensorFlow.js promises of its operations, where our kernels take the place
 * of official ones. Numbers are by hand or by float64 sums.
 */
import { assert, assertEquals, assertThrows } from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import { drawTensor, drawValues, relativeError, useWasm } from "./_wasm.ts";

/** 1, 2, 3 and so on. */
const counting = (shape: number[]) =>
  tf.range(1, tf.util.sizeFromShape(shape) + 1).reshape(shape);

/** Runs on wasm and frees all tensors. */
function wasmTest(name: string, run: () => void): void {
  Deno.test(`wasm: ${name}`, async () => {
    await useWasm();
    const before = tf.memory().numTensors;
    tf.tidy(run);
    assertEquals(tf.memory().numTensors, before);
  });
}

wasmTest(
  "gradients of a convolution go by the size of dy, however it was rounded",
  () => {
    const x = counting([1, 4, 4, 1]) as tf.Tensor4D;
    const filter = tf.ones<tf.Rank.R4>([1, 1, 1, 1]);
    const dy = counting([1, 3, 3, 1]);
    const conv = (x: tf.Tensor, filter: tf.Tensor) =>
      tf.conv2d(
        x as tf.Tensor4D,
        filter as tf.Tensor4D,
        2,
        0,
        "NHWC",
        1,
        "ceil",
      );
    const [dx, dk] = tf.grads(conv)([x, filter], dy);
    // The places 0 and 2 of both axes take part, with dy of 1, 2, 4 and 5.
    const expected = [1, 0, 2, 0, 0, 0, 0, 0, 4, 0, 5, 0, 0, 0, 0, 0];
    assertEquals([...dx!.dataSync()], expected);
    assertEquals([...dk!.dataSync()], [1 * 1 + 3 * 2 + 9 * 4 + 11 * 5]);
  },
);

wasmTest(
  "gradients of rounded convolutions are float64 sums, windows that overhang too",
  () => {
    for (const rounding of ["floor", "round", "ceil"] as const) {
      const [size, taps, stride, pad] = [6, 3, 2, 1];
      const x = drawTensor<tf.Rank.R4>([1, size, size, 1], 1);
      const filter = drawTensor<tf.Rank.R4>([taps, taps, 1, 1], 2);
      const conv = (x: tf.Tensor, filter: tf.Tensor) =>
        tf.conv2d(
          x as tf.Tensor4D,
          filter as tf.Tensor4D,
          stride,
          pad,
          "NHWC",
          1,
          rounding,
        );
      const out = conv(x, filter).shape[1]!;
      assertEquals(out, rounding === "floor" ? 3 : 4);
      const dy = drawTensor<tf.Rank.R4>([1, out, out, 1], 3);
      const [dx, dk] = tf.grads(conv)([x, filter], dy);
      const [xs, ks, dys] = [x, filter, dy].map((t) => t.dataSync());
      const wantX = new Float64Array(size * size);
      const wantK = new Float64Array(taps * taps);
      for (let i = 0; i < out * out; i++) {
        for (let k = 0; k < taps * taps; k++) {
          const row = stride * Math.floor(i / out) + Math.floor(k / taps) - pad;
          const column = stride * (i % out) + k % taps - pad;
          if (Math.min(row, column) < 0 || Math.max(row, column) >= size) {
            continue;
          }
          wantX[row * size + column]! += dys![i]! * ks![k]!;
          wantK[k]! += dys![i]! * xs![row * size + column]!;
        }
      }
      assert(relativeError(dx!.dataSync(), wantX) < 1e-5, `${rounding}, dx`);
      assert(relativeError(dk!.dataSync(), wantK) < 1e-5, `${rounding}, dk`);
    }
  },
);

wasmTest(
  "gradients of rounded depthwise convolutions go by the size of dy",
  () => {
    const x = counting([1, 4, 4, 1]) as tf.Tensor4D;
    const filter = tf.ones<tf.Rank.R4>([1, 1, 1, 1]);
    const depthwise = (x: tf.Tensor, filter: tf.Tensor) =>
      tf.depthwiseConv2d(
        x as tf.Tensor4D,
        filter as tf.Tensor4D,
        2,
        0,
        "NHWC",
        1,
        "ceil",
      );
    const [dx, dk] = tf.grads(depthwise)([x, filter], counting([1, 3, 3, 1]));
    assertEquals([...dx!.dataSync()].filter((value) => value !== 0), [
      1,
      2,
      4,
      5,
    ]);
    assertEquals([...dk!.dataSync()], [98]);
  },
);

wasmTest("gradients of rounded pooling go by the size of dy", () => {
  // Windows of 2 by 2 at 0, 2 and 4 of five places; the last holds one pixel.
  const x = counting([1, 5, 5, 1]) as tf.Tensor4D;
  const dy = counting([1, 3, 3, 1]);
  const max = (x: tf.Tensor) => tf.maxPool(x as tf.Tensor4D, 2, 2, 0, "ceil");
  const dx = tf.grad(max)(x, dy).dataSync();
  // The largest of each window is its last pixel inside.
  const last = [1, 3, 4];
  const expected = new Float32Array(25);
  last.forEach((row, i) =>
    last.forEach((column, j) => expected[5 * row + column] = 3 * i + j + 1)
  );
  assertEquals([...dx], [...expected]);
  const avg = (x: tf.Tensor) => tf.avgPool(x as tf.Tensor4D, 2, 2, 0, "ceil");
  const dxAvg = tf.grad(avg)(x, dy).dataSync();
  // As on the cpu backend, every pixel of a window gets a quarter.
  const quarter = Float32Array.from(
    { length: 25 },
    (_, at) =>
      (3 * Math.floor(Math.floor(at / 5) / 2) + Math.floor((at % 5) / 2) + 1) /
      4,
  );
  assertEquals([...dxAvg], [...quarter]);
});

wasmTest("the gradient of relu has a gradient", () => {
  const slope = tf.grad((x: tf.Tensor) => tf.square(tf.relu(x)).sum());
  const second = tf.grad((x: tf.Tensor) => tf.square(slope(x)).sum());
  // Of x² above 0: the slope is 2 x, so its square has the slope 8 x.
  assertEquals(
    [...second(tf.tensor1d([1, -2, 3])).dataSync()],
    [8, 0, 24],
  );
  const alone = tf.grad((x: tf.Tensor) =>
    tf.square(tf.grad((y: tf.Tensor) => tf.relu(y))(x)).sum()
  );
  assertEquals([...alone(tf.tensor1d([1, -2, 3])).dataSync()], [0, 0, 0]);
});

wasmTest("a product of a matrix and a vector is refused", () => {
  assertThrows(
    () => tf.matMul(tf.ones([2, 3]), tf.ones([3])),
    RangeError,
    "A matrix product needs operands of at least rank 2, got shapes [2, 3] and [3]",
  );
});

wasmTest("a fused bias of any shape is broadcast", () => {
  const a = tf.eye(2) as tf.Tensor2D;
  const b = tf.ones<tf.Rank.R2>([2, 2]);
  const product = (bias: tf.Tensor, activation?: "relu" | "relu6") => [
    ...tf.fused.matMul({
      a,
      b,
      bias,
      ...(activation !== undefined && { activation }),
    }).dataSync(),
  ];
  assertEquals(product(tf.scalar(5)), [6, 6, 6, 6]);
  assertEquals(product(tf.tensor1d([1, 2])), [2, 3, 2, 3]);
  assertEquals(product(tf.tensor2d([[1, 2], [3, 4]])), [2, 3, 4, 5]);
  assertEquals(product(tf.tensor2d([[-3], [4]]), "relu"), [0, 0, 5, 5]);
  assertEquals(product(tf.scalar(9), "relu6"), [6, 6, 6, 6]);
  assertThrows(() => product(tf.ones([3, 2, 2])));
  assertThrows(() => product(tf.ones([3])));
});

wasmTest("a fused bias of a convolution is broadcast", () => {
  const values = drawValues(16, 4);
  const x = tf.tensor4d(values, [1, 4, 4, 1]);
  const filter = tf.ones<tf.Rank.R4>([1, 1, 1, 2]);
  const conv = (bias: tf.Tensor) =>
    tf.fused.conv2d({ x, filter, strides: 1, pad: 0, bias }).dataSync();
  for (const bias of [tf.scalar(5), tf.tensor1d([5]), tf.tensor1d([5, 5])]) {
    const expected = [...values].flatMap((value) => [value + 5, value + 5]);
    assert(relativeError(conv(bias), expected) < 1e-7);
  }
});

import { assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import {
  adamStep,
  convReluPool,
  linfStep,
  sgdStep,
  softmaxCrossEntropy,
} from "../../../src/kernels/wasm/mod.ts";
import { useWasm } from "../wasm/_wasm.ts";

// Our kernels read memory as float32 and take sizes from one of their tensors:
// others must not reach them.

const read = (y: tf.Tensor) => {
  const values = [...y.dataSync()];
  y.dispose();
  return values;
};

Deno.test("wasm: softmaxCrossEntropy() takes the int32 rows of tf.oneHot()", async () => {
  await useWasm();
  const before = tf.memory().numTensors;
  const [loss] = read(tf.tidy(() =>
    softmaxCrossEntropy(
      tf.tensor2d([[1, 2]]),
      tf.oneHot(tf.tensor1d([0], "int32"), 2) as tf.Tensor2D,
    )
  ));
  assertAlmostEquals(loss!, Math.log(1 + Math.E), 1e-6);
  assertEquals(tf.memory().numTensors, before);
});

Deno.test("wasm: softmaxCrossEntropy() repeats one row of labels, and refuses other classes", async () => {
  await useWasm();
  const losses = read(
    tf.tidy(() =>
      softmaxCrossEntropy(tf.tensor2d([[1, 2], [1, 2]]), tf.tensor2d([[1, 0]]))
    ),
  );
  losses.forEach((loss) =>
    assertAlmostEquals(loss, Math.log(1 + Math.E), 1e-6)
  );
  assertThrows(() =>
    tf.tidy(() =>
      softmaxCrossEntropy(tf.tensor2d([[1, 2]]), tf.tensor2d([[1, 0, 0]]))
    )
  );
});

Deno.test("wasm: linfStep() and the steps of optimizers take int32 and what broadcasts", async () => {
  await useWasm();
  const moved = read(tf.tidy(() =>
    linfStep(
      tf.tensor1d([0, 1], "int32"),
      tf.tensor1d([1, -1]),
      tf.tensor1d([0, 1], "int32"),
      { epsilon: 0.25, stepSize: 0.25 },
    )
  ));
  assertEquals(moved, [0.25, 0.75]);
  const weight = () => tf.zeros([3]);
  const one = () => tf.tensor1d([1], "int32");
  assertEquals(
    read(tf.tidy(() =>
      sgdStep(
        { weight: weight(), velocity: tf.zeros([1]), gradient: one() },
        { learningRate: 1, momentum: 0, weightDecay: 0 },
      )[0]
    )),
    [-1, -1, -1],
  );
  assertEquals(
    read(tf.tidy(() =>
      adamStep(
        { weight: weight(), mean: weight(), square: weight(), gradient: one() },
        {
          rate: 1,
          root: 1,
          beta1: 0,
          beta2: 0,
          epsilon: 1,
          weightDecay: 0,
        },
      )[0]
    )),
    [-0.5, -0.5, -0.5],
  );
});

Deno.test("wasm: convReluPool() refuses pixels as integers, and shapes that do not fit", async () => {
  await useWasm();
  const run = (
    x: tf.Tensor,
    filter: tf.Tensor = tf.ones([3, 3, 3, 4]),
    bias: tf.Tensor = tf.zeros([4]),
  ) =>
    tf.tidy(() =>
      convReluPool(x as tf.Tensor4D, filter as tf.Tensor4D, bias as tf.Tensor1D)
    );
  const pixels = tf.ones([1, 4, 4, 3]);
  assertThrows(
    () => run(tf.cast(pixels, "int32")),
    Error,
    "must be float32 tensor, but got int32",
  );
  assertThrows(
    () => run(pixels, tf.ones([3, 3, 2, 4])),
    Error,
    "depth of input (3) must match",
  );
  assertThrows(
    () => run(pixels, undefined, tf.zeros([2])),
    Error,
    "could not be broadcast",
  );
});

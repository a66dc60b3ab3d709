// Calls from the public reports of TensorFlow.js's users, and others that its own
// specs leave out. Numbers are by hand, by float64 sums or by the cpu backend.
import { assert, assertEquals, assertThrows } from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import { eachProduct, outputSize } from "../_convolution.ts";
import { drawTensor, drawValues, relativeError, useWasm } from "./_wasm.ts";

const count = (shape: number[]) =>
  tf.reshape(tf.range(1, tf.util.sizeFromShape(shape) + 1), shape);

/** Values of a computation on a backend. */
async function valuesOn(
  backend: "cpu" | "wasm",
  compute: () => tf.Tensor[],
): Promise<Float32Array[]> {
  await useWasm();
  await tf.setBackend(backend);
  const before = tf.memory().numTensors;
  const values = tf.tidy(() =>
    compute().map((y) => y.dataSync() as Float32Array)
  );
  assertEquals(tf.memory().numTensors, before);
  await tf.setBackend("wasm");
  return values;
}

/** A test that wasm and cpu give the same. */
function asOnCpu(name: string, compute: () => tf.Tensor[]): void {
  Deno.test(`wasm: ${name}`, async () => {
    const expected = await valuesOn("cpu", compute);
    const actual = await valuesOn("wasm", compute);
    assertEquals(actual.length, expected.length);
    actual.forEach((values, i) =>
      assert(relativeError(values, expected[i]!) < 1e-5, `result ${i}`)
    );
  });
}

/** A result, and the gradients of a function by all of its inputs. */
function withGradients(
  f: (...inputs: tf.Tensor[]) => tf.Tensor,
  inputs: tf.Tensor[],
): tf.Tensor[] {
  const y = f(...inputs);
  const dy = tf.tensor(drawValues(y.size, 9), y.shape);
  return [y, ...tf.grads(f)(inputs, dy)];
}

Deno.test("wasm: prelu broadcasts its slopes (tfjs#7458)", async () => {
  const [y] = await valuesOn("wasm", () => [
    tf.prelu(
      tf.tensor3d([1, -1, 2, -2, 3, -3], [1, 2, 3]),
      tf.tensor3d([0.1, -0.2], [1, 2, 1]),
    ),
  ]);
  const expected = [1, -0.1, 2, 0.4, 3, 0.6];
  assert(relativeError(y!, expected) < 1e-6);
});

for (const shape of [[], [4], [3, 1], [1, 1, 4], [2, 1, 1], [2, 3, 4]]) {
  asOnCpu(
    `prelu with slopes of shape [${shape}] and its gradients`,
    () =>
      withGradients(
        (x, alpha) => tf.prelu(x, alpha!),
        [
          drawTensor<tf.Rank.R3>([2, 3, 4], 1),
          drawTensor(shape as [number], 2),
        ],
      ),
  );
}

asOnCpu(
  "depthwise convolution of tiny images with narrow filters, stride 2 (tfjs#6629)",
  () =>
    [[1, 1], [2, 2], [3, 3], [4, 5]].flatMap(([height, width]) =>
      [[1, 2], [1, 3], [2, 1], [3, 1], [2, 2]].flatMap(([rows, columns]) =>
        [1, 2].flatMap((multiplier) =>
          withGradients(
            (x, filter) =>
              tf.depthwiseConv2d(
                x as tf.Tensor4D,
                filter as tf.Tensor4D,
                2,
                "same",
              ),
            [
              drawTensor<tf.Rank.R4>([1, height!, width!, 2], 1),
              drawTensor<tf.Rank.R4>([rows!, columns!, 2, multiplier], 2),
            ],
          )
        )
      )
    ),
);

for (const rounding of ["floor", "round", "ceil"] as const) {
  asOnCpu(
    `avgPool of a column, rounding "${rounding}", reads no other memory (tfjs#8409)`,
    () => [
      tf.avgPool(
        drawTensor<tf.Rank.R3>([20, 13, 12], 1),
        [4, 1],
        1,
        0,
        rounding,
      ),
      tf.avgPool(drawTensor<tf.Rank.R3>([3, 1, 1], 2), 2, 1, 0, rounding),
    ],
  );
}

asOnCpu("a dilated pool larger than the image (tfjs#7646)", () => [
  tf.pool(drawTensor<tf.Rank.R4>([21, 5, 12, 9], 1), 24, "avg", "valid", 1, 21),
]);

asOnCpu('pools larger than the image, padding "same"', () => {
  const x = drawTensor<tf.Rank.R4>([2, 5, 7, 3], 1);
  return [
    ...withGradients((x) => tf.maxPool(x as tf.Tensor4D, 8, 2, "same"), [x]),
    ...withGradients((x) => tf.avgPool(x as tf.Tensor4D, 8, 2, "same"), [x]),
  ];
});

Deno.test("wasm: a window that does not fit is refused", async () => {
  await useWasm();
  const x = tf.ones<tf.Rank.R4>([2, 5, 7, 3]);
  assertThrows(
    () => tf.maxPool(x, 8, 2, "valid"),
    RangeError,
    "A window must fit into the padded images, got 8 by 8 for images of 5 by 7",
  );
  assertThrows(
    () => tf.conv2d(x, tf.ones([9, 2, 3, 1]), 1, "valid"),
    RangeError,
    "A window must fit",
  );
});

asOnCpu(
  "the gradient of gather adds rows taken twice (tfjs#8082)",
  () =>
    withGradients(
      (x) => tf.gather(x, tf.tensor2d([[2, 0], [2, 3]], [2, 2], "int32")),
      [drawTensor<tf.Rank.R2>([4, 3], 1)],
    ),
);

asOnCpu("conv2d with channels first, and its gradients", () =>
  withGradients(
    (x, filter) =>
      tf.conv2d(
        x as tf.Tensor4D,
        filter as tf.Tensor4D,
        [1, 2],
        "same",
        "NCHW",
      ),
    [
      drawTensor<tf.Rank.R4>([2, 3, 5, 6], 1),
      drawTensor<tf.Rank.R4>([3, 2, 3, 4], 2),
    ],
  ));

Deno.test("wasm: depthwise convolution with channels first is refused", async () => {
  await useWasm();
  const [x, filter] = [tf.ones([1, 2, 5, 5]), tf.ones([3, 3, 2, 1])];
  assertThrows(
    () =>
      tf.depthwiseConv2d(
        x as tf.Tensor4D,
        filter as tf.Tensor4D,
        1,
        "same",
        "NCHW",
      ),
    TypeError,
    "transpose x with tf.transpose(x, [0, 2, 3, 1]) first",
  );
});

Deno.test("wasm: conv2dTranspose of 4x4 to 8x8 images sums the taps that reach them", async () => {
  // As TensorFlow.js's spec, whose filter of 8x8 overhangs its output.
  const dy = drawTensor<tf.Rank.R4>([1, 8, 8, 3], 1);
  const filter = drawTensor<tf.Rank.R4>([8, 8, 2, 3], 2);
  const convolution = {
    ...{ batch: 1, height: 8, width: 8, channels: 2, outChannels: 3 },
    ...{ filterHeight: 8, filterWidth: 8, stride: [1, 1] as [number, number] },
    dilation: [1, 1] as [number, number],
    pad: [3, 4, 3, 4] as [number, number, number, number],
  };
  assertEquals(outputSize(convolution), [8, 8]);
  const [dys, ks] = [dy.dataSync(), filter.dataSync()];
  const expected = new Float64Array(128);
  eachProduct(convolution, (x, w, y) => expected[x]! += dys[y]! * ks[w]!);
  const [actual] = await valuesOn("wasm", () => [
    tf.conv2dTranspose(
      drawTensor<tf.Rank.R4>([1, 8, 8, 3], 1),
      drawTensor<tf.Rank.R4>([8, 8, 2, 3], 2),
      [1, 8, 8, 2],
      1,
      "same",
    ),
  ]);
  assert(relativeError(actual!, expected) < 1e-5);
});

asOnCpu("conv3d, stride 2, and its gradients", () =>
  withGradients(
    (x, filter) =>
      tf.conv3d(x as tf.Tensor5D, filter as tf.Tensor5D, 2, "same"),
    [
      tf.tensor5d(drawValues(2 * 4 * 5 * 4 * 3, 1), [2, 4, 5, 4, 3]),
      tf.tensor5d(drawValues(2 * 2 * 2 * 3 * 2, 2), [2, 2, 2, 3, 2]),
    ],
  ));

asOnCpu("maxPool3d of negative numbers and its gradient", () =>
  withGradients(
    (x) => tf.maxPool3d(x as tf.Tensor5D, 2, 1, "same"),
    [tf.sub(tf.tensor5d(drawValues(96, 1), [2, 3, 4, 2, 2]), 3)],
  ));

asOnCpu(
  "dilation2d of several images and channels, and its gradients",
  () =>
    withGradients(
      (x, filter) =>
        tf.dilation2d(x as tf.Tensor4D, filter as tf.Tensor3D, 1, "same"),
      [
        drawTensor<tf.Rank.R4>([2, 5, 5, 2], 1),
        drawTensor<tf.Rank.R3>([3, 3, 2], 2),
      ],
    ),
);

Deno.test("wasm: dilation2d is the largest sum of a window and its filter", async () => {
  const [y] = await valuesOn("wasm", () => [
    tf.dilation2d(
      count([2, 2, 2, 2]) as tf.Tensor4D,
      tf.tensor3d([0, 10, 5, 0], [2, 1, 2]),
      1,
      "valid",
    ),
  ]);
  // Channel 0: the lower plus 5; channel 1: the upper plus 10 or the lower.
  assertEquals([...y!], [10, 12, 12, 14, 18, 20, 20, 22]);
});

Deno.test("wasm: a model whose weights are NaN has a loss of NaN", async () => {
  const [logits, clipped, loss] = await valuesOn("wasm", () => {
    const made = tf.softmax(tf.fill([1, 2], NaN));
    return [
      made,
      tf.clipByValue(made, 1e-7, 1 - 1e-7),
      tf.metrics.categoricalCrossentropy(tf.tensor2d([[0, 1]]), made),
    ];
  });
  assertEquals([...logits!, ...clipped!, ...loss!], [NaN, NaN, NaN, NaN, NaN]);
});

Deno.test("wasm: the gradient of nearest-neighbour resizing sums the copies of each pixel, in every image", async () => {
  // cpu adds to the first image alone.
  const dy = drawValues(2 * 4 * 6 * 2, 1);
  const expected = new Float64Array(2 * 2 * 3 * 2);
  dy.forEach((value, i) => {
    const [channel, column, row, image] = [
      i % 2,
      Math.floor(i / 2) % 6,
      Math.floor(i / 12) % 4,
      Math.floor(i / 48),
    ];
    const pixel = (image * 2 + (row >> 1)) * 3 + (column >> 1);
    expected[pixel * 2 + channel]! += value;
  });
  const [dx] = await valuesOn("wasm", () => [
    tf.grad((x) => tf.image.resizeNearestNeighbor(x as tf.Tensor4D, [4, 6]))(
      tf.ones([2, 2, 3, 2]),
      tf.tensor4d(dy, [2, 4, 6, 2]),
    ),
  ]);
  assert(relativeError(dx!, expected) < 1e-6);
});

Deno.test("wasm: a 1x1 maxPool with padding by numbers and steps of 1 by 2 takes every second pixel", async () => {
  const [y] = await valuesOn("wasm", () => [
    tf.maxPool(count([1, 2, 5, 1]) as tf.Tensor4D, 1, [1, 2], 0),
  ]);
  // TensorFlow.js computes the width from the step between rows, so it asks for
  // two more windows in each row. They hold no pixel; cpu repeats others there.
  const none = -Infinity;
  assertEquals([...y!], [1, 3, 5, none, none, 6, 8, 10, none, none]);
});

// The set-up of the wasm backend's own tests (tfjs-backend-wasm/src/setup_test.ts)
// leaves out the specs of such casts and names this report.
Deno.test("wasm: numbers cast to bool, as official specs leave them out (tfjs#2590)", async () => {
  for (const dtype of ["float32", "int32"] as const) {
    const [cast] = await valuesOn("wasm", () => [
      tf.cast(tf.tensor2d([[0, 1], [2, -3], [-0, 256]], [3, 2], dtype), "bool"),
    ]);
    assertEquals([...cast!], [0, 1, 1, 1, 0, 1], dtype);
  }
  const fractions = await valuesOn("wasm", () => [
    tf.cast(tf.tensor1d([0.25, -0.5, 1e-30]), "bool"),
  ]);
  assertEquals([...fractions[0]!], [1, 1, 1]);
});

Deno.test("wasm: gather takes each batch's rows by its own indices (tfjs#8658)", async () => {
  const [y] = await valuesOn("wasm", () => [
    tf.gather(
      tf.tensor2d([[10, 11, 12], [20, 21, 22]]),
      tf.tensor2d([[2], [0]], [2, 1], "int32"),
      1,
      1,
    ),
    tf.gather(
      count([2, 3, 2]),
      tf.tensor2d([[0, 2], [1, 1]], [2, 2], "int32"),
      1,
      1,
    ),
  ]).then(([first, second]) => [[...first!, ...second!]]);
  assertEquals(y, [12, 20, 1, 2, 5, 6, 9, 10, 9, 10]);
});

Deno.test("wasm: one part of a split, and one of a stack, have gradients", async () => {
  const gradients = await valuesOn("wasm", () => {
    const of = (f: (x: tf.Tensor) => tf.Tensor) =>
      tf.grad((x) => tf.sum(tf.square(f(x))))(tf.tensor2d([[1, 2]]));
    return [of((x) => tf.split(x, [2], 1)[0]!), of((x) => tf.unstack(x)[0]!)];
  });
  assertEquals(gradients.map((values) => [...values]), [[2, 4], [2, 4]]);
});

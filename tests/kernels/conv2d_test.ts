import { assert } from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import fc from "fast-check";
import { type Convolution, eachProduct, outputSize } from "./_convolution.ts";
import {
  drawTensor,
  drawValues,
  kernelTest,
  read,
  relativeError,
} from "./_kernels.ts";

const pair = (min: number, max: number) =>
  fc.tuple(fc.integer({ min, max }), fc.integer({ min, max }));

/** Any convolution TensorFlow.js allows, small, with at least one output. */
const anyConvolution: fc.Arbitrary<Convolution> = fc.record({
  batch: fc.integer({ min: 0, max: 3 }),
  height: fc.integer({ min: 1, max: 12 }),
  width: fc.integer({ min: 1, max: 12 }),
  channels: fc.constantFrom(1, 2, 3, 4, 7, 8, 16),
  filterHeight: fc.integer({ min: 1, max: 4 }),
  filterWidth: fc.integer({ min: 1, max: 4 }),
  outChannels: fc.constantFrom(1, 3, 4, 8, 10, 16, 20),
  stride: pair(1, 3),
  dilation: fc.oneof(fc.constant<[number, number]>([1, 1]), pair(1, 3)),
  pad: fc.tuple(
    fc.integer({ min: 0, max: 5 }),
    fc.integer({ min: 0, max: 3 }),
    fc.integer({ min: 0, max: 5 }),
    fc.integer({ min: 0, max: 3 }),
  ),
}).filter((c) => {
  // TensorFlow.js refuses a stride together with a dilation.
  const strided = c.stride[0] > 1 || c.stride[1] > 1;
  const dilated = c.dilation[0] > 1 || c.dilation[1] > 1;
  return !(strided && dilated) && Math.min(...outputSize(c)) >= 1;
});

/** The 3x3 convolutions of stride 1 that training spends its time in. */
const denseConvolution: fc.Arbitrary<Convolution> = fc.record({
  batch: fc.integer({ min: 1, max: 3 }),
  height: fc.integer({ min: 1, max: 19 }),
  width: fc.integer({ min: 1, max: 19 }),
  channels: fc.constantFrom(3, 5, 8, 12, 16, 32),
  filterHeight: fc.constant(3),
  filterWidth: fc.constant(3),
  outChannels: fc.constantFrom(8, 16, 24, 32),
  stride: fc.constant<[number, number]>([1, 1]),
  dilation: fc.constant<[number, number]>([1, 1]),
  pad: fc.constant<[number, number, number, number]>([1, 1, 1, 1]),
});

/** Convolutions of stride 1 with lines and channels in fours, for the most part. */
const lineConvolution: fc.Arbitrary<Convolution> = fc.record({
  batch: fc.integer({ min: 1, max: 3 }),
  height: fc.integer({ min: 2, max: 9 }),
  width: fc.constantFrom(8, 12, 16, 20),
  channels: fc.constantFrom(1, 2, 3, 4, 8, 12),
  filterHeight: fc.integer({ min: 1, max: 4 }),
  filterWidth: fc.integer({ min: 2, max: 5 }),
  outChannels: fc.constantFrom(4, 8, 12, 20),
  before: pair(0, 4),
  after: pair(0, 4),
}).map(({ before, after, ...rest }): Convolution => ({
  ...rest,
  stride: [1, 1],
  dilation: [1, 1],
  // As many outputs along a line as inputs, or some more or fewer.
  pad: [
    before[0],
    after[0],
    before[1],
    Math.max(0, rest.filterWidth - 1 - before[1]) +
    4 * Math.floor(after[1] / 4),
  ],
})).filter((c) => Math.min(...outputSize(c)) >= 1);

const explicitPad = ({ pad: [top, bottom, left, right] }: Convolution) =>
  [[0, 0], [top, bottom], [left, right], [0, 0]] as [
    [number, number],
    [number, number],
    [number, number],
    [number, number],
  ];

const shapes = (c: Convolution) => ({
  x: [c.batch, c.height, c.width, c.channels] as [
    number,
    number,
    number,
    number,
  ],
  w: [c.filterHeight, c.filterWidth, c.channels, c.outChannels] as [
    number,
    number,
    number,
    number,
  ],
  y: [c.batch, ...outputSize(c), c.outChannels] as [
    number,
    number,
    number,
    number,
  ],
});

/** What TensorFlow.js calls the three kernels with. */
const attributesOf = (c: Convolution) =>
  ({
    strides: c.stride,
    pad: explicitPad(c),
    dataFormat: "NHWC",
    dimRoundingMode: null,
    dilations: c.dilation,
    inputShape: shapes(c).x,
    filterShape: shapes(c).w,
  }) as unknown as tf.NamedAttrMap;

const sizeOf = (shape: number[]) => shape.reduce((a, b) => a * b, 1);

/** Forward, input gradient and filter gradient against sums in float64. */
async function checkConvolution(c: Convolution): Promise<void> {
  const { x, w, y } = shapes(c);
  const [xs, ws, dys] = [x, w, y].map((s, i) => drawValues(sizeOf(s), i));
  const expected = {
    y: new Float64Array(sizeOf(y)),
    dx: new Float64Array(sizeOf(x)),
    dw: new Float64Array(sizeOf(w)),
  };
  eachProduct(c, (i, k, o) => {
    expected.y[o]! += xs![i]! * ws![k]!;
    expected.dx[i]! += dys![o]! * ws![k]!;
    expected.dw[k]! += dys![o]! * xs![i]!;
  });
  const actual = await read(() => {
    const [tx, tw, tdy] = [
      tf.tensor4d(xs!, x),
      tf.tensor4d(ws!, w),
      tf.tensor4d(dys!, y),
    ];
    const attrs = attributesOf(c);
    const run = (
      kernel: string,
      inputs: tf.NamedTensorMap,
      more: tf.NamedAttrMap = {},
    ) =>
      tf.engine().runKernel(kernel, inputs, { ...attrs, ...more }) as tf.Tensor;
    return [
      run("Conv2D", { x: tx, filter: tw }),
      run("Conv2D", { x: tx, filter: tw }, { looseTies: true }),
      run("Conv2DBackpropInput", { dy: tdy, filter: tw }),
      run("Conv2DBackpropFilter", { x: tx, dy: tdy }),
    ];
  });
  const sums = [expected.y, expected.y, expected.dx, expected.dw];
  actual.forEach((values, i) =>
    assert(
      relativeError(values, sums[i]!) < 1e-5,
      ["y", "y, ties loose", "dx", "dw"][i],
    )
  );
}

kernelTest(
  "Conv2D and its gradients equal float64 sums for any stride, padding, dilation and channels",
  async (numRuns) => {
    await fc.assert(fc.asyncProperty(anyConvolution, checkConvolution), {
      numRuns,
      seed: 1,
    });
  },
  { rounds: 150 },
);

kernelTest(
  "Conv2D and its gradients equal float64 sums for 3x3 filters of stride 1",
  async () => {
    await fc.assert(fc.asyncProperty(denseConvolution, checkConvolution), {
      numRuns: 25,
      seed: 2,
    });
  },
);

kernelTest(
  "Conv2D and its gradients equal float64 sums for filters of stride 1 along whole lines",
  async (numRuns) => {
    await fc.assert(fc.asyncProperty(lineConvolution, checkConvolution), {
      numRuns,
      seed: 4,
    });
  },
  { rounds: 150 },
);

kernelTest(
  "Conv2D gradients agree with the cpu backend through tf.grads",
  async () => {
    const backend = tf.getBackend();
    const gradients = async (backend: string) => {
      await tf.setBackend(backend);
      return await read(() => {
        const x = drawTensor<tf.Rank.R4>([2, 9, 7, 5], 1);
        const w = drawTensor<tf.Rank.R4>([3, 2, 5, 6], 2);
        const loss = (x: tf.Tensor, w: tf.Tensor) =>
          tf.sum(
            tf.square(tf.conv2d(x as tf.Tensor4D, w as tf.Tensor4D, 2, "same")),
          );
        return tf.grads(loss)([x, w]);
      });
    };
    const cpu = await gradients("cpu");
    const ours = await gradients(backend);
    for (const i of [0, 1]) assert(relativeError(ours[i]!, cpu[i]!) < 1e-5);
  },
);

kernelTest("FusedConv2D adds the bias and clamps", async () => {
  for (const activation of ["linear", "relu", "relu6", "sigmoid"] as const) {
    const [actual, expected] = await read(() => {
      const x = drawTensor<tf.Rank.R4>([2, 6, 6, 3], 1);
      const filter = drawTensor<tf.Rank.R4>([3, 3, 3, 10], 2);
      const bias = drawTensor<tf.Rank.R1>([10], 3);
      const fused = tf.fused.conv2d({
        x,
        filter,
        bias,
        strides: 1,
        pad: "same",
        activation,
      });
      const plain = tf.add(tf.conv2d(x, filter, 1, "same"), bias);
      return [fused, activation === "linear" ? plain : tf[activation](plain)];
    });
    assert(relativeError(actual!, expected!) < 1e-6);
  }
});

for (const bad of [NaN, Infinity, -Infinity]) {
  kernelTest(`Conv2D spreads ${bad} wherever the direct sum does`, async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(anyConvolution, denseConvolution, lineConvolution).filter((
          c,
        ) => c.batch > 0),
        fc.nat(),
        async (c, draw) => {
          const { x, w, y } = shapes(c);
          const [xs, ws, dys] = [x, w, y].map((s, i) =>
            drawValues(sizeOf(s), i)
          );
          xs![draw % xs!.length] = bad;
          dys![draw % dys!.length] = bad;
          const forward = new Float64Array(sizeOf(y));
          const dx = new Float64Array(sizeOf(x));
          const dw = new Float64Array(sizeOf(w));
          eachProduct(c, (i, k, o) => {
            forward[o]! += xs![i]! * ws![k]!;
            dx[i]! += dys![o]! * ws![k]!;
            dw[k]! += dys![o]! * xs![i]!;
          });
          const actual = await read(() => {
            const [tx, tw, tdy] = [
              tf.tensor(xs!, x),
              tf.tensor(ws!, w),
              tf.tensor(dys!, y),
            ];
            const run = (kernel: string, inputs: tf.NamedTensorMap) =>
              tf.engine().runKernel(
                kernel,
                inputs,
                attributesOf(c),
              ) as tf.Tensor;
            return [
              run("Conv2D", { x: tx, filter: tw }),
              run("Conv2DBackpropInput", { dy: tdy, filter: tw }),
              run("Conv2DBackpropFilter", { x: tx, dy: tdy }),
            ];
          });
          actual.forEach((values, which) =>
            [forward, dx, dw][which]!.forEach((value, i) =>
              assert(
                Number.isFinite(value) || !Number.isFinite(values[i]!),
                `${["forward", "dx", "dw"][which]} ${i}`,
              )
            )
          );
        },
      ),
      { numRuns: 25, seed: 3 },
    );
  });
}

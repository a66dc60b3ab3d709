import * as tf from "@tensorflow/tfjs";
import { draw } from "../draw.ts";

/** A call of a kernel that the official backend has, too. */
export interface ForwardCase {
  readonly name: string;
  readonly kernel: string;
  readonly inputs: tf.NamedTensorMap;
  readonly attrs: tf.NamedAttrMap;
}

const BATCH = 16;

/** Side of the images, filter, stride, channels in and out. */
type Sizes = readonly [number, number, number, number, number];

const convolutions: readonly Sizes[] = [
  [32, 1, 1, 32, 64],
  [16, 1, 1, 64, 128],
  [8, 1, 1, 256, 256],
  [32, 1, 2, 32, 64],
  [32, 3, 1, 32, 32],
  [32, 3, 2, 32, 64],
  [64, 3, 2, 3, 32],
  [16, 3, 1, 64, 64],
  [32, 5, 1, 16, 32],
  [32, 5, 2, 16, 32],
  [64, 7, 2, 3, 32],
  [16, 7, 1, 32, 32],
];

const depthwise: readonly Sizes[] = [
  [32, 3, 1, 32, 32],
  [32, 3, 2, 32, 32],
  [16, 3, 1, 128, 128],
  [16, 5, 1, 64, 64],
  [16, 5, 2, 64, 64],
];

/** Forward passes of the layers of ordinary networks. */
export function listForwardCases(): ForwardCase[] {
  const window = (stride: number) => ({
    strides: [stride, stride],
    pad: "same",
    dataFormat: "NHWC",
    dilations: [1, 1],
  });
  const named = ([side, size, stride, channels, out]: Sizes) =>
    `${size}x${size}, stride ${stride}, ${side}x${side}, ${channels} to ${out} channels`;
  const cases: ForwardCase[] = [];
  for (const sizes of convolutions) {
    const [side, size, stride, channels, out] = sizes;
    const x = draw(BATCH, side, side, channels);
    const filter = draw(size, size, channels, out);
    cases.push({
      name: `convolution ${named(sizes)}`,
      kernel: "Conv2D",
      inputs: { x, filter },
      attrs: window(stride),
    }, {
      name: `convolution ${named(sizes)}, bias and relu`,
      kernel: "FusedConv2D",
      inputs: { x, filter, bias: draw(out) },
      attrs: { ...window(stride), activation: "relu" },
    });
  }
  for (const sizes of depthwise) {
    const [side, size, stride, channels] = sizes;
    cases.push({
      name: `depthwise ${named(sizes)}`,
      kernel: "DepthwiseConv2dNative",
      inputs: {
        x: draw(BATCH, side, side, channels),
        filter: draw(size, size, channels, 1),
      },
      attrs: window(stride),
    });
  }
  const x = draw(BATCH, 32, 32, 32);
  const [mean, variance, scale, offset] = [1, 2, 3, 4].map(() =>
    tf.abs(draw(32))
  );
  cases.push({
    name: "batch normalisation 32x32, 32 channels",
    kernel: "FusedBatchNorm",
    inputs: {
      x,
      mean: mean!,
      variance: variance!,
      scale: scale!,
      offset: offset!,
    },
    attrs: { varianceEpsilon: 1e-3 },
  });
  for (const [name, m, k, n] of products) {
    cases.push({
      name,
      kernel: "BatchMatMul",
      inputs: { a: draw(1, m, k), b: draw(1, k, n) },
      attrs: { transposeA: false, transposeB: false },
    });
  }
  cases.push({
    name: "attention scores, 64 products of 32x16x32",
    kernel: "BatchMatMul",
    inputs: { a: draw(64, 32, 16), b: draw(64, 32, 16) },
    attrs: { transposeA: false, transposeB: true },
  });
  for (const kernel of ["Relu", "Relu6", "ClipByValue"]) {
    const attrs = kernel === "ClipByValue"
      ? { clipValueMin: -0.5, clipValueMax: 0.5 }
      : {};
    cases.push({ name: `${kernel} 32x32x32`, kernel, inputs: { x }, attrs });
  }
  for (const kernel of ["MaxPool", "AvgPool"]) {
    for (const [size, stride] of [[2, 2], [3, 2], [3, 1]]) {
      cases.push({
        name: `${kernel} ${size}x${size}, stride ${stride}, 32x32, 32 channels`,
        kernel,
        inputs: { x },
        attrs: {
          filterSize: [size!, size!],
          strides: [stride!, stride!],
          pad: "same",
        },
      });
    }
  }
  for (const [name, kernel, shape, axis] of sums) {
    cases.push({
      name,
      kernel,
      inputs: { x: draw(...shape) },
      attrs: { axis: [...axis], keepDims: false },
    });
  }
  return [...cases, ...listCopies()];
}

const products = [
  ["LSTM step, 32 rows, 64 inputs, 4 x 128 units", 32, 64, 512],
  ["LSTM step, 32 rows, 128 states, 4 x 128 units", 32, 128, 512],
  ["dense layer, 32 rows, 1024 to 128", 32, 1024, 128],
  ["product of one row, 1024 to 128", 1, 1024, 128],
  ["product of 256x256x256", 256, 256, 256],
] as const;

const sums = [
  ["sum of everything", "Sum", [16, 32, 32, 32], [0, 1, 2, 3]],
  ["sum by channel", "Sum", [16, 32, 32, 32], [0, 1, 2]],
  ["sum by row", "Sum", [4096, 128], [1]],
  ["mean by channel", "Mean", [16, 32, 32, 32], [0, 1, 2]],
  ["mean by row", "Mean", [4096, 128], [1]],
  ["mean of the pixels of each image", "Mean", [16, 32, 32, 32], [1, 2]],
] as const;

/** Kernels that copy numbers. */
function listCopies(): ForwardCase[] {
  const one = draw(16, 32, 32, 32);
  return [
    {
      name: "copies of 32 channels for each pixel",
      kernel: "Tile",
      inputs: { x: draw(1, 1, 1, 32) },
      attrs: { reps: [16, 32, 32, 1] },
    },
    {
      name: "128 copies of each of 4096 numbers",
      kernel: "Tile",
      inputs: { x: draw(4096, 1) },
      attrs: { reps: [1, 128] },
    },
    {
      name: "16 of 1024 images of 32x32, 3 channels",
      kernel: "Slice",
      inputs: { x: draw(1024, 32, 32, 3) },
      attrs: { begin: [512, 0, 0, 0], size: [16, 32, 32, 3] },
    },
    {
      name: "24x24 pixels of images of 32x32, 32 channels",
      kernel: "Slice",
      inputs: { x: one },
      attrs: { begin: [0, 4, 4, 0], size: [16, 24, 24, 32] },
    },
    {
      name: "four gates of an LSTM, 32 rows, 4 x 128",
      kernel: "SplitV",
      inputs: { x: draw(32, 512) },
      attrs: { numOrSizeSplits: [128, 128, 128, 128], axis: 1 },
    },
    {
      name: "16 steps of 32 sequences of 64 numbers",
      kernel: "Unpack",
      inputs: { value: draw(32, 16, 64) },
      attrs: { axis: 1 },
    },
    {
      name: "two images 32x32 of 32 channels as one of 64",
      kernel: "Concat",
      inputs: [one, draw(16, 32, 32, 32)] as unknown as tf.NamedTensorMap,
      attrs: { axis: 3 },
    },
    {
      name: "four rows as one, 32 rows of 128",
      kernel: "Concat",
      inputs: [1, 2, 3, 4].map(() =>
        draw(32, 128)
      ) as unknown as tf.NamedTensorMap,
      attrs: { axis: 1 },
    },
  ];
}

import * as tf from "@tensorflow/tfjs";
import { type Draw, type DrawnCase, type DrawnInput } from "./drawn_case.ts";
import { type DrawnWindows, drawWindows, eachElement } from "./windows.ts";

/** Strides of all axes, as calls take them. */
const strides = ({ axes }: DrawnWindows) =>
  axes.map(({ stride }) => stride) as [number, number];

const dilations = ({ axes }: DrawnWindows) =>
  axes.map(({ dilation }) => dilation) as [number, number];

/** Sums of products over windows of images, for each pair of channels. */
function convolve(
  { axes }: DrawnWindows,
  [batch, inputs, outputs]: readonly [number, number, number],
): (x: number[], filter: number[]) => number[] {
  const size = axes.reduce((n, axis) => n * axis.size, 1);
  const out = axes.reduce((n, axis) => n * axis.out, 1);
  return (x, filter) => {
    const y = Array<number>(batch * out * outputs).fill(0);
    eachElement(axes, (element, place, window) => {
      for (let b = 0; b < batch; b++) {
        for (let i = 0; i < inputs; i++) {
          for (let o = 0; o < outputs; o++) {
            y[(b * out + window) * outputs + o]! +=
              x[(b * size + element) * inputs + i]! *
              filter[(place * inputs + i) * outputs + o]!;
          }
        }
      }
    });
    return y;
  };
}

function drawChannels(draw: Draw): [number, number, number] {
  return [draw.whole(1, 2), draw.whole(1, 5), draw.whole(1, 5)];
}

function imageAndFilter(
  draw: Draw,
  { axes }: DrawnWindows,
  [batch, inputs, outputs]: readonly number[],
): [DrawnInput, DrawnInput] {
  return [
    draw.lattice([batch!, ...axes.map(({ size }) => size), inputs!]),
    draw.lattice([...axes.map(({ filter }) => filter), inputs!, outputs!]),
  ];
}

/** Convolutions of images. */
export function drawConv2d(draw: Draw): DrawnCase {
  const windows = drawWindows(draw, 2, { canDilate: true });
  const channels = drawChannels(draw);
  return {
    text: `conv2d ${windows.text}, ${channels}`,
    inputs: imageAndFilter(draw, windows, channels),
    run: (x, filter) =>
      tf.conv2d(
        x as tf.Tensor4D,
        filter as tf.Tensor4D,
        strides(windows),
        windows.pad as "same",
        "NHWC",
        dilations(windows),
        windows.rounding,
      ),
    reference: convolve(windows, channels),
  };
}

/** Convolutions with a bias and an activation. */
export function drawFusedConv2d(draw: Draw): DrawnCase {
  const windows = drawWindows(draw, 2, { canDilate: false });
  const channels = drawChannels(draw);
  const bias = draw.lattice([channels[2]]);
  const activation = draw.one(["linear", "relu"] as const);
  const product = convolve(windows, channels);
  return {
    text: `fused.conv2d ${windows.text}, ${channels}, ${activation}`,
    // No sum of products of eighths is 0 after it.
    inputs: [
      ...imageAndFilter(draw, windows, channels),
      { ...bias, values: bias.values.map((value) => value + 1 / 128) },
    ],
    run: (x, filter, bias) =>
      tf.fused.conv2d({
        x: x as tf.Tensor4D,
        filter: filter as tf.Tensor4D,
        bias: bias!,
        strides: strides(windows),
        pad: windows.pad as "same",
        dimRoundingMode: windows.rounding!,
        activation,
      }),
    reference: (x, filter, bias) =>
      product(x!, filter!).map((sum, i) => {
        const value = sum + bias![i % channels[2]]!;
        return activation === "relu" ? Math.max(value, 0) : value;
      }),
  };
}

/** Convolutions of each channel by itself. */
export function drawDepthwise(draw: Draw): DrawnCase {
  const windows = drawWindows(draw, 2, {
    canDilate: true,
    kinds: ["same", "valid", "number"],
  });
  const [batch, inputs, multiplier] = [
    draw.whole(1, 2),
    draw.whole(1, 4),
    draw.whole(1, 2),
  ];
  const { axes } = windows;
  const size = axes.reduce((n, axis) => n * axis.size, 1);
  const out = axes.reduce((n, axis) => n * axis.out, 1);
  return {
    text: `depthwiseConv2d ${windows.text}, ${inputs} x ${multiplier}`,
    inputs: imageAndFilter(draw, windows, [batch, inputs, multiplier]),
    run: (x, filter) =>
      tf.depthwiseConv2d(
        x as tf.Tensor4D,
        filter as tf.Tensor4D,
        strides(windows),
        windows.pad as "same",
        "NHWC",
        dilations(windows),
        windows.rounding,
      ),
    reference(x, filter) {
      const y = Array<number>(batch * out * inputs * multiplier).fill(0);
      eachElement(axes, (element, place, window) => {
        for (let i = 0; i < batch * inputs * multiplier; i++) {
          const b = Math.floor(i / (inputs * multiplier));
          const channel = i % (inputs * multiplier);
          y[(b * out + window) * inputs * multiplier + channel]! += x![
            (b * size + element) * inputs + Math.floor(channel / multiplier)
          ]! *
            filter![place * inputs * multiplier + channel]!;
        }
      });
      return y;
    },
    // The gradient of TensorFlow.js refuses dilations.
    orders: axes.some(({ dilation }) => dilation > 1) ? 0 : 2,
  };
}

/** Convolutions of volumes. */
export function drawConv3d(draw: Draw): DrawnCase {
  const windows = drawWindows(draw, 3, {
    canDilate: false,
    kinds: ["same", "valid"],
  });
  const channels = [1, draw.whole(1, 2), draw.whole(1, 2)] as const;
  return {
    text: `conv3d ${windows.text}, ${channels}`,
    inputs: imageAndFilter(draw, windows, channels),
    run: (x, filter) =>
      tf.conv3d(
        x as tf.Tensor5D,
        filter as tf.Tensor5D,
        strides(windows) as unknown as [number, number, number],
        windows.pad as "same",
      ),
    reference: convolve(windows, channels),
  };
}

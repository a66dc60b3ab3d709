import * as tf from "@tensorflow/tfjs";
import { type Draw, type DrawnCase } from "./drawn_case.ts";
import { drawWindows, eachElement } from "./windows.ts";

/** Maximum or mean of the pixels of windows, without what pads them. */
function drawPool(draw: Draw, kind: "max" | "avg", rank: 2 | 3): DrawnCase {
  const windows = drawWindows(draw, rank, {
    canDilate: false,
    kinds: ["same", "valid", "number"],
  });
  const { axes, pad, rounding } = windows;
  const [batch, channels] = [draw.whole(1, 2), draw.whole(1, 5)];
  const size = axes.reduce((n, axis) => n * axis.size, 1);
  const out = axes.reduce((n, axis) => n * axis.out, 1);
  const filter = axes.map(({ filter }) => filter);
  const strides = axes.map(({ stride }) => stride);
  // The gradient of TensorFlow.js's mean gives every pixel one part of the whole
  // window, as ours does, although windows that overhang have fewer.
  const overhangs = axes.some(({ before, out, stride, filter, size }) =>
    before > 0 || (out - 1) * stride - before + filter > size
  );
  // TensorFlow.js's specs want as many windows of one pixel as there are pixels to
  // give the pixels, even if steps and padding put the windows elsewhere.
  const returnsInput = rank === 2 &&
    axes.every(({ filter, size, out, stride }) =>
      filter === 1 && size === out && stride === strides[0]
    );
  const name = `${kind}Pool${rank === 3 ? "3d" : ""}` as "maxPool";
  return {
    text: `${name} ${windows.text}, ${batch} x ${channels}`,
    inputs: [draw.distinct([batch, ...axes.map(({ size }) => size), channels])],
    run: (x) =>
      tf[name](
        x as tf.Tensor4D,
        filter as [number, number],
        strides as [number, number],
        pad as "same",
        rounding,
      ),
    reference(x) {
      if (returnsInput) return x!;
      const y = Array<number>(batch * out * channels).fill(
        kind === "max" ? -Infinity : 0,
      );
      const counts = Array<number>(out).fill(0);
      eachElement(axes, (element, _place, window) => {
        counts[window]!++;
        for (let i = 0; i < batch * channels; i++) {
          const b = Math.floor(i / channels), c = i % channels;
          const value = x![(b * size + element) * channels + c]!;
          const at = (b * out + window) * channels + c;
          y[at] = kind === "max" ? Math.max(y[at]!, value) : y[at]! + value;
        }
      });
      return kind === "max"
        ? y
        : y.map((sum, i) => sum / counts[Math.floor(i / channels) % out]!);
    },
    orders: kind === "max"
      // Gradients of volumes' gradients are convolutions, which round down.
      ? (rank === 3 && rounding && rounding !== "floor" ? 1 : 2)
      // TensorFlow.js has no gradient of the gradient of a volume's mean.
      : (overhangs ? 0 : rank === 2 ? 2 : 1),
  };
}

/** Maximum of windows of images. */
export const drawMaxPool = (draw: Draw): DrawnCase => drawPool(draw, "max", 2);

/** Mean of windows of images. */
export const drawAvgPool = (draw: Draw): DrawnCase => drawPool(draw, "avg", 2);

/** Maximum of windows of volumes. */
export const drawMaxPool3d = (draw: Draw): DrawnCase =>
  drawPool(draw, "max", 3);

/** Mean of windows of volumes. */
export const drawAvgPool3d = (draw: Draw): DrawnCase =>
  drawPool(draw, "avg", 3);

/** The largest sum of a pixel and a number of the filter. */
export function drawDilation2d(draw: Draw): DrawnCase {
  const windows = drawWindows(draw, 2, {
    canDilate: true,
    kinds: ["same", "valid"],
  });
  const { axes } = windows;
  const [batch, channels] = [draw.whole(1, 2), draw.whole(1, 3)];
  const size = axes.reduce((n, axis) => n * axis.size, 1);
  const out = axes.reduce((n, axis) => n * axis.out, 1);
  const filter = draw.distinct([...axes.map(({ filter }) => filter), channels]);
  return {
    text: `dilation2d ${windows.text}, ${batch} x ${channels}`,
    inputs: [
      draw.distinct([batch, ...axes.map(({ size }) => size), channels]),
      // Its thirds of an eighth keep sums apart.
      { ...filter, values: filter.values.map((value) => value / 37) },
    ],
    run: (x, filter) =>
      tf.dilation2d(
        x as tf.Tensor4D,
        filter as tf.Tensor3D,
        axes.map(({ stride }) => stride) as [number, number],
        windows.pad as "same",
        axes.map(({ dilation }) => dilation) as [number, number],
      ),
    reference(x, filter) {
      const y = Array<number>(batch * out * channels).fill(-Infinity);
      eachElement(axes, (element, place, window) => {
        for (let i = 0; i < batch * channels; i++) {
          const b = Math.floor(i / channels), c = i % channels;
          const at = (b * out + window) * channels + c;
          y[at] = Math.max(
            y[at]!,
            x![(b * size + element) * channels + c]! +
              filter![place * channels + c]!,
          );
        }
      });
      return y;
    },
    // No backend has a gradient of its gradient.
    orders: 1,
  };
}

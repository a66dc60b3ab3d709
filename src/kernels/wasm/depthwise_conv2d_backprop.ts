import { backend_util, type TensorInfo } from "@tensorflow/tfjs";
import type { TrainingKernel } from "./training_kernel.ts";

/** Attributes of both gradients; one has `inputShape`, one `filterShape`. */
interface Attrs {
  strides: [number, number] | number;
  dilations: [number, number] | number;
  pad: "valid" | "same" | number | backend_util.ExplicitPadding;
  dimRoundingMode?: "floor" | "round" | "ceil";
  inputShape: [number, number, number, number];
  filterShape: [number, number, number, number];
}

/** dL/dx of a depthwise convolution; the official backend has none. */
export const depthwiseConv2dNativeBackpropInput: TrainingKernel = {
  name: "DepthwiseConv2dNativeBackpropInput",
  run(host, { inputs, attrs }) {
    const { dy, filter } = inputs as Record<"dy" | "filter", TensorInfo>;
    const { inputShape } = attrs as unknown as Attrs;
    const info = planDepthwise(inputShape, filter.shape, attrs);
    const dx = host.output(inputShape);
    host.clear(dx);
    for (let i = 0; i < info.batchSize; i++) {
      host.kernels.depthwiseBackpropInput(
        host.address(dy) + i * info.outBytes,
        host.address(filter),
        ...info.geometry,
        host.address(dx) + i * info.inBytes,
      );
    }
    return dx;
  },
};

/** dL/dW of a depthwise convolution; the official backend has none. */
export const depthwiseConv2dNativeBackpropFilter: TrainingKernel = {
  name: "DepthwiseConv2dNativeBackpropFilter",
  run(host, { inputs, attrs }) {
    const { x, dy } = inputs as Record<"x" | "dy", TensorInfo>;
    const { filterShape } = attrs as unknown as Attrs;
    const info = planDepthwise(x.shape, filterShape, attrs);
    const dw = host.output(filterShape);
    host.clear(dw);
    const size = filterShape.reduce((product, n) => product * n, 1);
    const [partial] = host.scratch(size * 4) as [number];
    for (let i = 0; i < info.batchSize; i++) {
      host.kernels.depthwiseBackpropFilter(
        host.address(x) + i * info.inBytes,
        host.address(dy) + i * info.outBytes,
        ...info.geometry,
        host.address(dw),
        partial,
      );
    }
    return dw;
  },
};

function planDepthwise(
  xShape: readonly number[],
  filterShape: readonly number[],
  attrs: unknown,
) {
  const { strides, dilations, pad, dimRoundingMode } = attrs as Attrs;
  const info = backend_util.computeConv2DInfo(
    xShape as Attrs["inputShape"],
    filterShape as Attrs["filterShape"],
    strides,
    dilations,
    pad,
    dimRoundingMode,
    true,
  );
  return {
    batchSize: info.batchSize,
    inBytes: info.inHeight * info.inWidth * info.inChannels * 4,
    outBytes: info.outHeight * info.outWidth * info.outChannels * 4,
    geometry: [
      info.inHeight,
      info.inWidth,
      info.inChannels,
      info.outChannels / info.inChannels,
      info.filterHeight,
      info.filterWidth,
      info.dilationHeight,
      info.dilationWidth,
      info.strideHeight,
      info.strideWidth,
      info.padInfo.top,
      info.padInfo.left,
      info.outHeight,
      info.outWidth,
    ] as [
      height: number,
      width: number,
      channels: number,
      multiplier: number,
      filterHeight: number,
      filterWidth: number,
      dilationY: number,
      dilationX: number,
      strideY: number,
      strideX: number,
      top: number,
      left: number,
      outHeight: number,
      outWidth: number,
    ],
  };
}

import {
  backend_util,
  type Conv2DBackpropInputAttrs,
  type TensorInfo,
} from "@tensorflow/tfjs";
import type { KernelHost } from "./kernel_host.ts";
import type { TrainingKernel } from "./training_kernel.ts";

/** dL/dx of an NHWC convolution, for any stride and padding. */
export const conv2dBackpropInput: TrainingKernel = {
  name: "Conv2DBackpropInput",
  accepts: ({ attrs }) => attrs?.["dataFormat"] !== "NCHW",
  run(host, { inputs, attrs }) {
    const { dy, filter } = inputs as Record<"dy" | "filter", TensorInfo>;
    const { strides, pad, dimRoundingMode, inputShape } =
      attrs as unknown as Conv2DBackpropInputAttrs;
    const info = backend_util.computeConv2DInfo(
      inputShape,
      filter.shape as [number, number, number, number],
      strides,
      1,
      pad,
      dimRoundingMode,
    );
    const dx = host.output(inputShape);
    convolveBack(host, info, {
      dy: host.address(dy),
      filter: host.address(filter),
      dx: host.address(dx),
    });
    return dx;
  },
};

/**
 * The general path: the output gradient, spread by the stride in a frame of
 * zeros, convolved with the filter turned by half a circle.
 */
function convolveBack(
  { kernels, scratch }: KernelHost,
  info: backend_util.Conv2DInfo,
  at: { dy: number; filter: number; dx: number },
): void {
  const taps = info.filterHeight * info.filterWidth;
  const height = info.inHeight + info.filterHeight - 1;
  const width = info.inWidth + info.filterWidth - 1;
  const frameBytes = height * width * info.outChannels * 4 + 16;
  const [frame, panels, offsets, tile] = scratch(
    frameBytes,
    Math.ceil(info.inChannels / 8) * taps * info.outChannels * 32,
    taps * 4,
    128,
  ) as [number, number, number, number];
  kernels.packFilterFlipped(
    at.filter,
    taps,
    info.inChannels,
    info.outChannels,
    panels,
  );
  kernels.clear(frame, frameBytes);
  for (let i = 0; i < info.batchSize; i++) {
    kernels.frameImage(
      at.dy + i * info.outHeight * info.outWidth * info.outChannels * 4,
      info.outHeight,
      info.outWidth,
      info.outChannels,
      frame,
      height,
      width,
      info.filterHeight - 1 - info.padInfo.top,
      info.filterWidth - 1 - info.padInfo.left,
      info.strideHeight,
      info.strideWidth,
    );
    kernels.convolveFrame(
      frame,
      width,
      info.outChannels,
      panels,
      info.filterHeight,
      info.filterWidth,
      1,
      1,
      1,
      1,
      at.dx + i * info.inHeight * info.inWidth * info.inChannels * 4,
      info.inHeight,
      info.inWidth,
      info.inChannels,
      offsets,
      tile,
    );
  }
}

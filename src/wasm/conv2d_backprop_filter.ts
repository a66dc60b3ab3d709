import {
  backend_util,
  type Conv2DBackpropFilterAttrs,
  type TensorInfo,
} from "@tensorflow/tfjs";
import { frameOf } from "./conv2d.ts";
import type { KernelHost } from "./kernel_host.ts";
import type { TrainingKernel } from "./training_kernel.ts";

/** dL/dW of an NHWC convolution: the kernel the official backend lacks. */
export const conv2dBackpropFilter: TrainingKernel = {
  name: "Conv2DBackpropFilter",
  accepts: ({ attrs }) => attrs?.["dataFormat"] !== "NCHW",
  run(host, { inputs, attrs }) {
    const { x, dy } = inputs as Record<"x" | "dy", TensorInfo>;
    const { strides, pad, dimRoundingMode, filterShape } =
      attrs as unknown as Conv2DBackpropFilterAttrs;
    const info = backend_util.computeConv2DInfo(
      x.shape as [number, number, number, number],
      filterShape,
      strides,
      1,
      pad,
      dimRoundingMode,
    );
    const dw = host.output(filterShape);
    host.clear(dw);
    sumWindows(host, info, {
      x: host.address(x),
      dy: host.address(dy),
      dw: host.address(dw),
    });
    return dw;
  },
};

/** The general path: image by image, windows packed by 128 pixels. */
function sumWindows(
  { kernels, scratch }: KernelHost,
  info: backend_util.Conv2DInfo,
  at: { x: number; dy: number; dw: number },
): void {
  const taps = info.filterHeight * info.filterWidth;
  const frame = frameOf(info);
  const [frameAt, offsets, panels] = scratch(
    frame.bytes,
    taps * 4,
    kernels.filterGradientScratch(taps * info.inChannels, info.outChannels) * 4,
  ) as [number, number, number];
  kernels.clear(frameAt, frame.bytes);
  for (let i = 0; i < info.batchSize; i++) {
    kernels.frameImage(
      at.x + i * info.inHeight * info.inWidth * info.inChannels * 4,
      info.inHeight,
      info.inWidth,
      info.inChannels,
      frameAt,
      frame.height,
      frame.width,
      info.padInfo.top,
      info.padInfo.left,
      1,
      1,
    );
    kernels.addFilterGradient(
      frameAt,
      frame.width,
      info.inChannels,
      info.filterHeight,
      info.filterWidth,
      info.dilationHeight,
      info.dilationWidth,
      info.strideHeight,
      info.strideWidth,
      at.dy + i * info.outHeight * info.outWidth * info.outChannels * 4,
      info.outHeight,
      info.outWidth,
      info.outChannels,
      at.dw,
      offsets,
      panels,
    );
  }
}

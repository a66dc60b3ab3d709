import {
  backend_util,
  type Conv2DBackpropFilterAttrs,
  type TensorInfo,
} from "@tensorflow/tfjs";
import {
  type Convolution,
  frameInput,
  frameOf,
  outputBytes,
} from "./convolution.ts";
import type { KernelHost } from "./kernel_host.ts";
import type { TrainingKernel } from "./training_kernel.ts";
import { fitsWinograd, winogradFilterGradient } from "./winograd.ts";

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
    const gradient = fitsWinograd(info)
      ? winogradFilterGradient
      : directFilterGradient;
    gradient(host, info, {
      x: host.address(x),
      dy: host.address(dy),
      dw: host.address(dw),
    });
    return dw;
  },
};

/** The general path: image by image, windows packed by 128 pixels. */
export function directFilterGradient(
  host: KernelHost,
  c: Convolution,
  at: { x: number; dy: number; dw: number; winners?: number },
): void {
  const { kernels } = host;
  const taps = c.filterHeight * c.filterWidth;
  const entries = taps * c.inChannels;
  const frame = frameOf(c);
  const [frameAt, offsets, panels, unpooled] = host.scratch(
    frame.bytes,
    taps * 4,
    kernels.filterGradientScratch(entries, c.outChannels) * 4,
    at.winners === undefined ? 0 : outputBytes(c),
  ) as [number, number, number, number];
  kernels.clear(at.dw, entries * c.outChannels * 4);
  kernels.clear(frameAt, frame.bytes);
  for (let i = 0; i < c.batchSize; i++) {
    frameInput(host, c, at.x, i, frameAt, frame);
    if (at.winners !== undefined) {
      kernels.unpoolFrame(
        at.dy + i * outputBytes(c) / 4,
        at.winners + i * outputBytes(c) / 16,
        c.outHeight / 2,
        c.outWidth / 2,
        c.outChannels,
        unpooled,
        c.outChannels * 4,
        c.outWidth * c.outChannels * 4,
        16,
      );
    }
    kernels.addFilterGradient(
      frameAt,
      frame.width,
      c.inChannels,
      c.filterHeight,
      c.filterWidth,
      c.dilationHeight,
      c.dilationWidth,
      c.strideHeight,
      c.strideWidth,
      at.winners === undefined ? at.dy + i * outputBytes(c) : unpooled,
      c.outHeight,
      c.outWidth,
      c.outChannels,
      at.dw,
      offsets,
      panels,
    );
  }
}

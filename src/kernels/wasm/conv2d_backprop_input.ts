import {
  backend_util,
  type Conv2DBackpropInputAttrs,
  type TensorInfo,
} from "@tensorflow/tfjs";
import {
  type Convolution,
  imageBytes,
  outputBytes,
  panelWidth,
} from "./convolution.ts";
import type { KernelHost } from "./kernel_host.ts";
import type { TrainingKernel } from "./training_kernel.ts";
import { fitsWinograd, winogradBack } from "./winograd.ts";

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
    const back = fitsWinograd(info) ? winogradBack : directBack;
    back(host, info, {
      source: host.address(dy),
      filter: host.address(filter),
      out: host.address(dx),
    });
    return dx;
  },
};

/**
 * The general path: the output gradient, spread by the stride in a frame of
 * zeros, convolved with the filter turned by half a circle.
 */
export function directBack(
  { kernels, scratch }: KernelHost,
  c: Convolution,
  at: { source: number; filter: number; out: number; winners?: number },
): void {
  const taps = c.filterHeight * c.filterWidth;
  const height = c.inHeight + c.filterHeight - 1;
  const width = c.inWidth + c.filterWidth - 1;
  const top = c.filterHeight - 1 - c.padInfo.top;
  const left = c.filterWidth - 1 - c.padInfo.left;
  const frameBytes = height * width * c.outChannels * 4 + 16;
  const columns = panelWidth(c.inChannels, c.inWidth);
  const [frame, panels, offsets, tile] = scratch(
    frameBytes,
    Math.ceil(c.inChannels / columns) * columns * taps * c.outChannels * 4,
    taps * 4,
    256,
  ) as [number, number, number, number];
  kernels.packFilterFlipped(
    at.filter,
    taps,
    c.inChannels,
    c.outChannels,
    panels,
    columns,
  );
  kernels.clear(frame, frameBytes);
  for (let i = 0; i < c.batchSize; i++) {
    if (at.winners === undefined) {
      kernels.frameImage(
        at.source + i * outputBytes(c),
        c.outHeight,
        c.outWidth,
        c.outChannels,
        frame,
        height,
        width,
        top,
        left,
        c.strideHeight,
        c.strideWidth,
      );
    } else {
      kernels.unpoolFrame(
        at.source + i * outputBytes(c) / 4,
        at.winners + i * outputBytes(c) / 16,
        c.outHeight / 2,
        c.outWidth / 2,
        c.outChannels,
        frame + (top * width + left) * c.outChannels * 4,
        c.outChannels * 4,
        width * c.outChannels * 4,
        16,
      );
    }
    kernels.convolveFrame(
      frame,
      width,
      c.outChannels,
      panels,
      columns,
      c.filterHeight,
      c.filterWidth,
      1,
      1,
      1,
      1,
      at.out + i * imageBytes(c),
      c.inHeight,
      c.inWidth,
      c.inChannels,
      offsets,
      tile,
    );
  }
}

import {
  backend_util,
  type Conv2DAttrs,
  type FusedConv2DAttrs,
  type TensorInfo,
} from "@tensorflow/tfjs";
import { activationOf, addBias } from "./add_bias.ts";
import {
  type Convolution,
  frameInput,
  frameOf,
  outputBytes,
  panelWidth,
} from "./convolution.ts";
import type { KernelHost } from "./kernel_host.ts";
import type { KernelCall, TrainingKernel } from "./training_kernel.ts";
import { fitsWinogradForward, winogradForward } from "./winograd.ts";

/** Convolution of NHWC images with HWIO filters. */
export const conv2d: TrainingKernel = {
  name: "Conv2D",
  accepts: (call) => attrsOf(call).dataFormat !== "NCHW",
  run: convolve,
};

/** Convolution, bias and clamp at zero (or at zero and six) in one kernel. */
export const fusedConv2d: TrainingKernel = {
  name: "FusedConv2D",
  accepts: (call) =>
    attrsOf(call).dataFormat !== "NCHW" &&
    activationOf(call) !== undefined,
  run(host, call) {
    const y = convolve(host, call);
    addBias(host, y, call);
    return y;
  },
};

function attrsOf(call: KernelCall): Conv2DAttrs & FusedConv2DAttrs {
  return call.attrs as unknown as Conv2DAttrs & FusedConv2DAttrs;
}

function convolve(host: KernelHost, call: KernelCall): TensorInfo {
  const { x, filter } = call.inputs as Record<"x" | "filter", TensorInfo>;
  const { strides, dilations, pad, dimRoundingMode } = attrsOf(call);
  const info = backend_util.computeConv2DInfo(
    x.shape as [number, number, number, number],
    filter.shape as [number, number, number, number],
    strides,
    dilations,
    pad,
    dimRoundingMode,
  );
  const y = host.output(info.outShape);
  const forward = fitsWinogradForward(info) ? winogradForward : directForward;
  forward(host, info, {
    source: host.address(x),
    filter: host.address(filter),
    out: host.address(y),
  });
  return y;
}

/** The general path: each image in a frame of zeros, window read in place. */
function directForward(
  host: KernelHost,
  c: Convolution,
  at: { source: number; filter: number; out: number },
): void {
  const { kernels } = host;
  const taps = c.filterHeight * c.filterWidth;
  const frame = frameOf(c);
  const columns = panelWidth(c.outChannels, c.outWidth);
  const [frameAt, panels, offsets, tile] = host.scratch(
    frame.bytes,
    Math.ceil(c.outChannels / columns) * columns * taps * c.inChannels * 4,
    taps * 4,
    256,
  ) as [number, number, number, number];
  kernels.packFilter(
    at.filter,
    taps,
    c.inChannels,
    c.outChannels,
    panels,
    columns,
  );
  kernels.clear(frameAt, frame.bytes);
  for (let i = 0; i < c.batchSize; i++) {
    frameInput(host, c, at.source, i, frameAt, frame);
    kernels.convolveFrame(
      frameAt,
      frame.width,
      c.inChannels,
      panels,
      columns,
      c.filterHeight,
      c.filterWidth,
      c.dilationHeight,
      c.dilationWidth,
      c.strideHeight,
      c.strideWidth,
      at.out + i * outputBytes(c),
      c.outHeight,
      c.outWidth,
      c.outChannels,
      offsets,
      tile,
    );
  }
}

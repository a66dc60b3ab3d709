import {
  backend_util,
  type Conv2DAttrs,
  type FusedConv2DAttrs,
  type TensorInfo,
} from "@tensorflow/tfjs";
import { activationOf, addBias } from "./add_bias.ts";
import type { KernelHost } from "./kernel_host.ts";
import type { KernelCall, TrainingKernel } from "./training_kernel.ts";

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
  convolveDirect(host, info, {
    x: host.address(x),
    filter: host.address(filter),
    y: host.address(y),
  });
  return y;
}

/** The general path: each image in a frame of zeros, window read in place. */
function convolveDirect(
  { kernels, scratch }: KernelHost,
  info: backend_util.Conv2DInfo,
  at: { x: number; filter: number; y: number },
): void {
  const taps = info.filterHeight * info.filterWidth;
  const entries = taps * info.inChannels;
  const frame = frameOf(info);
  const [frameAt, panels, offsets, tile] = scratch(
    frame.bytes,
    Math.ceil(info.outChannels / 8) * entries * 32,
    taps * 4,
    128,
  ) as [number, number, number, number];
  kernels.packFilter(
    at.filter,
    taps,
    info.inChannels,
    info.outChannels,
    panels,
  );
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
    kernels.convolveFrame(
      frameAt,
      frame.width,
      info.inChannels,
      panels,
      info.filterHeight,
      info.filterWidth,
      info.dilationHeight,
      info.dilationWidth,
      info.strideHeight,
      info.strideWidth,
      at.y + i * info.outHeight * info.outWidth * info.outChannels * 4,
      info.outHeight,
      info.outWidth,
      info.outChannels,
      offsets,
      tile,
    );
  }
}

/** A framed image, just as large as the windows reach. */
export interface Frame {
  /** Rows of pixels. */
  readonly height: number;
  /** Pixels in a row. */
  readonly width: number;
  /** Size, with a margin for loads of four that overrun the end. */
  readonly bytes: number;
}

/** The frame of an input image of a convolution. */
export function frameOf(info: backend_util.Conv2DInfo): Frame {
  const height = Math.max(0, info.outHeight - 1) * info.strideHeight +
    info.effectiveFilterHeight;
  const width = Math.max(0, info.outWidth - 1) * info.strideWidth +
    info.effectiveFilterWidth;
  return { height, width, bytes: height * width * info.inChannels * 4 + 16 };
}

import { backend_util, type TensorInfo } from "@tensorflow/tfjs";
import { directBack } from "./conv2d_backprop_input.ts";
import { directFilterGradient } from "./conv2d_backprop_filter.ts";
import {
  type Convolution,
  frameInput,
  frameOf,
  outputBytes,
} from "./convolution.ts";
import type { KernelHost } from "./kernel_host.ts";
import type { TrainingKernel } from "./training_kernel.ts";
import {
  fitsWinograd,
  fitsWinogradForward,
  winogradBack,
  winogradFilterGradient,
  winogradForward,
} from "./winograd.ts";

type Shape4D = [number, number, number, number];

/**
 * Convolution of stride 1 with "same" padding, bias, relu and 2x2 max pooling,
 * image by image, so that nothing of full size is ever written out. Gives the
 * pooled images and, one byte each, which pixel won: what the gradients need.
 */
export const convReluPool: TrainingKernel = {
  name: "DupbenchConvReluPool",
  run(host, { inputs }) {
    const { x, filter, bias } = inputs as Record<
      "x" | "filter" | "bias",
      TensorInfo
    >;
    const c = sameConvolution(x.shape, filter.shape);
    const shape = [
      c.batchSize,
      c.outHeight / 2,
      c.outWidth / 2,
      c.outChannels,
    ];
    const pooled = host.output(shape);
    const winners = host.output(shape, "bool");
    const forward = fitsWinogradForward(c) ? winogradForward : directForward;
    forward(host, c, {
      source: host.address(x),
      filter: host.address(filter),
      bias: host.address(bias),
      out: host.address(pooled),
      outWinners: host.address(winners),
    });
    return [pooled, winners];
  },
};

/** Its gradient for the images. */
export const convReluPoolInputGrad: TrainingKernel = {
  name: "DupbenchConvReluPoolInputGrad",
  run(host, { inputs, attrs }) {
    const { dy, filter, winners } = inputs as Record<
      "dy" | "filter" | "winners",
      TensorInfo
    >;
    const shape = attrs?.["inputShape"] as number[];
    const c = sameConvolution(shape, filter.shape);
    const dx = host.output(shape);
    const back = fitsWinograd(c) ? winogradBack : directBack;
    back(host, c, {
      source: host.address(dy),
      winners: host.address(winners),
      filter: host.address(filter),
      out: host.address(dx),
    });
    return dx;
  },
};

/** Its gradient for the filters. */
export const convReluPoolFilterGrad: TrainingKernel = {
  name: "DupbenchConvReluPoolFilterGrad",
  run(host, { inputs, attrs }) {
    const { x, dy, winners } = inputs as Record<
      "x" | "dy" | "winners",
      TensorInfo
    >;
    const shape = attrs?.["filterShape"] as number[];
    const c = sameConvolution(x.shape, shape);
    const dw = host.output(shape);
    const gradient = fitsWinograd(c)
      ? winogradFilterGradient
      : directFilterGradient;
    gradient(host, c, {
      x: host.address(x),
      dy: host.address(dy),
      winners: host.address(winners),
      dw: host.address(dw),
    });
    return dw;
  },
};

/** Its gradient for the bias. */
export const convReluPoolBiasGrad: TrainingKernel = {
  name: "DupbenchConvReluPoolBiasGrad",
  run(host, { inputs }) {
    const { dy, winners } = inputs as Record<"dy" | "winners", TensorInfo>;
    const columns = dy.shape.at(-1)!;
    const rows = dy.shape.slice(0, -1).reduce((product, n) => product * n, 1);
    const db = host.output([columns]);
    host.kernels.sumWinners(
      host.address(dy),
      host.address(winners),
      rows,
      columns,
      host.address(db),
    );
    return db;
  },
};

function sameConvolution(
  xShape: readonly number[],
  filterShape: readonly number[],
): Convolution {
  return backend_util.computeConv2DInfo(
    xShape as Shape4D,
    filterShape as Shape4D,
    1,
    1,
    "same",
  );
}

/** The general path: two rows of outputs at a time, pooled while in cache. */
function directForward(
  host: KernelHost,
  c: Convolution,
  at: {
    source: number;
    filter: number;
    bias: number;
    out: number;
    outWinners: number;
  },
): void {
  const { kernels } = host;
  const taps = c.filterHeight * c.filterWidth;
  const frame = frameOf(c);
  const pooledSize = outputBytes(c) / 16;
  const [frameAt, panels, rows, offsets, tile] = host.scratch(
    frame.bytes,
    Math.ceil(c.outChannels / 8) * taps * c.inChannels * 32,
    2 * c.outWidth * c.outChannels * 4,
    taps * 4,
    256,
  ) as [number, number, number, number, number];
  kernels.packFilter(at.filter, taps, c.inChannels, c.outChannels, panels, 8);
  kernels.clear(frameAt, frame.bytes);
  for (let i = 0; i < c.batchSize; i++) {
    frameInput(host, c, at.source, i, frameAt, frame);
    kernels.convolveReluPool(
      frameAt,
      frame.width,
      c.inChannels,
      panels,
      c.filterHeight,
      c.filterWidth,
      at.bias,
      at.out + i * pooledSize * 4,
      at.outWinners + i * pooledSize,
      c.outHeight,
      c.outWidth,
      c.outChannels,
      rows,
      offsets,
      tile,
    );
  }
}

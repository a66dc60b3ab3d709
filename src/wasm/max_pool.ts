import {
  backend_util,
  type MaxPoolAttrs,
  type TensorInfo,
} from "@tensorflow/tfjs";
import type { KernelHost } from "./kernel_host.ts";
import type { TrainingKernel } from "./training_kernel.ts";

/** Max pooling; a NaN in a window is its maximum, as in PyTorch. */
export const maxPool: TrainingKernel = {
  name: "MaxPool",
  run(host, { inputs, attrs }) {
    const { x } = inputs as Record<"x", TensorInfo>;
    const info = poolInfo(x, attrs as unknown as MaxPoolAttrs);
    const y = host.output(info.outShape);
    eachImage(
      host,
      info,
      { x, y },
      (at, geometry) =>
        host.kernels.maxPool(
          at.x,
          ...geometry,
          at.y,
          info.outHeight,
          info.outWidth,
        ),
    );
    return y;
  },
};

/**
 * Gradient of max pooling. The official kernel starts its search at zero and
 * so loses the gradient of any window whose maximum is not positive. A tie
 * goes to the first maximum in reading order, as on the cpu backend.
 */
export const maxPoolGrad: TrainingKernel = {
  name: "MaxPoolGrad",
  run(host, { inputs, attrs }) {
    const { dy, input } = inputs as Record<"dy" | "input", TensorInfo>;
    const info = poolInfo(input, attrs as unknown as MaxPoolAttrs);
    const dx = host.output(input.shape);
    host.clear(dx);
    const dxAt = host.address(dx);
    eachImage(
      host,
      info,
      { x: input, y: dy },
      (at, geometry) =>
        host.kernels.maxPoolGrad(
          at.y,
          at.x,
          ...geometry,
          dxAt + at.offset,
          info.outHeight,
          info.outWidth,
        ),
    );
    return dx;
  },
};

type Geometry = [
  height: number,
  width: number,
  channels: number,
  windowHeight: number,
  windowWidth: number,
  dilationY: number,
  dilationX: number,
  strideY: number,
  strideX: number,
  top: number,
  left: number,
];

function poolInfo(x: TensorInfo, attrs: MaxPoolAttrs) {
  return backend_util.computePool2DInfo(
    x.shape as [number, number, number, number],
    attrs.filterSize,
    attrs.strides,
    1,
    attrs.pad,
    attrs.dimRoundingMode,
  );
}

/** Calls a kernel once for every image, with its addresses. */
function eachImage(
  host: KernelHost,
  info: backend_util.Conv2DInfo,
  { x, y }: { x: TensorInfo; y: TensorInfo },
  run: (
    at: { x: number; y: number; offset: number },
    geometry: Geometry,
  ) => void,
): void {
  const xBytes = info.inHeight * info.inWidth * info.inChannels * 4;
  const yBytes = info.outHeight * info.outWidth * info.inChannels * 4;
  const xAt = host.address(x);
  const yAt = host.address(y);
  const geometry: Geometry = [
    info.inHeight,
    info.inWidth,
    info.inChannels,
    info.filterHeight,
    info.filterWidth,
    info.dilationHeight,
    info.dilationWidth,
    info.strideHeight,
    info.strideWidth,
    info.padInfo.top,
    info.padInfo.left,
  ];
  for (let i = 0; i < info.batchSize; i++) {
    const offset = i * xBytes;
    run({ x: xAt + offset, y: yAt + i * yBytes, offset }, geometry);
  }
}

import {
  type AvgPoolGradAttrs,
  backend_util,
  type MaxPoolAttrs,
  type TensorInfo,
} from "@tensorflow/tfjs";
import type { KernelHost } from "./kernel_host.ts";

/** The numbers of a pooling that its kernels take in this order. */
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

/** Plans a pooling from what TensorFlow.js passes. */
export function poolInfo(
  x: TensorInfo,
  attrs: MaxPoolAttrs | AvgPoolGradAttrs,
): backend_util.Conv2DInfo {
  return backend_util.computePool2DInfo(
    x.shape as [number, number, number, number],
    attrs.filterSize,
    attrs.strides,
    1,
    attrs.pad,
    "dimRoundingMode" in attrs ? attrs.dimRoundingMode : undefined,
  );
}

/** Calls a kernel once for every image, with its addresses. */
export function eachImage(
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

import type { Convolution } from "./convolution.ts";
import type { KernelHost } from "./kernel_host.ts";

/** Addresses of a convolution; `winners` and `bias` are 0 where there are none. */
interface Addresses {
  /** Input: images, or gradients of outputs. */
  readonly source: number;
  /** Filters [3, 3, inChannels, outChannels]. */
  readonly filter: number;
  /** Output. */
  readonly out: number;
  /** Winners of pooling of the source, if it is a pooled gradient. */
  readonly winners?: number;
  /** Where winners of pooling the output go: then it is pooled. */
  readonly outWinners?: number;
  /** Added before relu and pooling. */
  readonly bias?: number;
}

/** Whether a convolution can go through Winograd's algorithm. */
export function fitsWinograd(c: Convolution): boolean {
  return c.filterHeight === 3 && c.filterWidth === 3 &&
    c.strideHeight === 1 && c.strideWidth === 1 &&
    c.dilationHeight === 1 && c.dilationWidth === 1 &&
    c.inChannels >= 3 &&
    c.outChannels >= 8 && c.outChannels % 8 === 0 &&
    c.outHeight >= 4 && c.outWidth >= 4;
}

/**
 * Whether forward is faster so. F(2x2) saves less than the gradients' F(4x4),
 * and with few channels to sum its transforms cost more than that (measured:
 * 3 channels slower, 16 faster).
 */
export function fitsWinogradForward(c: Convolution): boolean {
  return fitsWinograd(c) && c.inChannels >= 8;
}

/** Outputs along the side of a tile. */
type Side = 2 | 4;

/** Bytes of a frame for tiles of side by side outputs, `border` pixels more. */
const frameBytes = (
  side: Side,
  { height, width, channels }: Size,
  border: number,
) => {
  const padded = (n: number) => side * Math.ceil(n / side) + border;
  return padded(height) * padded(width) * (Math.ceil(channels / 4) * 4) * 4;
};

/**
 * Forward, by F(2x2, 3x3): outputs of equal windows are equal to the bit, so
 * that pooling finds the ties of flat areas (see `assembly/winograd.ts`).
 */
export function winogradForward(
  host: KernelHost,
  c: Convolution,
  at: Addresses,
): void {
  const { inHeight: height, inWidth: width, outHeight, outWidth } = c;
  convolve(host, c, at, {
    side: 2,
    flipped: false,
    from: { height, width, channels: c.inChannels },
    to: { height: outHeight, width: outWidth, channels: c.outChannels },
    top: c.padInfo.top,
    left: c.padInfo.left,
  });
}

/** Input gradient, by F(4x4, 3x3) with the filter turned. */
export function winogradBack(
  host: KernelHost,
  c: Convolution,
  at: Addresses,
): void {
  const { inHeight: height, inWidth: width, outHeight, outWidth } = c;
  convolve(host, c, at, {
    side: 4,
    flipped: true,
    from: { height: outHeight, width: outWidth, channels: c.outChannels },
    to: { height, width, channels: c.inChannels },
    top: 2 - c.padInfo.top,
    left: 2 - c.padInfo.left,
  });
}

interface Size {
  readonly height: number;
  readonly width: number;
  readonly channels: number;
}

function convolve(
  { kernels, scratch }: KernelHost,
  c: Convolution,
  at: Addresses,
  { side, flipped, from, to, top, left }: {
    side: Side;
    flipped: boolean;
    from: Size;
    to: Size;
    top: number;
    left: number;
  },
): void {
  const squares = 36 * 4 * (Math.ceil(c.inChannels / 8) * 8) * c.outChannels;
  const bytes = frameBytes(side, { ...to, channels: from.channels }, 2);
  const [panels, frame, work] = scratch(
    squares,
    bytes,
    Math.max(
      squares + 128,
      kernels.winogradScratch(from.channels, to.channels),
    ),
  ) as [number, number, number];
  kernels.winogradFilter(
    side,
    at.filter,
    c.inChannels,
    c.outChannels,
    flipped,
    panels,
    work,
  );
  kernels.clear(frame, bytes);
  kernels.winogradConvolve(
    side,
    at.source,
    at.winners ?? 0,
    c.batchSize,
    from.height,
    from.width,
    from.channels,
    top,
    left,
    panels,
    at.out,
    at.outWinners ?? 0,
    to.height,
    to.width,
    to.channels,
    at.bias ?? 0,
    frame,
    work,
  );
}

/** Filter gradient, by the transpose of F(4x4, 3x3). */
export function winogradFilterGradient(
  { kernels, scratch }: KernelHost,
  c: Convolution,
  at: { x: number; dy: number; dw: number; winners?: number },
): void {
  const size = { height: c.outHeight, width: c.outWidth };
  const bytes = frameBytes(4, { ...size, channels: c.inChannels }, 2);
  const dyBytes = frameBytes(4, { ...size, channels: c.outChannels }, 0);
  const [sums, frame, dyFrame, work] = scratch(
    36 * 4 * (Math.ceil(c.inChannels / 4) * 4) * c.outChannels,
    bytes,
    dyBytes,
    kernels.winogradScratch(c.inChannels, c.outChannels),
  ) as [number, number, number, number];
  kernels.clear(frame, bytes);
  kernels.clear(dyFrame, dyBytes);
  kernels.winogradFilterGradient(
    at.x,
    c.batchSize,
    c.inHeight,
    c.inWidth,
    c.inChannels,
    c.padInfo.top,
    c.padInfo.left,
    at.dy,
    at.winners ?? 0,
    c.outHeight,
    c.outWidth,
    c.outChannels,
    at.dw,
    sums,
    frame,
    dyFrame,
    work,
  );
}

import type { KernelHost } from "./kernel_host.ts";

/**
 * The numbers of a convolution, as kernels need them. `backend_util`'s
 * `Conv2DInfo` has them and more.
 */
export interface Convolution {
  /** Images. */
  readonly batchSize: number;
  /** Rows of an input image. */
  readonly inHeight: number;
  /** Columns of an input image. */
  readonly inWidth: number;
  /** Channels of an input image. */
  readonly inChannels: number;
  /** Rows of an output image. */
  readonly outHeight: number;
  /** Columns of an output image. */
  readonly outWidth: number;
  /** Channels of an output image. */
  readonly outChannels: number;
  /** Rows of the filter. */
  readonly filterHeight: number;
  /** Columns of the filter. */
  readonly filterWidth: number;
  /** Rows between windows. */
  readonly strideHeight: number;
  /** Columns between windows. */
  readonly strideWidth: number;
  /** Rows between taps of a window. */
  readonly dilationHeight: number;
  /** Columns between taps of a window. */
  readonly dilationWidth: number;
  /** Zeros above and left of the image. */
  readonly padInfo: { readonly top: number; readonly left: number };
}

/** A framed image. */
export interface Frame {
  /** Rows of pixels. */
  readonly height: number;
  /** Pixels in a row. */
  readonly width: number;
  /** Size, with a margin for loads of four that overrun the end. */
  readonly bytes: number;
}

/** The frame of an input image: just as large as the windows reach. */
export function frameOf(c: Convolution): Frame {
  const height = Math.max(0, c.outHeight - 1) * c.strideHeight +
    (c.filterHeight - 1) * c.dilationHeight + 1;
  const width = Math.max(0, c.outWidth - 1) * c.strideWidth +
    (c.filterWidth - 1) * c.dilationWidth + 1;
  return { height, width, bytes: height * width * c.inChannels * 4 + 16 };
}

/** Bytes of one input image. */
export function imageBytes(c: Convolution): number {
  return c.inHeight * c.inWidth * c.inChannels * 4;
}

/** Bytes of one output image. */
export function outputBytes(c: Convolution): number {
  return c.outHeight * c.outWidth * c.outChannels * 4;
}

/** Copies the i-th image of a batch at `x` into a frame. */
export function frameInput(
  { kernels }: KernelHost,
  c: Convolution,
  x: number,
  i: number,
  frameAt: number,
  frame: Frame,
): void {
  kernels.frameImage(
    x + i * imageBytes(c),
    c.inHeight,
    c.inWidth,
    c.inChannels,
    frameAt,
    frame.height,
    frame.width,
    c.padInfo.top,
    c.padInfo.left,
    1,
    1,
  );
}

/** Columns of a packed filter: few outputs a row take tall tiles. */
export function panelWidth(columns: number, outWidth: number): 4 | 8 {
  return columns <= 4 && outWidth % 8 === 0 ? 4 : 8;
}

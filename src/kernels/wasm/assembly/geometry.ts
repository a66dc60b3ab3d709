// The one description of a window that slides over images. The host writes it
// once per call into the module's memory and passes its address; the generator
// gives TypeScript the same fields with their offsets.

/**
 * A convolution or pooling of NHWC images: sizes of the images, of the window
 * and of its steps.
 */
// @ts-ignore: decorator
@unmanaged
export class Geometry {
  /** Images in the batch. */
  batchSize: i32;
  /** Rows of an input image. */
  inHeight: i32;
  /** Columns of an input image. */
  inWidth: i32;
  /** Channels of an input image. */
  inChannels: i32;
  /** Rows of an output image. */
  outHeight: i32;
  /** Columns of an output image. */
  outWidth: i32;
  /** Channels of an output image. */
  outChannels: i32;
  /** Rows of the filter or pooling window. */
  filterHeight: i32;
  /** Columns of the filter or pooling window. */
  filterWidth: i32;
  /** Rows from one window to the next. */
  strideHeight: i32;
  /** Columns from one window to the next. */
  strideWidth: i32;
  /** Rows from one filter tap to the next. */
  dilationHeight: i32;
  /** Columns from one filter tap to the next. */
  dilationWidth: i32;
  /** Rows of zeros above an image; negative if its first rows are left out. */
  padTop: i32;
  /** Columns of zeros left of an image; negative if its first ones are left out. */
  padLeft: i32;
  /**
   * Rows from one input row to the next once framed: 1, or in an input gradient
   * the stride of the forward pass, with zeros in between.
   */
  spreadHeight: i32;
  /** Columns from one input column to the next once framed. */
  spreadWidth: i32;
}

/** Bytes of one input image. */
// @ts-ignore: decorator
@inline
export function inBytes(g: Geometry): usize {
  return <usize>(g.inHeight * g.inWidth * g.inChannels) << 2;
}

/** Bytes of one output image. */
// @ts-ignore: decorator
@inline
export function outBytes(g: Geometry): usize {
  return <usize>(g.outHeight * g.outWidth * g.outChannels) << 2;
}

/** The next multiple of 16: blocks of scratch begin at one. */
// @ts-ignore: decorator
@inline
export function aligned(bytes: usize): usize {
  return (bytes + 15) & ~15;
}

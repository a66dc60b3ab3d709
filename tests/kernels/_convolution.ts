/** The numbers of a convolution of NHWC images. */
export interface Convolution {
  /** Images. */
  batch: number;
  /** Input height. */
  height: number;
  /** Input width. */
  width: number;
  /** Input channels. */
  channels: number;
  /** Filter height. */
  filterHeight: number;
  /** Filter width. */
  filterWidth: number;
  /** Output channels. */
  outChannels: number;
  /** Steps between windows. */
  stride: [y: number, x: number];
  /** Steps within a window. */
  dilation: [y: number, x: number];
  /** Zeros around the image. */
  pad: [top: number, bottom: number, left: number, right: number];
}

/** Output height and width. */
export function outputSize(c: Convolution): [height: number, width: number] {
  const size = (n: number, k: number, s: number, d: number) =>
    Math.floor((n - (k - 1) * d - 1) / s) + 1;
  const [top, bottom, left, right] = c.pad;
  return [
    size(c.height + top + bottom, c.filterHeight, c.stride[0], c.dilation[0]),
    size(c.width + left + right, c.filterWidth, c.stride[1], c.dilation[1]),
  ];
}

/**
 * Visits every product of a convolution, as flat indices of the pixel, the
 * weight and the output it adds to. Forward, input gradient and filter
 * gradient are three sums over the same products.
 */
export function eachProduct(
  c: Convolution,
  visit: (x: number, w: number, y: number) => void,
): void {
  const [outHeight, outWidth] = outputSize(c);
  for (let b = 0; b < c.batch; b++) {
    for (let oy = 0; oy < outHeight; oy++) {
      for (let ox = 0; ox < outWidth; ox++) {
        const y0 = ((b * outHeight + oy) * outWidth + ox) * c.outChannels;
        for (let ky = 0; ky < c.filterHeight; ky++) {
          const iy = oy * c.stride[0] - c.pad[0] + ky * c.dilation[0];
          if (iy < 0 || iy >= c.height) continue;
          for (let kx = 0; kx < c.filterWidth; kx++) {
            const ix = ox * c.stride[1] - c.pad[2] + kx * c.dilation[1];
            if (ix < 0 || ix >= c.width) continue;
            const x0 = ((b * c.height + iy) * c.width + ix) * c.channels;
            const w0 = (ky * c.filterWidth + kx) * c.channels;
            for (let i = 0; i < c.channels; i++) {
              for (let o = 0; o < c.outChannels; o++) {
                visit(x0 + i, (w0 + i) * c.outChannels + o, y0 + o);
              }
            }
          }
        }
      }
    }
  }
}

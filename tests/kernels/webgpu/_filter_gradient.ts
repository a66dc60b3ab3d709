import * as tf from "@tensorflow/tfjs";
import { sizeOf } from "./_values.ts";

/** A convolution, channels last. */
export interface Convolution {
  /** Input, `[batch, height, width, channels]`. */
  x: [number, number, number, number];
  /** Filter, `[height, width, in, out]`. */
  filter: [number, number, number, number];
  stride: number | [number, number];
  pad: "same" | "valid" | number | [
    [number, number],
    [number, number],
    [number, number],
    [number, number],
  ];
  dilation?: number | [number, number];
}

/** Sizes that TF.js derives from a convolution. */
export function inform({ x, filter, stride, pad, dilation = 1 }: Convolution) {
  return tf.backend_util.computeConv2DInfo(x, filter, stride, dilation, pad);
}

/**
 * The filter gradient from its definition, dL/dW[r, c, i, o] = sum over images
 * and outputs of x[b, s·y + d·r - p, ..., i] · dy[b, y, ..., o], in float64.
 */
export function filterGradient(
  convolution: Convolution,
  x: Float32Array,
  dy: Float32Array,
): Float64Array {
  const at = inform(convolution);
  const [height, width, inputs, outputs] = convolution.filter;
  const dw = new Float64Array(sizeOf(convolution.filter));
  for (let b = 0; b < at.batchSize; b++) {
    for (let y = 0; y < at.outHeight; y++) {
      for (let z = 0; z < at.outWidth; z++) {
        const from = ((b * at.outHeight + y) * at.outWidth + z) * outputs;
        for (let r = 0; r < height; r++) {
          const row = y * at.strideHeight + r * at.dilationHeight -
            at.padInfo.top;
          if (row < 0 || row >= at.inHeight) continue;
          for (let c = 0; c < width; c++) {
            const column = z * at.strideWidth + c * at.dilationWidth -
              at.padInfo.left;
            if (column < 0 || column >= at.inWidth) continue;
            const pixel = ((b * at.inHeight + row) * at.inWidth + column) *
              inputs;
            for (let i = 0; i < inputs; i++) {
              const to = ((r * width + c) * inputs + i) * outputs;
              for (let o = 0; o < outputs; o++) {
                dw[to + o]! += x[pixel + i]! * dy[from + o]!;
              }
            }
          }
        }
      }
    }
  }
  return dw;
}

/** The same by the kernel of the current backend. */
export async function kernelFilterGradient(
  { x: shape, filter, stride, pad, dilation = 1 }: Convolution,
  x: Float32Array,
  dy: Float32Array,
  outShape: number[],
): Promise<Float32Array> {
  const dw = tf.tidy(() =>
    tf.engine().runKernel(tf.Conv2DBackpropFilter, {
      x: tf.tensor(x, shape),
      dy: tf.tensor(dy, outShape),
    }, {
      strides: stride,
      pad,
      dataFormat: "NHWC",
      filterShape: filter,
      dilations: dilation,
    }) as tf.Tensor
  );
  const values = await dw.data() as Float32Array;
  dw.dispose();
  return values;
}

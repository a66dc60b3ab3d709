/** Widths of the layers of a published model. */
export interface Widths {
  /** Output channels of the convolutions. */
  filters: readonly [number, number];
  /** Units of the hidden layer. */
  hidden: number;
}

/**
 * Mean cross-entropy of a published model on images of 32x32x3, in float64 and
 * by plain loops: the oracle for its gradients.
 *
 * @param weights In the order and layout of the layers.
 * @param images Pixels in `[0, 1]`, shape `[b, 32, 32, 3]`.
 * @param labels Class of each image.
 */
export function referenceLoss(
  { filters: [c1, c2], hidden }: Widths,
  weights: readonly Float64Array[],
  images: Float64Array,
  labels: readonly number[],
): number {
  const [k1, b1, k2, b2, w3, b3, w4, b4] = weights as [
    Float64Array,
    Float64Array,
    Float64Array,
    Float64Array,
    Float64Array,
    Float64Array,
    Float64Array,
    Float64Array,
  ];
  let total = 0;
  labels.forEach((label, i) => {
    const pixels = images.subarray(i * 3072, (i + 1) * 3072).map((p) =>
      2 * p - 1
    );
    const first = block(pixels, 32, 3, k1, b1, c1);
    const second = block(first, 16, c1, k2, b2, c2);
    const activations = dense(second, w3, b3, hidden).map((v) =>
      Math.max(v, 0)
    );
    const logits = dense(activations, w4, b4, 10);
    const most = Math.max(...logits);
    const sum = logits.reduce((s, v) => s + Math.exp(v - most), 0);
    total += Math.log(sum) + most - logits[label]!;
  });
  return total / labels.length;
}

function dense(
  x: Float64Array,
  w: Float64Array,
  b: Float64Array,
  units: number,
): Float64Array {
  const y = b.slice();
  for (let i = 0; i < x.length; i++) {
    for (let j = 0; j < units; j++) y[j]! += x[i]! * w[i * units + j]!;
  }
  return y;
}

/** Convolution 3x3 with zeros around, bias, relu, 2x2 pooling, of one image. */
function block(
  x: Float64Array,
  side: number,
  channels: number,
  filter: Float64Array,
  bias: Float64Array,
  out: number,
): Float64Array {
  const half = side / 2;
  // Relu comes first, so no maximum is below zero.
  const pooled = new Float64Array(half * half * out);
  const sums = new Float64Array(out);
  for (let y = 0; y < side; y++) {
    for (let z = 0; z < side; z++) {
      sums.set(bias);
      for (let ky = 0; ky < 3; ky++) {
        for (let kx = 0; kx < 3; kx++) {
          const iy = y + ky - 1;
          const ix = z + kx - 1;
          if (iy < 0 || iy >= side || ix < 0 || ix >= side) continue;
          for (let c = 0; c < channels; c++) {
            const value = x[(iy * side + ix) * channels + c]!;
            const at = ((ky * 3 + kx) * channels + c) * out;
            for (let o = 0; o < out; o++) sums[o]! += value * filter[at + o]!;
          }
        }
      }
      const at = ((y >> 1) * half + (z >> 1)) * out;
      for (let o = 0; o < out; o++) {
        pooled[at + o] = Math.max(pooled[at + o]!, sums[o]!);
      }
    }
  }
  return pooled;
}

import type { ModelInput } from "../../src/spec/infer_network.ts";

/** Widths of the layers of the published models, from the paper's notebooks. */
export const publishedWidths = {
  "published-standard": { filters: [16, 32], hidden: 128 },
  "published-adversarial": { filters: [32, 64], hidden: 256 },
} as const;

/**
 * The models again, in float64 and plain loops: the oracle of values and, by
 * central differences, of gradients. Shares no code with what it checks.
 */
export function referenceLogits(
  { filters: [c1, c2], hidden }:
    typeof publishedWidths[keyof typeof publishedWidths],
  { shape: [height, width, channels], classes }: ModelInput,
  weights: readonly Float64Array[],
  image: Float64Array,
): Float64Array {
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
  let x: Float64Array = image.map((v) => (v - 0.5) / 0.5);
  x = pool(conv(x, k1, b1, height, width, channels, c1), height, width, c1);
  const h2 = height >> 1;
  const w2 = width >> 1;
  x = pool(conv(x, k2, b2, h2, w2, c1, c2), h2, w2, c2);
  x = dense(x, w3, b3, hidden).map((v) => Math.max(v, 0));
  return dense(x, w4, b4, classes);
}

/** Softmax cross-entropy of one image, in nats. */
export function referenceLoss(logits: Float64Array, label: number): number {
  const top = Math.max(...logits);
  const sum = logits.reduce((a, v) => a + Math.exp(v - top), 0);
  return Math.log(sum) + top - logits[label]!;
}

/** Convolution 3x3 with a border of zeros, then ReLU; layouts NHWC and HWIO. */
function conv(
  x: Float64Array,
  kernel: Float64Array,
  bias: Float64Array,
  height: number,
  width: number,
  inputs: number,
  outputs: number,
): Float64Array {
  const y = new Float64Array(height * width * outputs);
  for (let row = 0; row < height; row++) {
    for (let col = 0; col < width; col++) {
      for (let out = 0; out < outputs; out++) {
        let sum = bias[out]!;
        for (let i = 0; i < 3; i++) {
          for (let j = 0; j < 3; j++) {
            const r = row + i - 1;
            const c = col + j - 1;
            if (r < 0 || c < 0 || r >= height || c >= width) continue;
            for (let channel = 0; channel < inputs; channel++) {
              sum += x[(r * width + c) * inputs + channel]! *
                kernel[((i * 3 + j) * inputs + channel) * outputs + out]!;
            }
          }
        }
        y[(row * width + col) * outputs + out] = Math.max(sum, 0);
      }
    }
  }
  return y;
}

function pool(
  x: Float64Array,
  height: number,
  width: number,
  channels: number,
): Float64Array {
  const h = height >> 1;
  const w = width >> 1;
  const y = new Float64Array(h * w * channels).fill(-Infinity);
  for (let row = 0; row < h * 2; row++) {
    for (let col = 0; col < w * 2; col++) {
      for (let channel = 0; channel < channels; channel++) {
        const to = ((row >> 1) * w + (col >> 1)) * channels + channel;
        const from = (row * width + col) * channels + channel;
        y[to] = Math.max(y[to]!, x[from]!);
      }
    }
  }
  return y;
}

function dense(
  x: Float64Array,
  weight: Float64Array,
  bias: Float64Array,
  outputs: number,
): Float64Array {
  return Float64Array.from(
    { length: outputs },
    (_, out) =>
      x.reduce((sum, v, i) => sum + v * weight[i * outputs + out]!, bias[out]!),
  );
}

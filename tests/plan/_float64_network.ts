import type { InferredLayer, Parameter } from "../../src/spec/infer_network.ts";

/** A batch of images `[h, w, c]` or of vectors, in float64. */
interface Batch {
  readonly rows: Float64Array[];
  readonly shape: readonly number[];
}

/** What a network is computed with. */
export interface Float64Run {
  /** The values of a parameter. */
  valuesOf(parameter: Parameter): ArrayLike<number>;
  /** Factors of each dropout layer that is still to come, `[b, ...]`. */
  readonly dropout: ArrayLike<number>[];
}

/**
 * The mean cross-entropy of a training step in float64, by plain loops: the
 * oracle for gradients of any network, by finite differences.
 */
export function lossOf(
  layers: readonly InferredLayer[],
  images: Batch,
  labels: ArrayLike<number>,
  run: Float64Run,
): number {
  const { rows } = runLayers(layers, images, run);
  const losses = rows.map((scores, row) => {
    const most = Math.max(...scores);
    const total = scores.reduce((sum, z) => sum + Math.exp(z - most), 0);
    return scores.reduce(
      (sum, z, k) =>
        sum - labels[row * scores.length + k]! * (z - most - Math.log(total)),
      0,
    );
  });
  return losses.reduce((a, b) => a + b, 0) / losses.length;
}

function runLayers(
  layers: readonly InferredLayer[],
  batch: Batch,
  run: Float64Run,
): Batch {
  return layers.reduce((x, layer) => runLayer(layer, x, run), batch);
}

function runLayer(
  { layer, output, parameters, ...inner }: InferredLayer,
  x: Batch,
  run: Float64Run,
): Batch {
  const each = (f: (row: Float64Array, index: number) => Float64Array) => ({
    rows: x.rows.map(f),
    shape: output,
  });
  const [first, second] = parameters.map(run.valuesOf);
  const size = output.reduce((a, b) => a * b, 1);
  switch (layer.type) {
    case "relu":
      return each((row) => row.map((v) => Math.max(v, 0)));
    case "scale":
      return each((row) => row.map((v) => v * layer.factor + layer.offset));
    case "flatten":
      return each((row) => row);
    case "dropout": {
      const factors = run.dropout.shift()!;
      return each((row, i) => row.map((v, at) => v * factors[i * size + at]!));
    }
    case "dense":
      return each((row) =>
        Float64Array.from({ length: size }, (_, out) =>
          row.reduce(
            (sum, v, i) => sum + v * first![i * size + out]!,
            second?.[out] ?? 0,
          ))
      );
    case "conv": {
      const { kernel, stride, padding, filters } = layer;
      const channels = x.shape[2]!;
      return each((row) =>
        overWindows(x.shape, output, { kernel, stride, padding: padding! }, (
          taps,
          out,
        ) =>
          taps.reduce((sum, { at, tap }) => {
            for (let c = 0; c < channels; c++) {
              const weight = first![(tap * channels + c) * filters + out]!;
              sum += row[at + c]! * weight;
            }
            return sum;
          }, second?.[out] ?? 0))
      );
    }
    case "maxPool":
    case "avgPool": {
      const window = { kernel: layer.size, stride: layer.stride!, padding: 0 };
      return each((row) =>
        overWindows(x.shape, output, window, (taps, out) => {
          const values = taps.map(({ at }) => row[at + out]!);
          return layer.type === "maxPool"
            ? Math.max(...values)
            : values.reduce((a, b) => a + b) / values.length;
        })
      );
    }
    case "globalAvgPool":
      return each((row) => {
        const means = new Float64Array(size);
        row.forEach((v, i) => means[i % size]! += v / (row.length / size));
        return means;
      });
    case "batchNorm": {
      const find = (kind: Parameter["kind"]) => {
        const parameter = parameters.find((p) => p.kind === kind);
        return parameter && run.valuesOf(parameter);
      };
      const [scale, shift] = [find("scale"), find("shift")];
      const channels = output.at(-1)!;
      const count = x.rows.length * size / channels;
      const mean = new Float64Array(channels);
      const variance = new Float64Array(channels);
      for (const row of x.rows) {
        row.forEach((v, i) => mean[i % channels]! += v / count);
      }
      for (const row of x.rows) {
        row.forEach((v, i) =>
          variance[i % channels]! += (v - mean[i % channels]!) ** 2 / count
        );
      }
      return each((row) =>
        row.map((v, i) => {
          const c = i % channels;
          const deviation = Math.sqrt(variance[c]! + layer.epsilon);
          return (v - mean[c]!) / deviation * (scale?.[c] ?? 1) +
            (shift?.[c] ?? 0);
        })
      );
    }
    case "subsample": {
      const [, width, channels] = x.shape as [number, number, number];
      const [rows, columns, filters] = output as [number, number, number];
      return each((row) => {
        const y = new Float64Array(size);
        for (let i = 0; i < rows * columns; i++) {
          const [down, right] = [Math.floor(i / columns), i % columns];
          const at = (down * width + right) * layer.stride * channels;
          y.set(row.subarray(at, at + channels), i * filters);
        }
        return y;
      });
    }
    case "residual": {
      const branch = runLayers(inner.layers!, x, run);
      const other = runLayers(inner.shortcut!, x, run);
      return each((_, i) =>
        branch.rows[i]!.map((v, at) => v + other.rows[i]![at]!)
      );
    }
  }
}

/** One output per window and channel, of the pixels inside the image. */
function overWindows(
  [height, width, channels]: readonly number[],
  [rows, columns, filters]: readonly number[],
  { kernel, stride, padding }: {
    kernel: number;
    stride: number;
    padding: number;
  },
  compute: (taps: { at: number; tap: number }[], out: number) => number,
): Float64Array {
  const y = new Float64Array(rows! * columns! * filters!);
  for (let i = 0; i < rows! * columns!; i++) {
    const taps: { at: number; tap: number }[] = [];
    for (let tap = 0; tap < kernel * kernel; tap++) {
      const down = Math.floor(i / columns!) * stride - padding +
        Math.floor(tap / kernel);
      const right = (i % columns!) * stride - padding + tap % kernel;
      if (down < 0 || right < 0 || down >= height! || right >= width!) continue;
      taps.push({ at: (down * width! + right) * channels!, tap });
    }
    for (let out = 0; out < filters!; out++) {
      y[i * filters! + out] = compute(taps, out);
    }
  }
  return y;
}

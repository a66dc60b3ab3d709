import type { TensorInfo } from "@tensorflow/tfjs";
import type { KernelCall } from "../common/kernel.ts";
import {
  countForMoments,
  unbiasedFactor,
  valuesPerChannel,
} from "../common/moments.ts";
import { elementwise } from "./elementwise.ts";
import type { KernelHost, WebgpuKernel } from "./kernel_host.ts";
import { reduceRows } from "./row_reduction.ts";

type Normalised = KernelCall<"DupbenchNormalise">["inputs"];

/**
 * Mean and biased variance of each channel. The variance is summed about the mean
 * of each run of rows, which the second pass corrects for the rounding of the
 * first, and runs are joined by the formula of Chan, Golub and LeVeque (1983,
 * "Algorithms for computing the sample variance", eq. 2.1), so that a mean that
 * is large next to the deviation costs few digits.
 */
export const moments: WebgpuKernel<"DupbenchMoments"> = {
  name: "DupbenchMoments",
  run(host, { inputs: { x } }) {
    const rows = countForMoments(x);
    const columns = x.shape.at(-1)!;
    if (rows * columns === 0) {
      return [host.zeros([columns]), host.zeros([columns])];
    }
    const outputs = {
      mean: host.output([columns]),
      variance: host.output([columns]),
    };
    reduceRows(host, {
      key: "moments",
      rows,
      columns,
      inputs: { x },
      outputs,
      code: `
fn partOf(column : i32, first : i32, last : i32) -> Pair {
  var sum = Value();
  for (var row = first; row < last; row++) {
    sum += x[row * uniforms.columns + column];
  }
  let count = f32(last - first);
  let mean = sum / count;
  var spread = Value();
  var drift = Value();
  for (var row = first; row < last; row++) {
    let centred = x[row * uniforms.columns + column] - mean;
    spread += centred * centred;
    drift += centred;
  }
  return Pair(mean + drift / count, spread - drift * drift / count);
}`,
      finish: `
fn join(a : Pair, countA : i32, b : Pair, countB : i32) -> Pair {
  let share = f32(countB) / f32(countA + countB);
  let step = b.first - a.first;
  return Pair(a.first + step * share,
              a.second + b.second + step * step * (share * f32(countA)));
}
fn finish(column : i32, all : Pair) {
  mean[column] = all.first;
  variance[column] = all.second / f32(uniforms.rows);
}`,
    });
    return [outputs.mean, outputs.variance];
  },
};

/** Running mean and variance after a batch; the variance is unbiased. */
export const runningMoments: WebgpuKernel<"DupbenchRunningMoments"> = {
  name: "DupbenchRunningMoments",
  run(host, { inputs, attrs: { momentum, count } }) {
    const { shape } = inputs.mean;
    const [nextMean, nextVariance] = [host.output(shape), host.output(shape)];
    const share = count === 0 ? 0 : momentum;
    elementwise(host, {
      key: "runningMoments",
      inputs: { ...inputs },
      outputs: { nextMean, nextVariance },
      floats: {
        kept: 1 - share,
        share,
        unbiased: share * (count === 0 ? 1 : unbiasedFactor(count)),
      },
      code: `
fn element(i : i32) {
  nextMean[i] = runningMean[i] * uniforms.kept + mean[i] * uniforms.share;
  nextVariance[i] = runningVariance[i] * uniforms.kept
      + variance[i] * uniforms.unbiased;
}`,
    });
    return [nextMean, nextVariance];
  },
};

/** Normalisation of each channel, scale, shift and relu in one pass. */
export const normalise: WebgpuKernel<"DupbenchNormalise"> = {
  name: "DupbenchNormalise",
  run(host, { inputs, attrs: { epsilon, relu } }) {
    const y = host.output(inputs.x.shape);
    perElement(host, {
      name: "normalise",
      inputs,
      output: { y },
      epsilon,
      relu,
      body: relu
        ? `y[i] = select(max(value, Value()), value, isNan(value));`
        : `y[i] = value;`,
    });
    return y;
  },
};

/** Its gradients for scale and shift. */
export const normaliseSums: WebgpuKernel<"DupbenchNormaliseSums"> = {
  name: "DupbenchNormaliseSums",
  run(host, { inputs, attrs: { epsilon, relu } }) {
    const { x, dy, mean, variance, scale, shift } = inputs;
    const columns = x.shape.at(-1)!;
    const rows = valuesPerChannel(x);
    if (rows * columns === 0) {
      return [host.zeros([columns]), host.zeros([columns])];
    }
    const outputs = {
      dscale: host.output([columns]),
      dshift: host.output([columns]),
    };
    reduceRows(host, {
      key: `normaliseSums_${relu}_${Boolean(scale)}_${Boolean(shift)}`,
      rows,
      columns,
      // An array that the code does not read must not be bound.
      inputs: {
        x,
        dy,
        mean,
        ...(relu && { variance }),
        ...(relu && scale && { scale }),
        ...(relu && shift && { shift }),
      },
      outputs,
      floats: { epsilon },
      code: `
${liveCode}
fn partOf(column : i32, first : i32, last : i32) -> Pair {
  let average = mean[column];
  ${relu ? factorsOf({ scale, shift }) : ""}
  var pair = Pair(Value(), Value());
  for (var row = first; row < last; row++) {
    let at = row * uniforms.columns + column;
    let centred = x[at] - average;
    let share = ${relu ? "live(dy[at], centred * factor + offset)" : "dy[at]"};
    pair.first += share * centred;
    pair.second += share;
  }
  return pair;
}`,
      finishInputs: { variance },
      finish: `
fn join(a : Pair, countA : i32, b : Pair, countB : i32) -> Pair {
  return Pair(a.first + b.first, a.second + b.second);
}
fn finish(column : i32, all : Pair) {
  dscale[column] = all.first / sqrt(variance[column] + uniforms.epsilon);
  dshift[column] = all.second;
}`,
    });
    return [outputs.dscale, outputs.dshift];
  },
};

/**
 * Its gradient for the images in training mode. What is equal for a channel is
 * computed first: one program may read and write at most 8 arrays.
 */
export const normaliseInputGrad: WebgpuKernel<"DupbenchNormaliseInputGrad"> = {
  name: "DupbenchNormaliseInputGrad",
  run(host, { inputs, attrs: { epsilon, relu } }) {
    const { x, dy, mean, variance, scale, shift, dscale, dshift } = inputs;
    const columns = x.shape.at(-1)!;
    const vector = columns % 4 === 0;
    const dx = host.output(x.shape);
    const rows = valuesPerChannel(x);
    if (rows * columns === 0) return dx;
    const [factors, slopes, shares] = [0, 1, 2].map(() =>
      host.output([columns])
    ) as [TensorInfo, TensorInfo, TensorInfo];
    elementwise(host, {
      key: `normaliseChannels_${Boolean(scale)}`,
      inputs: { variance, dscale, dshift, ...(scale && { scale }) },
      outputs: { factors, slopes, shares },
      floats: { epsilon, rows },
      code: `
fn element(column : i32) {
  ${factorsOf({ scale, shift: undefined })}
  factors[column] = factor;
  slopes[column] = dscale[column] / (deviation * uniforms.rows);
  shares[column] = dshift[column] / uniforms.rows;
}`,
    });
    const offset = shift ? "shift[column]" : "Value()";
    elementwise(host, {
      key: `normaliseInputGrad_${relu}_${Boolean(shift)}_${vector}`,
      scalar: !vector,
      inputs: {
        x,
        dy,
        mean,
        factors,
        slopes,
        shares,
        ...(relu && shift && { shift }),
      },
      outputs: { dx },
      integers: { columns: [vector ? columns / 4 : columns] },
      code: `
${liveCode}
fn element(i : i32) {
  let column = i % uniforms.columns;
  let factor = factors[column];
  let centred = x[i] - mean[column];
  let share = ${relu ? `live(dy[i], centred * factor + ${offset})` : "dy[i]"};
  dx[i] = (share - shares[column] - centred * slopes[column]) * factor;
}`,
    });
    [factors, slopes, shares].forEach(host.dispose);
    return dx;
  },
};

/** Its gradient for the images in evaluation mode. */
export const normaliseAffineGrad: WebgpuKernel<"DupbenchNormaliseAffineGrad"> =
  {
    name: "DupbenchNormaliseAffineGrad",
    run(host, { inputs, attrs: { epsilon, relu } }) {
      const dx = host.output(inputs.x.shape);
      const { dy, ...rest } = inputs;
      perElement(host, {
        name: "normaliseAffineGrad",
        inputs: rest,
        more: { dy },
        output: { dx },
        epsilon,
        relu,
        body: `dx[i] = ${relu ? "live(dy[i], value)" : "dy[i]"} * factor;`,
      });
      return dx;
    },
  };

/** A gradient where relu lets it pass; NaN where the value is NaN. */
const liveCode = `
fn live(gradient : Value, value : Value) -> Value {
  let passed = select(Value(), gradient, value > Value());
  return select(passed, value, isNan(value));
}`;

/** What a channel is multiplied by, and what is added, in WGSL. */
function factorsOf(
  { scale, shift }: Pick<Normalised, "scale" | "shift">,
): string {
  return `let deviation = sqrt(variance[column] + uniforms.epsilon);
  let factor = ${scale ? "scale[column]" : "Value(1.0)"} / deviation;
  let offset = ${shift ? "shift[column]" : "Value()"};`;
}

/**
 * Computes an output of the size of x from `i`, `column`, `centred` (x less its
 * mean), `factor`, `deviation` and `value` (what normalisation gives).
 */
function perElement(
  host: KernelHost,
  { name, inputs, more = {}, output, epsilon, relu, body }: {
    name: string;
    inputs: Normalised;
    more?: Record<string, TensorInfo>;
    output: Record<string, TensorInfo>;
    epsilon: number;
    relu: boolean;
    body: string;
  },
): void {
  const { x, mean, variance, scale, shift } = inputs;
  const columns = x.shape.at(-1)!;
  const vector = columns % 4 === 0;
  // An array that the code does not read must not be bound.
  const usesValue = /\bvalue\b/.test(body);
  const usesX = usesValue || /\bcentred\b/.test(body);
  elementwise(host, {
    key: [name, relu, Boolean(scale), Boolean(shift), vector].join("_"),
    scalar: !vector,
    inputs: {
      ...more,
      variance,
      ...(usesX && { x, mean }),
      ...(scale && { scale }),
      ...(usesValue && shift && { shift }),
    },
    outputs: output,
    integers: { columns: [vector ? columns / 4 : columns] },
    floats: { epsilon, rows: valuesPerChannel(x) },
    code: `
${liveCode}
fn element(i : i32) {
  let column = i % uniforms.columns;
  ${factorsOf({ scale, shift: usesValue ? shift : undefined })}
  ${usesX ? "let centred = x[i] - mean[column];" : ""}
  ${usesValue ? "let value = centred * factor + offset;" : ""}
  ${body}
}`,
  });
}

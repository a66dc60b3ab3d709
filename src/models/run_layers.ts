import * as tf from "@tensorflow/tfjs";
import { convReluPool } from "../kernels/ops/conv_relu_pool.ts";
import type { InferredLayer, Parameter } from "../spec/infer_network.ts";

/** What layers are run with. */
export interface LayerRun {
  /** The variable of a parameter. */
  variableOf(parameter: Parameter): tf.Variable;
  /**
   * Present in a training step. `dropout`: the factors of the layers that are
   * still to come; each takes the first.
   */
  readonly training: { readonly dropout: tf.Tensor[] } | undefined;
}

/**
 * Runs layers on TensorFlow.js's tape: the reference of every other way to run
 * a network.
 *
 * @param x Shape `[b, ...input]` of the first layer.
 * @returns Shape `[b, ...output]` of the last; belongs to the tidy around it.
 */
export function runLayers(
  layers: readonly InferredLayer[],
  x: tf.Tensor,
  run: LayerRun,
): tf.Tensor {
  let value = x;
  for (let at = 0; at < layers.length;) {
    if (isConvReluPool(layers.slice(at, at + 3))) {
      const [filter, bias] = layers[at]!.parameters.map(run.variableOf);
      value = convReluPool(
        value as tf.Tensor4D,
        filter as tf.Tensor as tf.Tensor4D,
        bias as tf.Tensor as tf.Tensor1D,
      );
      at += 3;
    } else {
      const layer = layers[at]!;
      value = (runners[layer.layer.type] as Run)(layer, value, run);
      at++;
    }
  }
  return value;
}

/** Whether these layers are what `convReluPool` computes in one pass. */
export function isConvReluPool(
  [first, second, third]: readonly InferredLayer[],
): boolean {
  const conv = first?.layer;
  const pool = third?.layer;
  return conv?.type === "conv" && conv.bias && conv.stride === 1 &&
    2 * conv.padding! + 1 === conv.kernel && second?.layer.type === "relu" &&
    pool?.type === "maxPool" && pool.size === 2 && pool.stride === 2;
}

type Type = InferredLayer["layer"]["type"];

type Run<T extends Type = Type> = (
  layer: InferredLayer<T>,
  x: tf.Tensor,
  run: LayerRun,
) => tf.Tensor;

const runners: { readonly [T in Type]: Run<T> } = {
  conv({ layer, parameters }, x, { variableOf }) {
    const [filter, bias] = parameters.map(variableOf) as tf.Tensor[];
    const { stride, padding } = layer;
    const sums = tf.conv2d(
      x as tf.Tensor4D,
      filter as tf.Tensor4D,
      stride,
      padding!,
    );
    return bias === undefined ? sums : tf.add(sums, bias);
  },
  dense({ parameters }, x, { variableOf }) {
    const [weight, bias] = parameters.map(variableOf) as tf.Tensor[];
    const sums = tf.matMul(x as tf.Tensor2D, weight as tf.Tensor2D);
    return bias === undefined ? sums : tf.add(sums, bias);
  },
  batchNorm,
  relu: (_, x) => tf.relu(x),
  maxPool: ({ layer: { size, stride } }, x) =>
    tf.maxPool(x as tf.Tensor4D, size, stride!, "valid"),
  avgPool: ({ layer: { size, stride } }, x) =>
    tf.avgPool(x as tf.Tensor4D, size, stride!, "valid"),
  globalAvgPool: (_, x) => tf.mean(x, [1, 2]),
  dropout({ layer: { rate } }, x, { training }) {
    const factors = rate > 0 ? training?.dropout.shift() : undefined;
    return factors === undefined ? x : tf.mul(x, factors);
  },
  scale({ layer: { factor, offset } }, x) {
    const scaled = tf.mul(x, factor);
    return offset === 0 ? scaled : tf.add(scaled, offset);
  },
  flatten: (_, x) => tf.reshape(x, [x.shape[0]!, -1]),
  residual({ layers, shortcut }, x, run) {
    const sums = runLayers(layers!, x, run);
    return tf.add(sums, runLayers(shortcut!, x, run));
  },
  subsample({ layer: { stride, channels }, input }, x) {
    // Pooling of single pixels: `tf.stridedSlice` has no gradient.
    const kept = tf.avgPool(x as tf.Tensor4D, 1, stride, "valid");
    const added = channels - input.at(-1)!;
    return tf.pad(kept, [[0, 0], [0, 0], [0, 0], [0, added]]);
  },
};

/**
 * Batch normalisation as PyTorch defines it (Ioffe and Szegedy 2015,
 * arXiv:1502.03167): a training step normalises by the mean and the biased
 * variance of the batch and moves the running statistics, the variance unbiased.
 */
function batchNorm(
  { layer: { momentum, epsilon }, parameters }: InferredLayer<"batchNorm">,
  x: tf.Tensor,
  { variableOf, training }: LayerRun,
): tf.Tensor {
  const find = (kind: Parameter["kind"]) => {
    const parameter = parameters.find((p) => p.kind === kind);
    return parameter && variableOf(parameter);
  };
  const [runningMean, runningVariance] = [find("mean")!, find("variance")!];
  let mean: tf.Tensor = runningMean;
  let variance: tf.Tensor = runningVariance;
  if (training !== undefined) {
    const axes = x.shape.slice(0, -1).map((_, axis) => axis);
    ({ mean, variance } = tf.moments(x, axes));
    const count = x.size / x.shape.at(-1)!;
    const unbiased = tf.mul(variance, count / Math.max(count - 1, 1));
    const move = (running: tf.Variable, found: tf.Tensor) =>
      running.assign(
        tf.add(tf.mul(running, 1 - momentum), tf.mul(found, momentum)),
      );
    move(runningMean, mean);
    move(runningVariance, unbiased);
  }
  const scale = find("scale");
  const shift = find("shift");
  let y: tf.Tensor = tf.div(
    tf.sub(x, mean),
    tf.sqrt(tf.add(variance, epsilon)),
  );
  if (scale !== undefined) y = tf.mul(y, scale);
  return shift === undefined ? y : tf.add(y, shift);
}

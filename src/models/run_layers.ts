import * as tf from "@tensorflow/tfjs";
import {
  batchNorm as normaliseBatch,
  moveMoments,
  normalise,
} from "../kernels/ops/batch_norm.ts";
import { conv2d } from "../kernels/ops/conv2d.ts";
import { convReluPool } from "../kernels/ops/conv_relu_pool.ts";
import { globalAvgPool } from "../kernels/ops/global_avg_pool.ts";
import { feedsMaxPool } from "../plan/feeds_max_pool.ts";
import { isConvReluPool } from "../plan/lower_conv.ts";
import { usedPadding } from "../plan/used_padding.ts";
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
  /** The layers after these, those around their block included. */
  readonly next?: readonly InferredLayer[] | undefined;
  /** Those of them that are in the same block. */
  readonly inBlock?: readonly InferredLayer[] | undefined;
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
    const layer = layers[at]!;
    if (isConvReluPool(layer, layers[at + 1], layers[at + 2])) {
      const [filter, bias] = layer.parameters.map(run.variableOf);
      value = convReluPool(
        value as tf.Tensor4D,
        filter as tf.Tensor as tf.Tensor4D,
        bias as tf.Tensor as tf.Tensor1D,
      );
      at += 3;
    } else {
      at++;
      const inBlock = layers.slice(at);
      value = (runners[layer.layer.type] as Run)(layer, value, {
        ...run,
        inBlock,
        next: [...inBlock, ...run.next ?? []],
      });
    }
  }
  return value;
}

type Type = InferredLayer["layer"]["type"];

type Run<T extends Type = Type> = (
  layer: InferredLayer<T>,
  x: tf.Tensor,
  run: LayerRun,
) => tf.Tensor;

const runners: { readonly [T in Type]: Run<T> } = {
  conv(layer, x, { variableOf, inBlock, next }) {
    const [filter, bias] = layer.parameters.map(variableOf) as tf.Tensor[];
    const sums = conv2d(x as tf.Tensor4D, filter as tf.Tensor4D, {
      strides: layer.layer.stride,
      pad: usedPadding(layer, inBlock ?? []),
      looseTies: !feedsMaxPool(next ?? []),
    });
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
  globalAvgPool: (_, x) => globalAvgPool(x as tf.Tensor4D),
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

/** Batch normalisation; a training step also moves the running statistics. */
function batchNorm(
  { layer: { momentum, epsilon }, parameters }: InferredLayer<"batchNorm">,
  x: tf.Tensor,
  { variableOf, training }: LayerRun,
): tf.Tensor {
  const find = (kind: Parameter["kind"]) => {
    const parameter = parameters.find((p) => p.kind === kind);
    return parameter && variableOf(parameter) as tf.Variable<tf.Rank.R1>;
  };
  const running = { mean: find("mean")!, variance: find("variance")! };
  const options = {
    epsilon,
    relu: false,
    scale: find("scale"),
    shift: find("shift"),
  };
  if (training === undefined) return normalise(x, running, options);
  const { y, ...batch } = normaliseBatch(x, options);
  const count = x.size / x.shape.at(-1)!;
  const moved = moveMoments(running, batch, { momentum, count });
  running.mean.assign(moved.mean);
  running.variance.assign(moved.variance);
  return y;
}

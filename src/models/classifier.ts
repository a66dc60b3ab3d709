import * as tf from "@tensorflow/tfjs";
import type { Tensor2D, Tensor4D, Variable } from "../kernels/ops/tensors.ts";
import { convReluPool } from "../kernels/ops/conv_relu_pool.ts";
import {
  type CompiledNetwork,
  compileNetwork,
} from "../plan/compile_network.ts";
import { inferNetwork } from "../spec/infer_network.ts";
import { defineNetwork } from "../spec/network.ts";
import type { ClassifierSpec } from "../spec/networks.ts";
import { listWeights, type ModelInput } from "./classifier_spec.ts";
import type { Classify } from "../plan/classify.ts";
import { drawInitialWeight } from "./initial_weights.ts";

/** A classifier and its weights, on the backend that was open when it was built. */
export interface Classifier {
  /** The numbers it was built from. */
  readonly spec: ClassifierSpec;
  /** Trainable weights, in the order and layout of `listWeights`. */
  readonly weights: readonly Variable[];
  /**
   * Class scores before the softmax.
   *
   * @param images Pixels in `[0, 1]`, shape `[b, h, w, c]`.
   * @param dropout Factors for the hidden layer, shape `[b, hidden]`: 0 where
   * a unit is dropped, `1 / (1 - rate)` elsewhere. Default: no dropout.
   * @returns Shape `[b, classes]`; the caller disposes it.
   */
  logits(images: Tensor4D, dropout?: Tensor2D): Tensor2D;
  /**
   * The same without dropout, for attacks and evaluation: by plans where the
   * network is compiled, otherwise `logits`.
   */
  readonly classify: Classify;
  /** The network as compiled for the backend; undefined: it is not. */
  readonly compiled: CompiledNetwork | undefined;
  /** What keeps it from being compiled, such as `the backend "cpu"`. */
  readonly notCompiled: string | undefined;
  /** Frees the weights and the plans. */
  dispose(): void;
}

/**
 * Builds a classifier with seeded initial weights. Its first layer maps pixels
 * from `[0, 1]` to `[-1, 1]` (mean .5, deviation .5, as published), so that
 * images, attacks and their bounds are in pixel units.
 *
 * @param spec The `spec` of one of `networks`, or other numbers.
 * @param options `input`: shape and classes of the data set; `seed`: of the run.
 * @throws {RangeError} If the images are smaller than 4x4.
 */
export function buildClassifier(
  spec: ClassifierSpec,
  { input, seed }: { input: ModelInput; seed: number },
): Classifier {
  const weights = listWeights(spec, input).map((weight) => {
    const values = drawInitialWeight(weight, seed);
    return tf.tidy(() => tf.variable(tf.tensor(values, [...weight.shape])));
  });
  const [k1, b1, k2, b2, w3, b3, w4, b4] = weights as tf.Tensor[];
  const variables = new Map(
    listWeights(spec, input).map(({ name }, i) => [name, weights[i]!]),
  );
  const compiled = compileNetwork({
    inferred: inferNetwork(networkOf(spec), input),
    variableOf: ({ name }) => variables.get(name)!,
  });
  const isCompiled = typeof compiled !== "string";
  const logits: Classifier["logits"] = (images, dropout) =>
    tf.tidy(() => {
      let x: tf.Tensor4D = tf.sub(tf.mul(images, 2), 1);
      x = convReluPool(x, k1 as tf.Tensor4D, b1 as tf.Tensor1D);
      x = convReluPool(x, k2 as tf.Tensor4D, b2 as tf.Tensor1D);
      const flat = tf.reshape(x, [x.shape[0], -1]);
      let hidden = tf.relu(tf.add(tf.matMul(flat, w3!), b3!));
      if (dropout !== undefined) hidden = tf.mul(hidden, dropout);
      return tf.add(tf.matMul(hidden, w4!), b4!);
    });
  return {
    spec,
    weights,
    logits,
    classify: isCompiled
      ? Object.assign(
        (images: Tensor4D) => compiled.logits(images),
        { ascend: compiled.ascend },
      )
      : (images) => logits(images),
    compiled: isCompiled ? compiled : undefined,
    notCompiled: isCompiled ? undefined : compiled,
    dispose() {
      if (isCompiled) compiled.dispose();
      tf.dispose(weights as tf.Variable[]);
    },
  };
}

function networkOf({ filters, hidden, dropout }: ClassifierSpec) {
  return defineNetwork(
    { type: "scale", factor: 2, offset: -1 },
    ...filters.flatMap((filters) => [
      { type: "conv", filters } as const,
      { type: "relu" } as const,
      { type: "maxPool" } as const,
    ]),
    { type: "flatten" },
    { type: "dense", units: hidden },
    { type: "relu" },
    { type: "dropout", rate: dropout },
    { type: "dense" },
  );
}

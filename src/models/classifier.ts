import * as tf from "@tensorflow/tfjs";
import type {
  Tensor,
  Tensor2D,
  Tensor4D,
  Variable,
} from "../kernels/ops/tensors.ts";
import {
  inferNetwork,
  type InferredNetwork,
  type ModelInput,
  type Parameter,
} from "../spec/infer_network.ts";
import type { Network } from "../spec/network.ts";
import { initialValues } from "./initial_weights.ts";
import { runLayers } from "./run_layers.ts";

/** A classifier and its parameters, on the backend that was open when it was built. */
export interface Classifier {
  /** Its layers, with shapes and parameters. */
  readonly network: InferredNetwork;
  /** All parameters, in the order and layout of `network.parameters`. */
  readonly parameters: readonly Variable[];
  /** Those that gradients change, in the same order. */
  readonly weights: readonly Variable[];
  /** The variable of a parameter of `network`. */
  variableOf(parameter: Parameter): Variable;
  /**
   * Class scores before the softmax.
   *
   * @param images Pixels in `[0, 1]`, shape `[b, h, w, c]`.
   * @param training Given in a training step; default: evaluation, in which
   * batch normalisation uses its running statistics.
   * @returns Shape `[b, classes]`; the caller disposes it.
   */
  logits(images: Tensor4D, training?: TrainingPass): Tensor2D;
  /** Frees the parameters. */
  dispose(): void;
}

/**
 * A forward pass of a training step: batch normalisation uses the statistics of
 * the batch and updates the running ones.
 */
export interface TrainingPass {
  /**
   * Factors of each dropout layer, shape `[b, ...]` of what comes into it: 0 where
   * a value is dropped, `1 / (1 - rate)` elsewhere. Default: no dropout.
   */
  readonly dropout?: readonly Tensor[] | undefined;
}

/**
 * Builds a classifier with seeded initial parameters; it runs operation by
 * operation on TensorFlow.js's tape, on any backend.
 *
 * @param network The `network` of one of `networks`, or another.
 * @param options `input`: shape and classes of the data set; `seed`: of the run.
 * @throws {RangeError} If the network does not fit the data set.
 */
export function buildClassifier(
  network: Network,
  { input, seed }: { input: ModelInput; seed: number },
): Classifier {
  const inferred = inferNetwork(network, input);
  const variables = new Map<Parameter, tf.Variable>();
  for (const parameter of inferred.parameters) {
    const values = initialValues(parameter, seed);
    variables.set(
      parameter,
      tf.tidy(() =>
        tf.variable(
          tf.tensor(values, [...parameter.shape]),
          parameter.isTrained,
        )
      ),
    );
  }
  const parameters = [...variables.values()];
  const variableOf = (parameter: Parameter) => variables.get(parameter)!;
  return {
    network: inferred,
    parameters,
    weights: parameters.filter(({ trainable }) => trainable),
    variableOf,
    logits: (images, training) =>
      tf.tidy(() =>
        runLayers(inferred.layers, images, {
          variableOf,
          training: training && { dropout: [...training.dropout ?? []] },
        }) as tf.Tensor2D
      ),
    dispose: () => tf.dispose(parameters),
  };
}

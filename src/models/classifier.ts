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
import type { Classify } from "../plan/classify.ts";
import {
  type CompiledNetwork,
  compileNetwork,
} from "../plan/compile_network.ts";
import { recordingBackend } from "../kernels/common/recorder.ts";
import type { Network } from "../spec/network.ts";
import { type InitialOptions, initialParameters } from "./initial_weights.ts";
import { makeVariable, scratchOf } from "./make_variable.ts";
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
  /**
   * Class scores in evaluation, for attacks too: by plans where the network is
   * compiled, otherwise `logits`. Differentiable for the images alone.
   */
  readonly classify: Classify;
  /** What keeps it from being compiled, such as `the backend "cpu"`. */
  readonly notCompiled?: string | undefined;
  /** Frees the parameters and the plans. */
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

const compiledNetworks = new WeakMap<Classifier, CompiledNetwork>();

/** The network of a classifier, as compiled; undefined: it is not. */
export function compiledOf(
  classifier: Classifier,
): CompiledNetwork | undefined {
  return compiledNetworks.get(classifier);
}

/**
 * Builds a classifier with seeded initial parameters. Its `logits` run operation
 * by operation on TensorFlow.js's tape, on any backend; where the backend in use
 * can record all of its layers, it is also compiled.
 *
 * @param network The `network` of one of `networks`, or another.
 * @param options `input`: shape and classes of the data set; `seed`: of the run;
 * `images`: training images, which networks that whiten need.
 * @throws {RangeError} If the network does not fit the data set, or needs training
 * images and there are none.
 */
export function buildClassifier(
  network: Network,
  { input, ...initial }: InitialOptions & { input: ModelInput },
): Classifier {
  const inferred = inferNetwork(network, input);
  const variables = new Map<Parameter, tf.Variable>();
  const device = recordingBackend();
  const allocate = device && scratchOf;
  for (
    const [parameter, values] of initialParameters(inferred, {
      ...initial,
      allocate,
    })
  ) variables.set(parameter, makeVariable(parameter, values, device));
  const parameters = [...variables.values()];
  const variableOf = (parameter: Parameter) => variables.get(parameter)!;
  const logits: Classifier["logits"] = (images, training) =>
    tf.tidy(() =>
      runLayers(inferred.layers, images, {
        variableOf,
        training: training && { dropout: [...training.dropout ?? []] },
      }) as tf.Tensor2D
    );
  const found = compileNetwork({ inferred, variableOf });
  const [compiled, notCompiled] = typeof found === "string"
    ? [undefined, found]
    : [found, undefined];
  const classifier: Classifier = {
    network: inferred,
    parameters,
    weights: parameters.filter(({ trainable }) => trainable),
    variableOf,
    logits,
    classify: compiled === undefined
      ? (images) => logits(images)
      : Object.assign(
        (images: Tensor4D) => compiled.logits(images),
        { ascend: compiled.ascend },
      ),
    notCompiled,
    dispose() {
      compiled?.dispose();
      tf.dispose(parameters);
    },
  };
  if (compiled !== undefined) compiledNetworks.set(classifier, compiled);
  return classifier;
}

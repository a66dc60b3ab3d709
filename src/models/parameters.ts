import * as tf from "@tensorflow/tfjs";
import type { Classifier } from "./classifier.ts";
import { type TorchTensor, toTorchLayout } from "./torch_layout.ts";

/**
 * The values of all parameters of a classifier, in their order: copies, which
 * later steps do not change. What is read from a device may be kept only once
 * `Backend.settle` has resolved.
 */
export function readParameters(
  { parameters }: Pick<Classifier, "parameters">,
): Promise<Float32Array[]> {
  return Promise.all(
    parameters.map(async (variable) =>
      (await variable.data() as Float32Array).slice()
    ),
  );
}

/** Gives all parameters of a classifier other values, in their order. */
export function writeParameters(
  { parameters }: Pick<Classifier, "parameters">,
  values: readonly Float32Array[],
): void {
  tf.tidy(() =>
    parameters.forEach((variable, i) =>
      variable.assign(tf.tensor(values[i]!, variable.shape))
    )
  );
}

/** Values of all parameters of a classifier, as PyTorch stores them. */
export function toTorchTensors(
  { network }: Pick<Classifier, "network">,
  values: readonly Float32Array[],
): TorchTensor[] {
  return network.parameters.map((parameter, i) =>
    toTorchLayout(parameter, values[i]!)
  );
}

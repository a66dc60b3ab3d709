import { openStream } from "../../src/core/stream.ts";
import { initialValues } from "../../src/models/initial_weights.ts";
import { inferNetwork, type Parameter } from "../../src/spec/infer_network.ts";
import type { Network } from "../../src/spec/network.ts";
import { type NetworkName, networks } from "../../src/spec/networks.ts";

/** Images of CIFAR-10's size. */
export const input = { shape: [32, 32, 3], classes: 10 } as const;

/** Constants of SGD in all libraries. */
export const sgd = { learningRate: 0.01, momentum: 0.9 } as const;

/** One training step: the same numbers for every library. */
export interface Problem {
  readonly model: NetworkName;
  /** Without dropout, which the libraries define in different ways. */
  readonly network: Network;
  /** Images in the batch. */
  readonly batch: number;
  /** Pixels in `[0, 1]`, as many as `[b, h, w, c]`. */
  readonly pixels: Float32Array<ArrayBuffer>;
  /** Class of each image. */
  readonly classes: Uint8Array;
  /** The classes one-hot, as many as `[b, k]`. */
  readonly labels: Float32Array<ArrayBuffer>;
  /** Weight and bias of the convolutions, then of the dense layers. */
  readonly parameters: readonly (Parameter & { values: Float32Array })[];
}

/** Makes a step on random images, from seeds alone. */
export function makeProblem(model: NetworkName, batch: number): Problem {
  const layers = networks[model].network.layers.filter(({ type }) =>
    type !== "dropout"
  );
  const network: Network = { layers };
  const stream = openStream(0, "split", "peers");
  const size = batch * input.shape.reduce((a, b) => a * b, 1);
  const pixels = Float32Array.from({ length: size }, () => stream.uniform());
  const classes = Uint8Array.from(
    { length: batch },
    () => stream.below(input.classes),
  );
  const labels = new Float32Array(batch * input.classes);
  classes.forEach((label, row) => labels[row * input.classes + label] = 1);
  const parameters = inferNetwork(network, input).parameters.map((
    parameter,
  ) => (
    { ...parameter, values: initialValues(parameter, 0) }
  ));
  return { model, network, batch, pixels, classes, labels, parameters };
}

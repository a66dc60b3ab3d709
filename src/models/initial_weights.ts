import { openStream } from "../core/stream.ts";
import type { InferredNetwork, Parameter } from "../spec/infer_network.ts";
import { type Images, whiteningFilters } from "./whitening.ts";

/** What initial values depend on. */
export interface InitialOptions {
  /** Seed of the run. */
  readonly seed: number;
  /**
   * Training images, of the shape that the network is inferred for: filters that
   * whiten need them.
   */
  readonly images?: Images | undefined;
}

/** Makes an array of zeros. */
export type Allocate = (size: number) => Float32Array;

const allocateNew: Allocate = (size) => new Float32Array(size);

/**
 * The initial values of the parameters of a network, one after the other.
 *
 * @param allocate Makes the arrays of what is drawn; default: new ones. One that
 * reuses memory is right where values are copied before the next are drawn.
 * @returns Parameters with their values, in the order of the network.
 * @throws {RangeError} If the network whitens images and none are given.
 */
export function* initialParameters(
  { parameters, input }: Pick<InferredNetwork, "parameters" | "input">,
  { seed, images, allocate }: InitialOptions & {
    allocate?: Allocate | undefined;
  },
): Generator<[Parameter, Float32Array]> {
  const whiten = (parameter: Parameter) => {
    if (images === undefined) {
      throw new RangeError(
        `${parameter.name} whitens training images, and there are none`,
      );
    }
    // A bias has the filters that come before it.
    const { shape, initial } = parameter.kind === "weight"
      ? parameter
      : parameters[parameters.indexOf(parameter) - 1]!;
    const { weight, bias } = whiteningFilters(images, {
      shape: input.shape,
      kernel: shape[0]!,
      filters: shape.at(-1)!,
      scaling: initial as WhiteningInitial,
    });
    return parameter.kind === "weight" ? weight : bias;
  };
  for (const parameter of parameters) {
    yield [
      parameter,
      parameter.initial?.name === "whitening"
        ? whiten(parameter)
        : initialValues(parameter, seed, allocate),
    ];
  }
}

type WhiteningInitial = Extract<Parameter["initial"], { name: "whitening" }>;

/**
 * The initial values of one parameter that does not depend on images. Weights and
 * biases are uniform in ±1/√fan_in, as PyTorch's layers have them by default
 * (`kaiming_uniform_(a=√5)`, which has that bound; He et al. 2015,
 * arXiv:1502.01852, sec. 2.2), each with a stream of its own, so that the width of
 * one layer does not affect the others; filters that begin as the identity are so
 * as far as there are channels. Scales and running variances of batch
 * normalisation are 1, shifts and means 0.
 *
 * @param seed Seed of the run.
 * @param allocate Makes the array of the values; default: a new one.
 * @returns Values in the layout of `parameter.shape`.
 */
export function initialValues(
  parameter: Parameter,
  seed: number,
  allocate: Allocate = allocateNew,
): Float32Array {
  const size = parameter.shape.reduce((a, b) => a * b, 1);
  switch (parameter.kind) {
    case "scale":
    case "variance":
      return allocate(size).fill(1);
    case "shift":
    case "mean":
      return allocate(size);
    default: {
      const bound = 1 / Math.sqrt(parameter.fanIn);
      const values = allocate(size);
      openStream(seed, "init", parameter.name).fillSymmetric(values, bound);
      const isIdentity = parameter.initial?.name === "identity" &&
        parameter.kind === "weight";
      return isIdentity ? withIdentity(values, parameter.shape) : values;
    }
  }
}

/** Filter k hands on channel k, as PyTorch's `dirac_` does. */
function withIdentity(
  values: Float32Array,
  shape: readonly number[],
): Float32Array {
  const [height, width, channels, filters] = shape as [
    number,
    number,
    number,
    number,
  ];
  const centre = (height >> 1) * width + (width >> 1);
  values.forEach((_, at) => {
    const filter = at % filters;
    if (filter >= channels) return;
    const channel = Math.floor(at / filters) % channels;
    const position = Math.floor(at / (filters * channels));
    values[at] = Number(position === centre && channel === filter);
  });
  return values;
}

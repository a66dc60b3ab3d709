import { drawEach, openStream } from "../core/stream.ts";
import type { Parameter } from "../spec/infer_network.ts";

/**
 * The initial values of one parameter, as PyTorch's layers have them by default.
 * Weights and biases are uniform in ±1/√fan_in (`kaiming_uniform_(a=√5)`, which
 * has that bound; He et al. 2015, arXiv:1502.01852, sec. 2.2), each with a stream
 * of its own, so that the width of one layer does not affect the others. Scales
 * and running variances of batch normalisation are 1, shifts and means 0.
 *
 * @param seed Seed of the run.
 * @returns Values in the layout of `parameter.shape`.
 */
export function initialValues(
  parameter: Parameter,
  seed: number,
): Float32Array {
  const size = parameter.shape.reduce((a, b) => a * b, 1);
  switch (parameter.kind) {
    case "scale":
    case "variance":
      return new Float32Array(size).fill(1);
    case "shift":
    case "mean":
      return new Float32Array(size);
    default: {
      const bound = 1 / Math.sqrt(parameter.fanIn);
      const stream = openStream(seed, "init", parameter.name);
      return drawEach(size, () => bound * (2 * stream.uniform() - 1));
    }
  }
}

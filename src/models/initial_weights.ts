import { openStream } from "../core/stream.ts";
import type { WeightSpec } from "./classifier_spec.ts";

/**
 * Draws the initial values of one weight as PyTorch's `Conv2d` and `Linear` do
 * by default: uniform in ±1/√fan_in, for weights and biases alike
 * (`kaiming_uniform_(a=√5)`, which has that bound; He et al. 2015,
 * arXiv:1502.01852, sec. 2.2). Each weight has a stream of its own, so that the
 * width of one layer does not affect the others.
 *
 * @param seed Seed of the run.
 * @returns Values in the layout of `weight.shape`.
 */
export function drawInitialWeight(
  weight: WeightSpec,
  seed: number,
): Float32Array {
  const bound = 1 / Math.sqrt(weight.fanIn);
  const stream = openStream(seed, "init", weight.name);
  const size = weight.shape.reduce((a, b) => a * b, 1);
  return Float32Array.from(
    { length: size },
    () => bound * (2 * stream.uniform() - 1),
  );
}

import * as tf from "@tensorflow/tfjs";
import { openStream } from "../../src/core/stream.ts";

/** A tensor of numbers uniform in `[-1, 1)`, the same for the same shape. */
export function draw(...shape: number[]): tf.Tensor {
  const stream = openStream(0, "init", "bench", ...shape);
  const size = shape.reduce((product, n) => product * n, 1);
  const values = Float32Array.from(
    { length: size },
    () => 2 * stream.uniform() - 1,
  );
  return tf.tensor(values, shape);
}

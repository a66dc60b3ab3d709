import * as tf from "@tensorflow/tfjs";
import { openStream, type Stream } from "../../src/core/stream.ts";
import { registerTrainingKernels } from "../../src/wasm/mod.ts";

/** Makes wasm with our kernels the backend in use. */
export async function useWasm(): Promise<void> {
  await registerTrainingKernels();
  await tf.setBackend("wasm");
  await tf.ready();
}

/** Numbers uniform in [-1, 1), the same for the same seed. */
export function drawValues(size: number, seed: number): Float32Array {
  const stream: Stream = openStream(seed, "init", "wasm-test");
  return Float32Array.from({ length: size }, () => 2 * stream.uniform() - 1);
}

/** A tensor of such numbers. */
export function drawTensor<R extends tf.Rank>(
  shape: tf.ShapeMap[R],
  seed: number,
): tf.Tensor<R> {
  const size = shape.reduce((product, n) => product * n, 1);
  return tf.tensor<R>(drawValues(size, seed), shape);
}

/** Euclidean norm of the difference over that of what is expected. */
export function relativeError(
  actual: ArrayLike<number>,
  expected: ArrayLike<number>,
): number {
  let difference = 0;
  let norm = 0;
  for (let i = 0; i < expected.length; i++) {
    difference += (actual[i]! - expected[i]!) ** 2;
    norm += expected[i]! ** 2;
  }
  if (actual.length !== expected.length) return Infinity;
  return norm === 0 ? Math.sqrt(difference) : Math.sqrt(difference / norm);
}

import * as tf from "@tensorflow/tfjs";
import { openBackend } from "../../src/backend/open_backend.ts";
import { openStream } from "../../src/core/stream.ts";
import { useTiles } from "../../src/kernels/webgpu/kernel_host.ts";
import {
  hardwareTiles,
  softwareTiles,
} from "../../src/kernels/webgpu/tile_plan.ts";
import { webgpuTest } from "../webgpu_available.ts";

/** Share of the rounds that WebGPU makes in the quick tests. */
const QUICK_SHARE = 0.2;

/**
 * A test of what kernels promise on every backend that has them: on wasm, and
 * on webgpu with both ways to tile a product, whatever the adapter. Tiles for
 * hardware are slow on an adapter in software, as are many `rounds`.
 *
 * @param run Given the rounds to make, where `rounds` says how many there are.
 */
export function kernelTest(
  name: string,
  run: (rounds: number) => void | Promise<void>,
  { rounds }: { rounds?: number } = {},
): void {
  Deno.test(`wasm: ${name}`, async () => {
    await openBackend("wasm");
    await run(rounds ?? 1);
  });
  const test = (
    kind: string,
    tiles: typeof softwareTiles,
    { rounds = 1, isSlow = false }: { rounds?: number; isSlow?: boolean },
  ) =>
    webgpuTest(`${name} (${kind})`, async () => {
      const backend = await openBackend("webgpu");
      const before = useTiles(tf.backend(), tiles);
      try {
        await run(rounds);
        await backend.settle();
      } finally {
        useTiles(tf.backend(), before);
      }
    }, { isSlow });
  if (rounds === undefined) {
    test("software tiles", softwareTiles, {});
    test("hardware tiles", hardwareTiles, { isSlow: true });
    return;
  }
  const few = Math.ceil(QUICK_SHARE * rounds);
  test(`software tiles, ${few} rounds`, softwareTiles, { rounds: few });
  test(`software tiles, ${rounds} rounds`, softwareTiles, {
    rounds,
    isSlow: true,
  });
  test("hardware tiles", hardwareTiles, { rounds, isSlow: true });
}

/**
 * A test of what an operation promises on every backend: that of `kernelTest`,
 * and on cpu, where it is composed of TensorFlow.js operations.
 */
export function operationTest(
  name: string,
  run: (rounds: number) => void | Promise<void>,
  { rounds }: { rounds?: number } = {},
): void {
  Deno.test(`cpu: ${name}`, async () => {
    await openBackend("cpu");
    await run(rounds ?? 1);
  });
  kernelTest(name, run, rounds === undefined ? {} : { rounds });
}

/** Reads what a computation gives and frees all of it. */
export async function read(
  compute: () => tf.Tensor[],
): Promise<ArrayLike<number>[]> {
  const tensors = tf.tidy(compute);
  const values = await Promise.all(tensors.map((tensor) => tensor.data()));
  tf.dispose(tensors);
  return values as ArrayLike<number>[];
}

/** Numbers uniform in `[-1, 1)`, the same for the same seed. */
export function drawValues(size: number, seed: number): Float32Array {
  const stream = openStream(seed, "init", "wasm-test");
  return Float32Array.from({ length: size }, () => 2 * stream.uniform() - 1);
}

/** A tensor of such numbers. */
export function drawTensor<R extends tf.Rank>(
  shape: tf.ShapeMap[R],
  seed: number,
): tf.Tensor<R> {
  return tf.tensor<R>(drawValues(tf.util.sizeFromShape(shape), seed), shape);
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

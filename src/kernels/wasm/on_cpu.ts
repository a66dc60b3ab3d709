import * as tf from "@tensorflow/tfjs";
import type { BackendWasm } from "@tensorflow/tfjs-backend-wasm";
import { holdComplex } from "./hold_complex.ts";

/** A kernel's call as TensorFlow.js's registry passes it. */
export type RegistryCall = Parameters<tf.KernelFunc>[0];

/** What is used here of a backend whose values are at hand at once. */
interface SyncBackend {
  write(
    values: tf.backend_util.BackendValues,
    shape: number[],
    dtype: tf.DataType,
  ): object;
  readSync(dataId: object): tf.backend_util.BackendValues;
  disposeData(dataId: object, force?: boolean): boolean;
}

/**
 * Runs the kernel of TensorFlow.js's cpu backend on values of another one: for
 * kernels that the other backend lacks, or gets wrong, and that are no part of
 * the work of a training step. The values are copied there and back.
 *
 * @returns Tensors of the calling backend.
 * @throws {TypeError} If the cpu backend, part of `@tensorflow/tfjs`, has no such
 * kernel.
 */
export function runOnCpu(
  name: string,
  { inputs, attrs, backend }: RegistryCall,
): tf.TensorInfo | tf.TensorInfo[] {
  const kernel = tf.getKernel(name, "cpu");
  const cpu = tf.findBackend("cpu") as unknown as SyncBackend | null;
  if (kernel === undefined || cpu === null) {
    throw new TypeError(
      `${name} needs the cpu backend of TensorFlow.js, which "@tensorflow/tfjs" registers`,
    );
  }
  const own = backend as BackendWasm;
  holdComplex(own);
  const copies: tf.TensorInfo[] = [];
  const copy = <T>(info: T): T => {
    const { shape, dtype, ...source } = info as tf.TensorInfo;
    const values = own.readSync(source.dataId);
    const dataId = dtype === "complex64"
      ? writeComplex(cpu, values as Float32Array, shape)
      : cpu.write(values, shape, dtype);
    // Some kernels read the rank.
    const moved = { dataId, shape, dtype, rank: shape.length };
    copies.push(moved);
    return moved as T;
  };
  // Einsum passes a list.
  const moved = (Array.isArray(inputs) ? [] : {}) as tf.NamedTensorInfoMap;
  let results: tf.TensorInfo[] = [];
  try {
    for (const [key, value] of Object.entries(inputs)) {
      moved[key] = (Array.isArray(value)
        ? value.map(copy)
        : value && copy(value)) as tf.TensorInfo;
    }
    const given = kernel.kernelFunc({
      inputs: moved,
      ...(attrs !== undefined && { attrs }),
      backend: cpu,
    });
    results = [given].flat();
    const back = results.map(({ dataId, shape, dtype }) => ({
      dataId: own.write(cpu.readSync(dataId), shape, dtype),
      shape,
      dtype,
    }));
    return Array.isArray(given) ? back : back[0]!;
  } finally {
    const ids = new Set([...copies, ...results].map(({ dataId }) => dataId));
    for (const dataId of ids) cpu.disposeData(dataId, true);
  }
}

/** Complex numbers, parts by turns, as the cpu backend has them: in two tensors. */
function writeComplex(
  cpu: SyncBackend,
  values: Float32Array,
  shape: number[],
): object {
  const parts = [0, 1].map((part): tf.TensorInfo => ({
    dataId: cpu.write(
      values.filter((_, i) => i % 2 === part),
      shape,
      "float32",
    ),
    shape,
    dtype: "float32",
  }));
  const [real, imag] = parts as [tf.TensorInfo, tf.TensorInfo];
  const { dataId } = tf.getKernel("Complex", "cpu")!.kernelFunc({
    inputs: { real, imag },
    backend: cpu,
  }) as tf.TensorInfo;
  for (const { dataId } of parts) cpu.disposeData(dataId, true);
  return dataId;
}

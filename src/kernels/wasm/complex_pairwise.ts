import * as tf from "@tensorflow/tfjs";
import { type RegistryCall, runOnCpu } from "./on_cpu.ts";

/**
 * A sum, difference or product of complex numbers. Those of other shapes are
 * repeated first: the cpu backend gives NaN where it broadcasts rows.
 */
export function complexPairwise(
  name: string,
  call: RegistryCall,
): tf.TensorInfo | tf.TensorInfo[] {
  const { inputs: { a, b }, backend } = call;
  const shape = tf.backend_util.assertAndGetBroadcastShape(a!.shape, b!.shape);
  const repeated: tf.TensorInfo[] = [];
  const repeat = (x: tf.TensorInfo): tf.TensorInfo => {
    if (x.shape.join() === shape.join()) return x;
    const ones = Array<number>(shape.length - x.shape.length).fill(1);
    const from = [...ones, ...x.shape];
    const y = tf.getKernel("Tile", "wasm")!.kernelFunc({
      inputs: { x: { dataId: x.dataId, dtype: x.dtype, shape: from } },
      attrs: { reps: shape.map((size, i) => size === from[i] ? 1 : size) },
      backend,
    }) as tf.TensorInfo;
    repeated.push(y);
    return y;
  };
  const inputs = { a: repeat(a!), b: repeat(b!) };
  const y = runOnCpu(name, { ...call, inputs });
  for (const { dataId } of repeated) {
    (backend as tf.KernelBackend).disposeData(dataId);
  }
  return y;
}

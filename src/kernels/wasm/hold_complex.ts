import type { BackendWasm } from "@tensorflow/tfjs-backend-wasm";
import { memoryOf, moduleOf } from "./kernel_host.ts";

const holding = new WeakSet<BackendWasm>();

/**
 * Lets an official backend give back complex numbers. It has memory for them, real
 * and imaginary parts by turns as `tf.Tensor.data()` gives them, but does not know
 * their type when it reads.
 */
export function holdComplex(backend: BackendWasm): void {
  if (holding.has(backend)) return;
  holding.add(backend);
  const official = backend.readSync;
  backend.readSync = (dataId, start, end) => {
    const { dtype, shape, memoryOffset } = backend.dataIdMap.get(dataId);
    if (dtype !== "complex64") {
      return official.call(backend, dataId, start, end);
    }
    const bytes = new Uint8Array(
      memoryOf(moduleOf(backend)).buffer,
      memoryOffset,
      shape.reduce((product, n) => product * n, 8),
    );
    // A copy, and of shared memory one that is not.
    return new Float32Array(bytes.slice().buffer);
  };
}

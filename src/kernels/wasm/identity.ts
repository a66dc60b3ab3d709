import type { BackendWasm } from "@tensorflow/tfjs-backend-wasm";
import type { TrainingKernel } from "./training_kernel.ts";

/**
 * A second reference to the same values. The official kernel copies them,
 * and TensorFlow.js clones every tensor that it keeps for a gradient.
 */
export const identity: TrainingKernel = {
  name: "Identity",
  anyType: true,
  run(_host, { inputs, backend }) {
    const { dataId, shape, dtype } = inputs["x"]!;
    (backend as BackendWasm).incRef(dataId);
    return { dataId, shape, dtype };
  },
};

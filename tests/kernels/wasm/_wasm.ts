import * as tf from "@tensorflow/tfjs";
import { registerTrainingKernels } from "../../../src/kernels/wasm/mod.ts";

export { drawTensor, drawValues, relativeError } from "../_kernels.ts";

/** Makes wasm with our kernels the backend in use. */
export async function useWasm(): Promise<void> {
  await registerTrainingKernels();
  await tf.setBackend("wasm");
  await tf.ready();
}

import * as tf from "@tensorflow/tfjs";
import { setWasmPaths } from "@tensorflow/tfjs-backend-wasm";
import { BackendError } from "../core/errors.ts";
import { registerTrainingKernels } from "../kernels/wasm/register_training_kernels.ts";
import { useBackend } from "./_use_backend.ts";
import { wasmBackend } from "./_wasm_backend.ts";
import type { Backend } from "./backend.ts";

/** The binaries of the backend in WebAssembly. */
export interface WasmBytes {
  /** `tfjs-backend-wasm-simd.wasm` of TensorFlow.js. */
  readonly tfjs: Uint8Array<ArrayBuffer>;
  /** `kernels.wasm` of this project. */
  readonly kernels: Uint8Array<ArrayBuffer>;
}

/**
 * Opens the backend in WebAssembly from bytes at hand, where there is neither a
 * disk nor a network: in a web worker. As `openBackend("wasm")` otherwise, so
 * that both give the same bits.
 *
 * @throws {BackendError} If the engine has no SIMD, or TensorFlow.js cannot start.
 */
export async function openWasmBytes(
  { tfjs, kernels }: WasmBytes,
): Promise<Backend> {
  tf.enableProdMode();
  const env = tf.env();
  // As in Deno: each of them is another build of the backend.
  env.set("WASM_HAS_MULTITHREAD_SUPPORT", false);
  if (!await env.getAsync("WASM_HAS_SIMD_SUPPORT")) {
    throw new BackendError(
      "WebAssembly must have 128-bit SIMD, which this engine lacks: use a newer one",
    );
  }
  // TF.js asks its platform for the one file that these settings lead to.
  setWasmPaths("./", true);
  env.platform.fetch = () => Promise.resolve(new Response(tfjs));
  await useBackend("wasm");
  await registerTrainingKernels({ wasm: kernels });
  return wasmBackend();
}

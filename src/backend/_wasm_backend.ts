import * as tf from "@tensorflow/tfjs";
import { version_wasm } from "@tensorflow/tfjs-backend-wasm";
import type { Backend } from "./backend.ts";

/** The backend in WebAssembly, which is in use with the kernels for training. */
export function wasmBackend(): Backend {
  return {
    name: "wasm",
    stepsInFlight: 1,
    maxTensorBytes: 2 ** 31,
    settle: () => Promise.resolve(),
    describe: () => ({
      tfjs: tf.version["tfjs-core"],
      tfjsWasm: version_wasm,
      simd: tf.env().getBool("WASM_HAS_SIMD_SUPPORT"),
      // TF.js takes Deno for Node, where it starts no threads.
      threads: 1,
    }),
  };
}

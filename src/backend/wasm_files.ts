import "@tensorflow/tfjs-backend-wasm";
import { fileURLToPath } from "node:url";

const dist = new URL(".", import.meta.resolve("@tensorflow/tfjs-backend-wasm"));

/** Folder of the binaries of TensorFlow.js; reading it needs `--allow-read`. */
export const wasmFolder: string = fileURLToPath(dist);

/** The one of them with SIMD and without threads, which all results come from. */
export const simdFile: string = fileURLToPath(
  new URL("tfjs-backend-wasm-simd.wasm", dist),
);

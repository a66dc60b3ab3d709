import { stat } from "node:fs/promises";
import { setWasmPaths } from "@tensorflow/tfjs-backend-wasm";
import { BackendError, messageOf } from "../core/errors.ts";
import { registerTrainingKernels } from "../kernels/wasm/register_training_kernels.ts";
import { useBackend } from "./_use_backend.ts";
import type { Backend } from "./backend.ts";
import { wasmBackend } from "./_wasm_backend.ts";
import { simdFile, wasmFolder } from "./wasm_files.ts";

// The binaries of the package are in Deno's npm cache, so that opening them needs
// `--allow-read`. Set once: TF.js refuses it on a running backend.
setWasmPaths(wasmFolder);

/** Opens the backend in WebAssembly, with SIMD where the engine has it. */
export async function openWasm(): Promise<Backend> {
  // TF.js would only print the cause.
  await stat(simdFile).catch((error) => {
    throw new BackendError(
      `The backend "wasm" cannot be opened: ${messageOf(error)}`,
    );
  });
  await useBackend("wasm");
  await registerTrainingKernels();
  return wasmBackend();
}

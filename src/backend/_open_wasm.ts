import { stat } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import * as tf from "@tensorflow/tfjs";
import { setWasmPaths, version_wasm } from "@tensorflow/tfjs-backend-wasm";
import { BackendError, messageOf } from "../core/errors.ts";
import { registerTrainingKernels } from "../kernels/wasm/register_training_kernels.ts";
import { useBackend } from "./_use_backend.ts";
import type { Backend } from "./backend.ts";

// The package's binaries lie where Deno keeps npm packages, so opening them
// needs `--allow-read`. Set once: TF.js refuses it on a running backend.
const dist = new URL(".", import.meta.resolve("@tensorflow/tfjs-backend-wasm"));
setWasmPaths(fileURLToPath(dist));

/** Opens WebAssembly, with SIMD where the engine has it. */
export async function openWasm(): Promise<Backend> {
  // TF.js would print the cause in five lines, and return without it.
  const binary = fileURLToPath(new URL("tfjs-backend-wasm-simd.wasm", dist));
  await stat(binary).catch((error) => {
    throw new BackendError(`Cannot open backend "wasm": ${messageOf(error)}`);
  });
  await useBackend("wasm");
  await registerTrainingKernels();
  return {
    name: "wasm",
    stepsInFlight: 1,
    maxTensorBytes: 2 ** 31,
    settle: () => Promise.resolve(),
    describe: () => ({
      tfjs: tf.version["tfjs-core"],
      tfjsWasm: version_wasm,
      simd: tf.env().getBool("WASM_HAS_SIMD_SUPPORT"),
      // TF.js starts no threads where it takes the runtime for Node, as it
      // does Deno.
      threads: 1,
    }),
  };
}

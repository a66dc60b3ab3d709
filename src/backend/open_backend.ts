import type { Backend } from "./backend.ts";
import type { BackendName } from "../spec/backends.ts";

/**
 * Makes a backend the current one of TensorFlow.js, with the kernels that
 * training needs and every setting fixed that decides numbers. Loads only the
 * packages of that backend. Opening one again gives the same device.
 *
 * `dataSync()` and `arraySync()` fail on webgpu in Deno: read with `data()`.
 *
 * @throws {BackendError} If TensorFlow.js cannot start it.
 */
export async function openBackend(name: BackendName): Promise<Backend> {
  switch (name) {
    case "webgpu":
      return await (await import("./_open_webgpu.ts")).openWebgpu();
    case "wasm":
      return await (await import("./_open_wasm.ts")).openWasm();
    case "cpu":
      return await (await import("./_open_cpu.ts")).openCpu();
  }
}

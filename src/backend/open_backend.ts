import type { Backend } from "./backend.ts";
import type { BackendName } from "../spec/backends.ts";

/**
 * Makes a backend the current one of TensorFlow.js, with the kernels that
 * training needs and with fixed values of all settings that affect numbers. It
 * loads only the packages of that backend. Opening it again gives the same
 * device.
 *
 * `dataSync()` and `arraySync()` fail on webgpu in Deno: read with `data()`.
 *
 * @throws {BackendError} If TensorFlow.js cannot start it.
 */
export async function openBackend(name: BackendName): Promise<Backend> {
  return await (await openers[name]())();
}

/** Imports the module that opens a backend. */
const openers: Readonly<
  Record<BackendName, () => Promise<() => Promise<Backend>>>
> = {
  "webgpu": async () => (await import("./_open_webgpu.ts")).openWebgpu,
  "wasm": async () => (await import("./_open_wasm.ts")).openWasm,
  "cpu": async () => (await import("./_open_cpu.ts")).openCpu,
};

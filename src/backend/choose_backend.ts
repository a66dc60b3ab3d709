import { BackendError } from "../core/errors.ts";
import type { BackendName } from "../spec/backends.ts";
import type { BackendProbe } from "./probe_backends.ts";

/** A backend, and the reason for it. */
export interface BackendChoice {
  /** The backend to open. */
  name: BackendName;
  /** The reason, in one line. */
  reason: string;
}

/**
 * Chooses the backend. `auto` is WebGPU where the adapter is hardware, otherwise
 * WebAssembly with SIMD: a software adapter is slower than that. Plain JavaScript
 * takes hours, so it is used only if it is named.
 *
 * @param request What the user asked for.
 * @param probes What this machine offers.
 * @throws {BackendError} If the named backend is absent, or `auto` finds none.
 */
export function chooseBackend(
  request: "auto" | BackendName,
  probes: readonly BackendProbe[],
): BackendChoice {
  const find = (name: BackendName) =>
    probes.find((probe) => probe.name === name) ??
      { name, available: false, detail: "it was not probed" };
  if (request !== "auto") {
    const { available, detail } = find(request);
    if (!available) {
      throw new BackendError(
        `The backend "${request}" is unavailable: ${detail}`,
        { field: "backend" },
      );
    }
    return { name: request, reason: `requested: ${detail}` };
  }

  const webgpu = find("webgpu");
  const wasm = find("wasm");
  if (webgpu.available && webgpu.software === false) {
    return { name: "webgpu", reason: `hardware adapter: ${webgpu.detail}` };
  }
  const why = webgpu.available
    ? `the WebGPU adapter is software, which is slower than wasm and used only if requested: ${webgpu.detail}`
    : `no WebGPU: ${webgpu.detail}`;
  if (wasm.available && wasm.simd === true) {
    return { name: "wasm", reason: `${wasm.detail}; ${why}` };
  }
  throw new BackendError(
    `"backend" auto needs a hardware WebGPU adapter or WebAssembly with SIMD: ${wasm.detail}; ${why}; "cpu" uses plain JavaScript`,
    { field: "backend" },
  );
}

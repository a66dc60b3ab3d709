import {
  type AdapterReport,
  nameAdapter,
  reportAdapter,
  requestAdapter,
} from "./adapter.ts";
import { type BackendName, backendNames } from "../spec/backends.ts";

/** What this machine offers for one backend. */
export interface BackendProbe {
  /** Name of the backend. */
  name: BackendName;
  /** Whether it can be opened. */
  available: boolean;
  /** What was found, or why it is unavailable, in one line. */
  detail: string;
  /** webgpu: whether the adapter computes on the CPU. */
  software?: boolean;
  /** wasm: whether this engine runs SIMD. */
  simd?: boolean;
  /** webgpu: the adapter. */
  adapter?: AdapterReport;
}

/**
 * Probes what this machine offers, without opening anything or loading
 * TensorFlow.js. An absent backend is a finding, not an error.
 *
 * @returns One probe per backend, in the order of `backendNames`.
 */
export async function probeBackends(): Promise<BackendProbe[]> {
  return await Promise.all(backendNames.map((name) => probes[name]()));
}

const probes: Readonly<
  Record<BackendName, () => BackendProbe | Promise<BackendProbe>>
> = {
  "webgpu": probeWebgpu,
  "wasm": probeWasm,
  "cpu": () => ({
    name: "cpu",
    available: true,
    detail: "plain JavaScript, slow: for reference only",
  }),
};

async function probeWebgpu(): Promise<BackendProbe> {
  const found = await requestAdapter();
  if (typeof found === "string") {
    return { name: "webgpu", available: false, detail: found };
  }
  const adapter = reportAdapter(found);
  return {
    name: "webgpu",
    available: true,
    detail: nameAdapter(adapter),
    software: adapter.software,
    adapter,
  };
}

function probeWasm(): BackendProbe {
  if (typeof WebAssembly !== "object") {
    const detail = "this runtime has no WebAssembly";
    return { name: "wasm", available: false, detail };
  }
  const simd = WebAssembly.validate(simdModule());
  const detail = `WebAssembly ${simd ? "with" : "without"} SIMD, one thread`;
  return { name: "wasm", available: true, detail, simd };
}

/** A module of one function that returns a 128-bit constant. */
function simdModule(): BufferSource {
  const magicAndVersion = [0, 0x61, 0x73, 0x6d, 1, 0, 0, 0];
  const types = [1, 5, 1, 0x60, 0, 1, 0x7b]; // one type: () -> v128
  const functions = [3, 2, 1, 0]; // one function, of type 0
  const body = [0, 0xfd, 0x0c, ...new Array(16).fill(0), 0x0b]; // v128.const
  const code = [10, body.length + 2, 1, body.length, ...body];
  return Uint8Array.of(...magicAndVersion, ...types, ...functions, ...code);
}

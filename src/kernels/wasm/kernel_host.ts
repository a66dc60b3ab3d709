import type { KernelBackend, TensorInfo } from "@tensorflow/tfjs";
import type { BackendWasm } from "@tensorflow/tfjs-backend-wasm";
import type { Kernels } from "./kernels.ts";

/** Our kernels bound to the memory of one official wasm backend. */
export interface KernelHost {
  /** The kernels; every pointer is an address in the backend's memory. */
  readonly kernels: Kernels;
  /** Where the values of a tensor lie. */
  address(tensor: TensorInfo): number;
  /** A new tensor, float32 unless told, values not set; a bool is one byte. */
  output(shape: readonly number[], dtype?: "float32" | "bool"): TensorInfo;
  /** Sets every byte of a tensor to zero. */
  clear(tensor: TensorInfo): void;
  /**
   * Blocks of scratch of these sizes in bytes, aligned to 16. They hold until
   * the next call: one kernel has all scratch, and it is kept and reused.
   */
  scratch(...sizes: number[]): number[];
}

/** The part of the backend's Emscripten module that is used here. */
interface WasmModule {
  readonly asm: { readonly memory: WebAssembly.Memory };
  _malloc(bytes: number): number;
  _free(address: number): void;
}

const hosts = new WeakMap<KernelBackend, KernelHost>();

/** Compiles the kernels, once for all backends of a process. */
export async function compileKernels(): Promise<WebAssembly.Module> {
  const url = new URL("./kernels.wasm", import.meta.url);
  const response = await fetch(url);
  return await WebAssembly.compile(await response.arrayBuffer());
}

/** The kernels of a backend, instantiated on first use. */
export function hostOf(
  backend: KernelBackend,
  module: WebAssembly.Module,
): KernelHost {
  let host = hosts.get(backend);
  if (host === undefined) {
    host = openHost(backend as BackendWasm, module);
    hosts.set(backend, host);
  }
  return host;
}

function openHost(
  backend: BackendWasm,
  module: WebAssembly.Module,
): KernelHost {
  const wasm = backend.wasm as unknown as WasmModule;
  const { memory } = wasm.asm;
  const { exports } = new WebAssembly.Instance(module, { env: { memory } });
  const kernels = exports as unknown as Kernels;
  let block = 0;
  let blockBytes = 0;
  const address = (tensor: TensorInfo) =>
    backend.dataIdMap.get(tensor.dataId).memoryOffset;
  return {
    kernels,
    address,
    output: (shape, dtype = "float32") => backend.makeOutput([...shape], dtype),
    clear(tensor) {
      const bytes = tensor.shape.reduce((product, n) => product * n, 4);
      kernels.clear(address(tensor), bytes);
    },
    scratch(...sizes) {
      const aligned = sizes.map((bytes) => Math.ceil(bytes / 16) * 16);
      const total = aligned.reduce((sum, bytes) => sum + bytes, 16);
      if (total > blockBytes) {
        if (block !== 0) wasm._free(block);
        block = wasm._malloc(total);
        if (block === 0) {
          blockBytes = 0;
          throw new RangeError(
            `Cannot allocate scratch as it must fit the backend's memory: current value is ${total} bytes`,
          );
        }
        blockBytes = total;
      }
      let next = Math.ceil(block / 16) * 16;
      return aligned.map((bytes) => (next += bytes) - bytes);
    },
  };
}

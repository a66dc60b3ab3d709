import type { KernelBackend, TensorInfo } from "@tensorflow/tfjs";
import type { BackendWasm } from "@tensorflow/tfjs-backend-wasm";
import type { KernelName, TrainingKernel } from "../common/kernel.ts";
import {
  type Geometry,
  geometryLayout,
  type KernelExports,
} from "./kernel_exports.ts";
import { type Address, type Pointer, writeStruct } from "./struct.ts";

/** One kernel of the wasm backend. */
export type WasmKernel<Name extends KernelName = KernelName> = TrainingKernel<
  KernelHost,
  Name
>;

/** Our kernels bound to the memory of one official wasm backend. */
export interface KernelHost {
  /** The kernels; every address is one in the backend's memory. */
  readonly kernels: KernelExports;
  /** The address of a tensor's values. */
  address(tensor: TensorInfo): Address;
  /**
   * A new tensor whose values are not set, float32 by default; a bool is one
   * byte.
   */
  output(shape: readonly number[], dtype?: "float32" | "bool"): TensorInfo;
  /** A second reference to the values of a tensor. */
  share(tensor: TensorInfo): TensorInfo;
  /** Writes a geometry into the memory, where it holds until the next call. */
  geometry(values: Geometry): Pointer<Geometry>;
  /**
   * Scratch of this many bytes, aligned to 16. It holds until the next call: a
   * kernel has all of it, and the block is kept and reused.
   */
  scratch(bytes: number): Address;
}

/** The part of the backend's Emscripten module that is used here. */
export interface WasmModule {
  readonly asm: { readonly memory: WebAssembly.Memory };
  _malloc(bytes: number): Address;
  _free(address: Address): void;
}

/** The Emscripten module of a backend. */
export function moduleOf(backend: KernelBackend): WasmModule {
  return (backend as BackendWasm).wasm as unknown as WasmModule;
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
  const wasm = moduleOf(backend);
  const { memory } = wasm.asm;
  const { exports } = new WebAssembly.Instance(module, { env: { memory } });
  const geometryAt = allocate(wasm, geometryLayout.bytes);
  let block = 0;
  let blockBytes = 0;
  return {
    kernels: exports as unknown as KernelExports,
    address: ({ dataId }) => backend.dataIdMap.get(dataId).memoryOffset,
    output: (shape, dtype = "float32") => backend.makeOutput([...shape], dtype),
    share({ dataId, shape, dtype }) {
      backend.incRef(dataId);
      return { dataId, shape, dtype };
    },
    geometry: (values) =>
      writeStruct(memory, geometryAt, { layout: geometryLayout, values }),
    scratch(bytes) {
      if (bytes > blockBytes) {
        if (block !== 0) wasm._free(block);
        blockBytes = 0;
        block = allocate(wasm, bytes + 16);
        blockBytes = bytes;
      }
      return Math.ceil(block / 16) * 16;
    },
  };
}

/**
 * A block of the backend's memory.
 *
 * @throws {RangeError} If there is none left.
 */
export function allocate(wasm: WasmModule, bytes: number): Address {
  const address = wasm._malloc(bytes);
  if (address === 0) {
    throw new RangeError(
      `The wasm backend has no memory left for ${bytes} bytes`,
    );
  }
  return address;
}

import type { KernelBackend, TensorInfo } from "@tensorflow/tfjs";
import type { BackendWasm } from "@tensorflow/tfjs-backend-wasm";
import type { CopiedType } from "./copied_type.ts";
import { compileModule } from "./compile_module.ts";
import { importShared } from "./import_shared.ts";
import { type KernelBinary, loadKernels } from "./kernel_binary.ts";
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
  output(shape: readonly number[], dtype?: CopiedType): TensorInfo;
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
  readonly asm: { readonly memory: unknown };
  /** The memory of the build with threads, which shares it between them. */
  readonly wasmMemory?: WebAssembly.Memory;
  _malloc(bytes: number): Address;
  _free(address: Address): void;
}

/** The Emscripten module of a backend. */
export function moduleOf(backend: KernelBackend): WasmModule {
  return (backend as BackendWasm).wasm as unknown as WasmModule;
}

const hosts = new WeakMap<KernelBackend, KernelHost>();

/** The memory of an official backend, whichever its build. */
export function memoryOf(wasm: WasmModule): WebAssembly.Memory {
  const { memory } = wasm.asm;
  if (memory instanceof WebAssembly.Memory) return memory;
  if (wasm.wasmMemory instanceof WebAssembly.Memory) return wasm.wasmMemory;
  throw new TypeError(
    "The wasm backend shows no memory; a backend of @tensorflow/tfjs-backend-wasm 4.22 does",
  );
}

/** The kernels, compiled for memory of one thread and for memory of several. */
export interface CompiledKernels {
  /** For a memory that is not shared. */
  readonly single: WebAssembly.Module;
  /** For a shared memory, of the build with threads. */
  shared(): WebAssembly.Module;
}

/**
 * Compiles the kernels, once for all backends of a process.
 *
 * @param source Default: the file that comes with them.
 */
export async function compileKernels(
  source?: KernelBinary,
): Promise<CompiledKernels> {
  const loaded = await loadKernels(source);
  if ("module" in loaded) {
    return {
      single: loaded.module,
      shared() {
        throw new TypeError(
          'The wasm backend runs with threads, for which "wasm" must be bytes or a URL, got a WebAssembly.Module',
        );
      },
    };
  }
  const { bytes } = loaded;
  const single = await compileModule(bytes);
  let shared: WebAssembly.Module | undefined;
  return {
    single,
    shared: () => shared ??= new WebAssembly.Module(importShared(bytes)),
  };
}

/** The kernels of a backend, instantiated on first use. */
export function hostOf(
  backend: KernelBackend,
  module: CompiledKernels,
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
  module: CompiledKernels,
): KernelHost {
  const wasm = moduleOf(backend);
  guardMemory(wasm);
  const memory = memoryOf(wasm);
  const isShared = typeof SharedArrayBuffer !== "undefined" &&
    memory.buffer instanceof SharedArrayBuffer;
  const { exports } = new WebAssembly.Instance(
    isShared ? module.shared() : module.single,
    { env: { memory } },
  );
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

/** Bytes that addresses of 32 bits can tell apart. */
const MOST_BYTES = 2 ** 32;

/**
 * Makes a backend refuse what does not fit into its memory. Its allocation takes
 * sizes modulo 2^32; it gives address 0 where no memory is left, and sometimes,
 * for more than 2 GiB, an address from which they do not fit. TensorFlow.js writes
 * to all of these, over what belongs to other tensors.
 */
function guardMemory(wasm: WasmModule): void {
  const memory = memoryOf(wasm);
  // The first call puts the function in the place of Emscripten's stub.
  wasm._free(wasm._malloc(1));
  const malloc = wasm._malloc;
  /** Whether the lists of its allocation are wrong, so that it gives no more. */
  let isBroken = false;
  wasm._malloc = (bytes) => {
    // Addresses above 2 GiB come as negative numbers.
    const address = bytes < MOST_BYTES && !isBroken ? malloc(bytes) >>> 0 : 0;
    if (address !== 0) {
      if (address + bytes <= memory.buffer.byteLength) return address;
      isBroken = true;
    }
    throw new RangeError(
      `The wasm backend has no memory left for ${bytes} bytes`,
    );
  };
}

/**
 * A block of the memory of a backend whose kernels are instantiated.
 *
 * @throws {RangeError} If there is none left.
 */
export function allocate(wasm: WasmModule, bytes: number): Address {
  return wasm._malloc(bytes);
}

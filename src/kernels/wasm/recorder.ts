import {
  type DataType,
  type KernelBackend,
  type TensorInfo,
  util,
} from "@tensorflow/tfjs";
import type { KernelCall, KernelName } from "../common/kernel.ts";
import {
  type Copy,
  type RecordedCallOptions,
  type Recorder,
  type RecordingBackend,
  requireRoom,
} from "../common/recorder.ts";
import {
  type Geometry,
  geometryLayout,
  type KernelExports,
} from "./kernel_exports.ts";
import {
  allocate,
  type KernelHost,
  memoryOf,
  moduleOf,
  type WasmKernel,
  type WasmModule,
} from "./kernel_host.ts";
import { packBlocks } from "./pack_blocks.ts";
import { type Address, type Pointer, writeStruct } from "./struct.ts";

/**
 * While a recording is made, its memory has no addresses yet. Block i begins at
 * `-(i + 1) * SPAN`, so that an address plus an offset below `SPAN / 2` still
 * tells its block, and no size or other argument is mistaken for one.
 */
const SPAN = 2 ** 33;
/** Arguments below this are such addresses. */
const LEAST_ARGUMENT = -(2 ** 32);

type Argument = number | boolean;
type Kernel = (...args: Argument[]) => void;

/** One call of an exported function. */
interface ExportCall {
  readonly kernel: Kernel;
  readonly args: Argument[];
}

/** Calls that run in order, `times` times. */
interface Section {
  readonly stage: number;
  readonly times: number;
  readonly calls: ExportCall[];
}

/** Memory of the recording, used from its first call to its last. */
interface UsedBlock {
  readonly bytes: number;
  first: number;
  last: number;
}

/** Calls whose attributes can be replaced. */
interface LiveCall {
  readonly kernel: WasmKernel;
  readonly inputs: KernelCall["inputs"];
  readonly results: readonly TensorInfo[];
  /** What it calls. */
  readonly calls: ExportCall[];
}

/** What recordings of a backend share. */
export interface RecordingOptions {
  /** The kernels that can be recorded. */
  readonly kernels: readonly WasmKernel[];
  /** The host on which they run at once. */
  readonly host: KernelHost;
}

const backends = new WeakMap<KernelBackend, RecordingBackend>();

/** Recording on a wasm backend, opened on first use. */
export function recordingOf(
  backend: KernelBackend,
  options: RecordingOptions,
): RecordingBackend {
  let recording = backends.get(backend);
  if (recording === undefined) {
    recording = openRecording(backend, options);
    backends.set(backend, recording);
  }
  return recording;
}

function openRecording(
  backend: KernelBackend,
  { kernels, host }: RecordingOptions,
): RecordingBackend {
  const byName = new Map(kernels.map((kernel) => [kernel.name, kernel]));
  const memory = memoryOf(moduleOf(backend));
  return {
    has: (name) => byName.has(name),
    record: () => record(backend, host, byName),
    makeBuffer(shape) {
      const buffer = host.output(shape);
      const at = host.address(buffer);
      new Uint8Array(memory.buffer)
        .fill(0, at, at + util.sizeFromShape(buffer.shape) * 4);
      return buffer;
    },
    freeBuffer: ({ dataId }) => void backend.disposeData(dataId),
    // Views are new each time, since growth of the memory detaches the old ones.
    write(tensor, values) {
      const bytes = new Uint8Array(
        values.buffer,
        values.byteOffset,
        values.byteLength,
      );
      new Uint8Array(memory.buffer).set(bytes, host.address(tensor));
    },
    output: (shape) => host.output(shape),
    copy: (copy) => copyMemory(moduleOf(backend), host.address, copy),
  };
}

function record(
  backend: KernelBackend,
  { kernels: exports, address: tensorAddress }: KernelHost,
  kernelsByName: ReadonlyMap<KernelName, WasmKernel>,
): Recorder {
  const wasm = moduleOf(backend);
  const memory = memoryOf(wasm);
  const owned = new Map<object, number>();
  const blocks: UsedBlock[] = [];
  const sections: Section[] = [];
  const live = new Map<string, LiveCall[]>();
  const geometries = new Map<string, Pointer<Geometry>>();
  let scratchBytes = 0;
  let scratchBlock: number | undefined;
  let position = 0;
  let stage = 0;
  /** Start of each block once the recording has memory. */
  let addresses: readonly Address[] | undefined;
  /** Where the exported functions that are called now go. */
  let calls = beginSection(1);
  /** Results that the kernel which is recorded now must use, in order. */
  let results: TensorInfo[] = [];

  function beginSection(times: number): ExportCall[] {
    const section = { stage, times, calls: [] };
    sections.push(section);
    return section.calls;
  }

  const startOf = (block: number): Address =>
    addresses?.[block] ?? -(block + 1) * SPAN;
  const addBlock = (bytes: number): number =>
    blocks.push({ bytes, first: Infinity, last: -Infinity }) - 1;
  const blockOf = (argument: Argument): number | undefined =>
    typeof argument === "number" && argument < LEAST_ARGUMENT
      ? Math.ceil(-argument / SPAN) - 1
      : undefined;

  const host: KernelHost = {
    kernels: recordCalls(exports, (kernel, args) => {
      calls.push({ kernel, args });
      for (const argument of args) {
        const index = blockOf(argument);
        if (index === undefined) continue;
        const block = blocks[index]!;
        block.first = Math.min(block.first, position);
        block.last = position;
      }
      position++;
    }),
    address(tensor) {
      const block = owned.get(tensor.dataId);
      return block === undefined ? tensorAddress(tensor) : startOf(block);
    },
    output(shape, dtype = "float32") {
      return results.shift() ?? makeValue(shape, dtype);
    },
    share() {
      throw new RangeError("A kernel that shares memory cannot be recorded");
    },
    geometry(values) {
      const key = JSON.stringify(
        Object.keys(geometryLayout.fields)
          .map((name) => values[name as keyof Geometry]),
      );
      let pointer = geometries.get(key);
      if (pointer === undefined) {
        const at = allocate(wasm, geometryLayout.bytes);
        pointer = writeStruct(memory, at, { layout: geometryLayout, values });
        geometries.set(key, pointer);
      }
      return pointer;
    },
    scratch(bytes) {
      scratchBytes = Math.max(scratchBytes, bytes);
      return startOf(scratchBlock ??= addBlock(0));
    },
  };

  function makeValue(shape: readonly number[], dtype: DataType): TensorInfo {
    const bytes = util.sizeFromShape([...shape]) * (dtype === "bool" ? 1 : 4);
    const dataId = {};
    owned.set(dataId, addBlock(bytes));
    return { dataId, shape: [...shape], dtype };
  }

  function runKernel(
    kernel: WasmKernel,
    call: KernelCall,
    into: readonly TensorInfo[],
  ): TensorInfo[] {
    for (const value of Object.values(call.attrs)) {
      if (typeof value === "number" && value < LEAST_ARGUMENT) {
        throw new RangeError(
          `A recorded call needs numbers of at least ${LEAST_ARGUMENT}, got ${value}`,
        );
      }
    }
    results = [...into];
    try {
      const found = kernel.run(host, call);
      return Array.isArray(found) ? found : [found];
    } finally {
      results = [];
    }
  }

  return {
    call(name, call, { into = [], live: group }: RecordedCallOptions = {}) {
      const kernel = kernelsByName.get(name);
      if (kernel === undefined || !(kernel.accepts?.(call) ?? true)) {
        throw new RangeError(`${name} on wasm does not take this call`);
      }
      const before = calls.length;
      const found = runKernel(kernel, call, into);
      if (group !== undefined) {
        const { inputs } = call;
        const entry = { kernel, inputs, results: found };
        const added = { ...entry, calls: calls.slice(before) };
        live.set(group, [...live.get(group) ?? [], added]);
      }
      return found;
    },
    reshape(value, shape) {
      const dataId = {};
      const block = owned.get(value.dataId);
      if (block === undefined) return { ...value, shape: [...shape] };
      owned.set(dataId, block);
      return { dataId, shape: [...shape], dtype: value.dtype };
    },
    repeat(times, body) {
      const first = position;
      calls = beginSection(times);
      body();
      for (const block of blocks) {
        // The next pass reads it again.
        if (block.first < first && block.last >= first) {
          block.last = position - 1;
        }
      }
      calls = beginSection(1);
    },
    nextStage() {
      stage++;
      calls = beginSection(1);
    },
    finish() {
      const { offsets, bytes } = packBlocks(
        blocks.map((block, i) =>
          i === scratchBlock ? { ...block, bytes: scratchBytes } : block
        ),
      );
      const arena = allocate(wasm, bytes + 16);
      const base = Math.ceil(arena / 16) * 16;
      addresses = offsets.map((offset) => base + offset);
      for (const call of sections.flatMap(({ calls }) => calls)) {
        call.args.forEach((argument, i) => {
          const block = blockOf(argument);
          if (block === undefined) return;
          call.args[i] = addresses![block]! + (argument as number) +
            (block + 1) * SPAN;
        });
      }
      return {
        bytes,
        run({ stage: wanted, copies = [] } = {}) {
          for (const { stage, times, calls } of sections) {
            if (wanted !== undefined && wanted !== stage) continue;
            for (let pass = 0; pass < times; pass++) {
              for (const { kernel, args } of calls) kernel(...args);
            }
          }
          for (const copy of copies) copyMemory(wasm, tensorAddress, copy);
        },
        update(group, attrs) {
          for (const entry of live.get(group) ?? []) {
            calls = [];
            const call = { inputs: entry.inputs, attrs } as KernelCall;
            runKernel(entry.kernel, call, entry.results);
            calls.forEach(({ args }, i) => {
              entry.calls[i]!.args.splice(0, args.length, ...args);
            });
          }
        },
        dispose() {
          wasm._free(arena);
          for (const pointer of geometries.values()) wasm._free(pointer);
        },
      };
    },
  } satisfies Recorder;
}

function copyMemory(
  wasm: WasmModule,
  address: KernelHost["address"],
  copy: Copy,
): void {
  requireRoom(copy);
  const { from, to, at = 0 } = copy;
  const start = address(from);
  const end = start + util.sizeFromShape(from.shape) * 4;
  const memory = memoryOf(wasm);
  new Uint8Array(memory.buffer).copyWithin(address(to) + at * 4, start, end);
}

/**
 * The exported functions, of which those that compute are handed to `keep`
 * instead. Those that tell how much scratch another needs run at once.
 */
function recordCalls(
  exports: KernelExports,
  keep: (kernel: Kernel, args: Argument[]) => void,
): KernelExports {
  return Object.fromEntries(
    Object.entries(exports).map(([name, kernel]) => [
      name,
      name.endsWith("Scratch")
        ? kernel
        : (...args: Argument[]) => keep(kernel as Kernel, args),
    ]),
  ) as unknown as KernelExports;
}

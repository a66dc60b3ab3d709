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
import { bufferOf, type Device, deviceOf } from "./device.ts";
import { fill } from "./fill.ts";
import { hostOf, type KernelHost, type WebgpuKernel } from "./kernel_host.ts";
import type { Program } from "./program.ts";
import { finishRecording } from "./recording.ts";
import { withFloats } from "./to_float.ts";

/** Where the numbers of a tensor are. */
export type Storage =
  | { readonly kind: "block"; readonly bytes: number }
  | { readonly kind: "tensor"; readonly tensor: TensorInfo };

/** A program of a recording, and whether its uniforms can be replaced. */
export interface RecordedProgram {
  readonly program: Program;
  readonly isLive: boolean;
}

/** Programs that run in order, `times` times. */
export interface Section {
  readonly stage: number;
  readonly times: number;
  readonly programs: RecordedProgram[];
}

/** Programs of a call whose attributes can be replaced. */
export interface LiveCall {
  readonly programs: readonly RecordedProgram[];
  /** The same programs for other attributes. */
  remake(attrs: object): readonly RecordedProgram[];
}

/** What a recording consists of. */
export interface Recorded {
  readonly device: Device;
  readonly sections: readonly Section[];
  readonly live: ReadonlyMap<string, readonly LiveCall[]>;
  /** Where the numbers of a tensor are. */
  storageOf(tensor: TensorInfo): Storage;
}

const backends = new WeakMap<KernelBackend, RecordingBackend>();

/** Recording on a webgpu backend, opened on first use. */
export function recordingOf(
  backend: KernelBackend,
  kernels: readonly WebgpuKernel[],
): RecordingBackend {
  let recording = backends.get(backend);
  if (recording === undefined) {
    recording = openRecording(backend, kernels);
    backends.set(backend, recording);
  }
  return recording;
}

function openRecording(
  backend: KernelBackend,
  kernels: readonly WebgpuKernel[],
): RecordingBackend {
  const byName = new Map(kernels.map((kernel) => [kernel.name, kernel]));
  const device = deviceOf(backend);
  return {
    has: (name) => byName.has(name),
    record: () => record(backend, byName),
    makeBuffer(shape) {
      const buffer = hostOf(backend).output(shape);
      if (util.sizeFromShape(buffer.shape) > 0) clear(device, buffer);
      return buffer;
    },
    output: (shape) => hostOf(backend).output(shape),
    freeBuffer: ({ dataId }) => void device.disposeData(dataId),
    write(tensor, values) {
      if (values.length === 0) return;
      const buffer = bufferOf(device, tensor.dataId);
      keepOnDevice(device, tensor);
      // What TensorFlow.js has not submitted may read the old numbers, or upload
      // others.
      if (
        device.commandEncoder !== null &&
        (device.commandQueueOwnedIds.has(tensor.dataId) ||
          device.stagingPendingDisposal.length > 0)
      ) {
        device.endComputePassEncoder();
        device.submitQueue();
      }
      device.queue.writeBuffer(
        buffer,
        0,
        values.buffer as ArrayBuffer,
        values.byteOffset,
        values.byteLength,
      );
    },
    copy: (copy) => encodeCopy(device, copy),
  };
}

/** Zeros of which small buffers get a copy. */
const zeros = new Float32Array(2 ** 14);

/** Makes a new tensor zeros that stay on the device. */
function clear(device: Device, tensor: TensorInfo): void {
  const allocated = () => device.memory().numBytesAllocatedInGPU;
  const before = allocated();
  keepOnDevice(device, tensor);
  // New memory is zero; TensorFlow.js also hands out memory that was freed, which
  // nothing reads that is still to be submitted.
  if (allocated() > before) return;
  const buffer = bufferOf(device, tensor.dataId);
  const size = util.sizeFromShape(tensor.shape);
  if (size <= zeros.length) {
    device.queue.writeBuffer(buffer, 0, zeros, 0, size);
    return;
  }
  device.commandQueueOwnedIds.add(tensor.dataId);
  device.ensureCommandEncoderReady();
  device.endComputePassEncoder();
  device.commandEncoder!.clearBuffer(buffer, 0, 4 * size);
}

/** Copies with the next submission of TensorFlow.js or of a recording. */
export function encodeCopy(device: Device, copy: Copy): void {
  requireRoom(copy);
  const { from, to, at = 0 } = copy;
  const bytes = 4 * util.sizeFromShape(from.shape);
  if (bytes === 0) return;
  const source = bufferOf(device, from.dataId);
  keepOnDevice(device, to);
  const target = bufferOf(device, to.dataId);
  for (const { dataId } of [from, to]) device.commandQueueOwnedIds.add(dataId);
  device.ensureCommandEncoderReady();
  device.endComputePassEncoder();
  device.commandEncoder!.copyBufferToBuffer(source, 0, target, 4 * at, bytes);
}

/**
 * Makes TensorFlow.js read a tensor from the device each time: it would keep
 * what it has read, also if that arrives after the numbers have changed.
 */
export function keepOnDevice(device: Device, { dataId }: TensorInfo): void {
  device.uploadToGPU(dataId);
  Object.defineProperty(device.tensorMap.get(dataId), "values", {
    get: () => null,
    set() {},
    configurable: true,
  });
}

function record(
  backend: KernelBackend,
  kernelsByName: ReadonlyMap<KernelName, WebgpuKernel>,
): Recorder {
  const device = deviceOf(backend);
  const { tiles, storedType } = hostOf(backend);
  const storages = new WeakMap<object, Storage>();
  const sections: Section[] = [];
  const live = new Map<string, LiveCall[]>();
  let stage = 0;
  let isLive = false;
  /** Where programs that are run now go. */
  let programs = beginSection(1);

  function beginSection(times: number): RecordedProgram[] {
    const section = { stage, times, programs: [] };
    sections.push(section);
    return section.programs;
  }

  function storageOf(tensor: TensorInfo): Storage {
    return storages.get(tensor.dataId) ?? { kind: "tensor", tensor };
  }

  const host: KernelHost = {
    tiles,
    output(shape, dtype: DataType = "float32") {
      const dataId = {};
      const bytes = 4 * util.sizeFromShape([...shape]);
      storages.set(dataId, { kind: "block", bytes });
      return { dataId, shape: [...shape], dtype };
    },
    zeros: (shape) => fill(host, shape, 0),
    storedType: (tensor) =>
      storages.has(tensor.dataId) ? tensor.dtype : storedType(tensor),
    // Memory is shared by when it is used.
    dispose() {},
    run: (program) => void programs.push({ program, isLive }),
  };

  function runKernel(
    kernel: WebgpuKernel,
    { inputs, attrs }: KernelCall,
  ): TensorInfo[] {
    const found = withFloats(
      host,
      inputs as unknown as Record<string, TensorInfo>,
      (inputs) => kernel.run(host, { inputs, attrs } as unknown as KernelCall),
    );
    return Array.isArray(found) ? found : [found];
  }

  /** Makes results of a call the tensors where they are wanted. */
  function redirect(
    results: TensorInfo[],
    into: readonly TensorInfo[],
  ): TensorInfo[] {
    return results.map((result, i) => {
      const tensor = into[i];
      if (tensor === undefined) return result;
      storages.set(result.dataId, storageOf(tensor));
      return tensor;
    });
  }

  return {
    call(name, call, { into = [], live: group }: RecordedCallOptions = {}) {
      const kernel = kernelsByName.get(name);
      if (kernel === undefined || !(kernel.accepts?.(call) ?? true)) {
        throw new RangeError(`${name} on webgpu does not take this call`);
      }
      isLive = group !== undefined;
      const before = programs.length;
      const results = redirect(runKernel(kernel, call), into);
      isLive = false;
      if (group !== undefined) {
        const entry: LiveCall = {
          programs: programs.slice(before),
          remake(attrs) {
            programs = [];
            runKernel(kernel, { inputs: call.inputs, attrs } as KernelCall);
            return programs;
          },
        };
        live.set(group, [...live.get(group) ?? [], entry]);
      }
      return results;
    },
    reshape: (value, shape) => ({ ...value, shape: [...shape] }),
    repeat(times, body) {
      programs = beginSection(times);
      body();
      programs = beginSection(1);
    },
    nextStage() {
      stage++;
      programs = beginSection(1);
    },
    finish: () => finishRecording({ device, sections, live, storageOf }),
  } satisfies Recorder;
}

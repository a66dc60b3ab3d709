import type { DataId, KernelBackend } from "@tensorflow/tfjs";
import type { WebGPUBackend } from "@tensorflow/tfjs-backend-webgpu";
import { type Aliases, type Program, shaderOf } from "./program.ts";

/**
 * Private parts of the backend of TensorFlow.js 4.22. Its public way to run a
 * program has a single output, so a fused update would need one program for
 * each of its results.
 */
interface Internals {
  readonly device: GPUDevice;
  commandEncoder: GPUCommandEncoder | null;
  computePassEncoder: GPUComputePassEncoder | null;
  commandQueueOwnedIds: WeakSet<object>;
  dispatchCountInPass: number;
  readonly stagingPendingDisposal: readonly GPUBuffer[];
  ensureCommandEncoderReady(): void;
  endComputePassEncoder(): void;
  submitQueue(): void;
  makeUniforms(
    fields: { type: string; data: number[] }[],
  ): GPUBufferBinding;
}

/** A backend of TensorFlow.js, its private parts included. */
export type Device = Pick<WebGPUBackend, keyof WebGPUBackend> & Internals;

/** The private parts of a backend. */
export function deviceOf(backend: KernelBackend): Device {
  return backend as unknown as Device;
}

/** The buffer of a tensor, which is uploaded if need be. */
export function bufferOf(device: Device, dataId: DataId): GPUBuffer {
  device.uploadToGPU(dataId);
  return device.tensorMap.get(dataId).resource as GPUBuffer;
}

/** A compiled program. */
export interface Pipeline {
  readonly pipeline: GPUComputePipeline;
  readonly layout: GPUBindGroupLayout;
}

const caches = new WeakMap<Device, Map<string, Pipeline>>();

/** The pipeline of a program, compiled on first use. */
export function pipelineOf(
  backend: Device,
  program: Program,
  aliases: Aliases = {},
): Pipeline {
  let cache = caches.get(backend);
  if (cache === undefined) caches.set(backend, cache = new Map());
  const inPlace = Object.entries(aliases).map((pair) => pair.join("=")).sort();
  const key = [program.key, ...inPlace].join("_");
  let found = cache.get(key);
  if (found === undefined) {
    const { device } = backend;
    const module = device.createShaderModule({
      code: shaderOf(program, aliases),
    });
    const pipeline = device.createComputePipeline({
      label: key,
      layout: "auto",
      compute: { module, entryPoint: "start" },
    });
    found = { pipeline, layout: pipeline.getBindGroupLayout(0) };
    cache.set(key, found);
  }
  return found;
}

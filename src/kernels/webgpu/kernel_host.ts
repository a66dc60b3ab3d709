import {
  type DataType,
  env,
  type KernelBackend,
  type TensorInfo,
  util,
} from "@tensorflow/tfjs";
import type { KernelName, TrainingKernel } from "../common/kernel.ts";
import { bufferOf, type Device, deviceOf, pipelineOf } from "./device.ts";
import type { Program } from "./program.ts";
import { isSoftwareAdapter } from "./software_adapter.ts";
import { hardwareTiles, softwareTiles, type TilePlans } from "./tile_plan.ts";

/** One kernel of the webgpu backend. */
export type WebgpuKernel<Name extends KernelName = KernelName> = TrainingKernel<
  KernelHost,
  Name
>;

/** Our kernels bound to the device of one official WebGPU backend. */
export interface KernelHost {
  /** How matrix products are cut for this device. */
  readonly tiles: TilePlans;
  /** A new tensor whose values are not set, float32 by default. */
  output(shape: readonly number[], dtype?: "float32" | "int32"): TensorInfo;
  /** A new tensor of zeros. */
  zeros(shape: readonly number[]): TensorInfo;
  /**
   * The type that a tensor's numbers have in memory. TensorFlow.js's `cast`
   * from int32 or bool to float32 changes the name of the type, not the numbers.
   */
  storedType(tensor: TensorInfo): DataType;
  /** Frees a tensor that a kernel made for itself. */
  dispose(tensor: TensorInfo): void;
  /** Submits one program to the device. */
  run(program: Program): void;
}

const hosts = new WeakMap<KernelBackend, KernelHost & { tiles: TilePlans }>();

/** The host of a backend, made on first use. */
export function hostOf(backend: KernelBackend): KernelHost {
  return openHost(backend);
}

/**
 * Sets how matrix products are cut on a backend's device.
 *
 * @returns The previous tile plans.
 */
export function useTiles(backend: KernelBackend, tiles: TilePlans): TilePlans {
  const host = openHost(backend);
  const before = host.tiles;
  host.tiles = tiles;
  return before;
}

function openHost(backend: KernelBackend): KernelHost & { tiles: TilePlans } {
  let host = hosts.get(backend);
  if (host === undefined) {
    const webgpu = deviceOf(backend);
    host = {
      tiles: isOfSoftware(webgpu.device) ? softwareTiles : hardwareTiles,
      output(shape, dtype = "float32") {
        // TensorFlow.js cannot read a tensor that has neither values nor buffer.
        const values = util.sizeFromShape([...shape]) === 0
          ? new Float32Array(0)
          : undefined;
        return webgpu.makeTensorInfo([...shape], dtype, values);
      },
      zeros(shape) {
        const values = new Float32Array(util.sizeFromShape([...shape]));
        return webgpu.makeTensorInfo([...shape], "float32", values);
      },
      storedType: ({ dataId }) => webgpu.tensorMap.get(dataId).dtype,
      dispose: (tensor) => void webgpu.disposeData(tensor.dataId),
      run: (program) => runProgram(webgpu, program),
    };
    hosts.set(backend, host);
  }
  return host;
}

/** Older browsers do not tell whose device it is. */
function isOfSoftware({ adapterInfo }: Partial<GPUDevice>): boolean {
  return adapterInfo !== undefined && isSoftwareAdapter(adapterInfo);
}

function runProgram(backend: Device, program: Program): void {
  const bindings = [
    ...Object.values(program.outputs),
    ...Object.values(program.inputs),
  ];
  // May end the pass that is being recorded, so all come before it.
  const resources: GPUBindingResource[] = bindings.map(([{ dataId }]) => {
    backend.commandQueueOwnedIds.add(dataId);
    return { buffer: bufferOf(backend, dataId) };
  });
  resources.push(backend.makeUniforms(fieldsOf(program)));
  const { pipeline, layout } = pipelineOf(backend, program);
  const bindGroup = backend.device.createBindGroup({
    layout,
    entries: resources.map((resource, binding) => ({ binding, resource })),
  });

  backend.ensureCommandEncoderReady();
  const pass = backend.computePassEncoder ??= backend.commandEncoder!
    .beginComputePass();
  pass.setPipeline(pipeline);
  pass.setBindGroup(0, bindGroup);
  pass.dispatchWorkgroups(...program.workgroups);
  backend.dispatchCountInPass++;
  const batch = env().getNumber("WEBGPU_DEFERRED_SUBMIT_BATCH_SIZE");
  if (backend.dispatchCountInPass >= batch) {
    backend.endComputePassEncoder();
    backend.submitQueue();
  }
}

function fieldsOf({ integers, floats = {} }: Program) {
  return [
    ...Object.values(integers).map((data) => ({
      type: "int32",
      data: [...data],
    })),
    ...Object.values(floats).map((value) => ({
      type: "float32",
      data: [value],
    })),
  ];
}

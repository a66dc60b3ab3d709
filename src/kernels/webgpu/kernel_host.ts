import {
  type DataType,
  env,
  type KernelBackend,
  type TensorInfo,
  util,
} from "@tensorflow/tfjs";
import type { WebGPUBackend } from "@tensorflow/tfjs-backend-webgpu";
import type { KernelName, TrainingKernel } from "../common/kernel.ts";
import { hardwareTiles, type TilePlans } from "./tile_plan.ts";

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

/** A tensor as a program sees it: an array of this WGSL type. */
export type Binding = readonly [tensor: TensorInfo, type: ElementType];

/** Types of array elements; a vector reads four neighbours at once. */
export type ElementType = "f32" | "vec4<f32>" | "i32" | "vec4<i32>";

/** One dispatch of a compute shader. */
export interface Program {
  /**
   * Names this WGSL text: programs of one key share one pipeline. So whatever
   * changes between calls is a uniform, never part of the text.
   */
  readonly key: string;
  /** Functions and `fn main(thread : i32, group : vec3<i32>)`, in WGSL. */
  readonly code: string;
  /** Arrays to read, by their names in the code. */
  readonly inputs: Readonly<Record<string, Binding>>;
  /** Arrays to write, by their names in the code. */
  readonly outputs: Readonly<Record<string, Binding>>;
  /** Integers of the struct `uniforms`: 1, 2 or 4 numbers each. */
  readonly integers: Readonly<Record<string, readonly number[]>>;
  /** Floats of the struct `uniforms`. */
  readonly floats?: Readonly<Record<string, number>>;
  /** Threads of a workgroup. */
  readonly threads: number;
  /** Workgroups in x, y and z. */
  readonly workgroups: readonly [x: number, y: number, z: number];
}

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
  ensureCommandEncoderReady(): void;
  endComputePassEncoder(): void;
  submitQueue(): void;
  makeUniforms(
    fields: { type: string; data: number[] }[],
  ): GPUBufferBinding;
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
    const pipelines = new Map<string, GPUComputePipeline>();
    const webgpu = backend as WebGPUBackend;
    host = {
      tiles: hardwareTiles,
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
      run: (program) => runProgram(webgpu, pipelines, program),
    };
    hosts.set(backend, host);
  }
  return host;
}

function runProgram(
  backend: WebGPUBackend,
  pipelines: Map<string, GPUComputePipeline>,
  program: Program,
): void {
  const internals = backend as unknown as Internals;
  const { device } = internals;
  const bindings = [
    ...Object.values(program.outputs),
    ...Object.values(program.inputs),
  ];
  // May end the pass that is being recorded, so all come before it.
  for (const [{ dataId }] of bindings) {
    backend.uploadToGPU(dataId);
    internals.commandQueueOwnedIds.add(dataId);
  }
  let pipeline = pipelines.get(program.key);
  if (pipeline === undefined) {
    const module = device.createShaderModule({ code: shaderOf(program) });
    pipeline = device.createComputePipeline({
      label: program.key,
      layout: "auto",
      compute: { module, entryPoint: "start" },
    });
    pipelines.set(program.key, pipeline);
  }
  const resources: GPUBindingResource[] = bindings.map(([{ dataId }]) => ({
    buffer: backend.tensorMap.get(dataId).resource as GPUBuffer,
  }));
  resources.push(internals.makeUniforms(fieldsOf(program)));
  const bindGroup = device.createBindGroup({
    layout: pipeline.getBindGroupLayout(0),
    entries: resources.map((resource, binding) => ({ binding, resource })),
  });

  internals.ensureCommandEncoderReady();
  const pass = internals.computePassEncoder ??= internals.commandEncoder!
    .beginComputePass();
  pass.setPipeline(pipeline);
  pass.setBindGroup(0, bindGroup);
  pass.dispatchWorkgroups(...program.workgroups);
  internals.dispatchCountInPass++;
  const batch = env().getNumber("WEBGPU_DEFERRED_SUBMIT_BATCH_SIZE");
  if (internals.dispatchCountInPass >= batch) {
    internals.endComputePassEncoder();
    internals.submitQueue();
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

function shaderOf(program: Program): string {
  const { inputs, outputs, integers, floats = {}, threads, code } = program;
  const arrays = [
    ...Object.entries(outputs).map((entry) => [...entry, "read_write"]),
    ...Object.entries(inputs).map((entry) => [...entry, "read"]),
  ].map(([name, binding, access], i) =>
    `@group(0) @binding(${i}) var<storage, ${access}> ${name} : array<${
      (binding as Binding)[1]
    }>;`
  );
  const fields = [
    ...Object.entries(integers).map(([name, { length }]) =>
      `${name} : ${length === 1 ? "i32" : `vec${length}<i32>`},`
    ),
    ...Object.keys(floats).map((name) => `${name} : f32,`),
  ];
  return `
struct Uniforms { ${fields.join(" ")} }
${arrays.join("\n")}
@group(0) @binding(${arrays.length}) var<uniform> uniforms : Uniforms;
${code}
@compute @workgroup_size(${threads})
fn start(@builtin(local_invocation_index) thread : u32,
         @builtin(workgroup_id) group : vec3<u32>) {
  main(i32(thread), vec3<i32>(group));
}`;
}

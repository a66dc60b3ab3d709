import type {
  NamedAttrMap,
  NamedTensorInfoMap,
  TensorInfo,
} from "@tensorflow/tfjs";
import type {
  WebGPUBackend,
  WebGPUProgram,
} from "@tensorflow/tfjs-backend-webgpu";

/** What TF.js hands a WebGPU kernel, with the types of one kernel. */
export interface KernelCall<Input extends string, Attrs> {
  /** Tensors by the names that the operation gives them. */
  inputs: Record<Input, TensorInfo>;
  /** The operation's settings. */
  attrs: Attrs;
  /** The backend, which compiles and runs programs. */
  backend: WebGPUBackend;
}

/**
 * Narrows the call of a kernel function to the inputs and attributes that its
 * operation documents. TF.js types them as open maps.
 */
export function kernelCall<Input extends string, Attrs>(
  call: { inputs: NamedTensorInfoMap; backend: unknown; attrs?: NamedAttrMap },
): KernelCall<Input, Attrs> {
  return call as unknown as KernelCall<Input, Attrs>;
}

/** A program, less what the backend fills in by itself. */
export interface ProgramSpec {
  /** Names this WGSL text: programs of one key share one pipeline. */
  key: string;
  /** Shape of the result. */
  outputShape: number[];
  /** Names of the inputs; input `x` is the array `x` in the code. */
  inputs: string[];
  /** Integers of the struct `uniforms`, in order, 1 to 4 numbers each. */
  uniforms: Record<string, number[]>;
  /** Functions and `main`, in WGSL. */
  code: string;
  /** Workgroups in x, y, z and threads of one; none: one thread an element. */
  grid?: {
    workgroups: [number, number, number];
    threads: number;
  };
}

/**
 * Runs one float32 program on the device. Without a `grid` the code is
 * `fn main(index : i32)`, called for every `index` below `uniforms.size` (and
 * some beyond it, which it must skip); with one it is `fn main()`.
 *
 * Nothing that changes from call to call may be written into the code, since
 * the backend finds the compiled pipeline by `key`.
 *
 * @returns The result; the caller disposes it or hands it to TF.js.
 */
export function runProgram(
  backend: WebGPUBackend,
  inputs: TensorInfo[],
  { key, outputShape, inputs: names, uniforms, code, grid }: ProgramSpec,
): TensorInfo {
  const threads = 64;
  const size = outputShape.reduce((a, b) => a * b, 1);
  const flat = outputShape.map((_, axis) => axis);
  const program: WebGPUProgram = {
    shaderKey: `dupbench_${key}`,
    outputShape,
    variableNames: names,
    uniforms: Object.entries(uniforms)
      .map(([name, { length }]) => `${name} : ${integers(length)}, `).join(""),
    workgroupSize: [grid?.threads ?? threads, 1, 1],
    dispatch: grid?.workgroups ?? [Math.ceil(size / threads), 1, 1],
    // The backend calls `main` with an index where all axes lie along x, and
    // may then spread x over y and z to stay within the device's limits.
    dispatchLayout: grid ? { x: [], y: [0], z: [] } : { x: flat },
    size: true,
    getUserCode: () => code,
  };
  const data = Object.values(uniforms).map((values) => ({
    type: "int32",
    data: values,
  }));
  return backend.runWebGPUProgram(program, inputs, "float32", data);
}

function integers(length: number): string {
  return length === 1 ? "i32" : `vec${length}<i32>`;
}

import { type TensorInfo, util } from "@tensorflow/tfjs";
import type { KernelHost } from "./kernel_host.ts";
import type { ElementType, Program } from "./program.ts";

/** A computation that treats every element of its output in the same way. */
export interface Elementwise {
  /** Names the code. */
  readonly key: string;
  /**
   * `fn element(i : i32)`, in WGSL. Arrays hold elements of type `Value`, which
   * is `vec4<f32>` where the outputs can be split into fours, else `f32`; so
   * the code is written for both. `Flags` is the type of a comparison, and
   * `uniforms.size` the number of values.
   */
  readonly code: string;
  /** float32 tensors to read. */
  readonly inputs?: Readonly<Record<string, TensorInfo>>;
  /** float32 tensors to read, whose elements are always of type `f32`. */
  readonly scalarInputs?: Readonly<Record<string, TensorInfo>>;
  /** int32 tensors to read, whose elements are of type `Integers`. */
  readonly integerInputs?: Readonly<Record<string, TensorInfo>>;
  /** float32 tensors to write, all of one size. */
  readonly outputs: Readonly<Record<string, TensorInfo>>;
  readonly integers?: Readonly<Record<string, readonly number[]>>;
  readonly floats?: Readonly<Record<string, number>>;
  /** Whether `Value` must be `f32`, because neighbours are treated differently. */
  readonly scalar?: boolean;
}

/** Threads of a workgroup, if there is work for many such and otherwise. */
const [MANY_THREADS, FEW_THREADS] = [256, 64];

/** The most workgroups that every device takes in one direction. */
export const MOST_WORKGROUPS = 65535;

/** Runs such a computation. */
export function elementwise(host: KernelHost, work: Elementwise): void {
  const elements = elementsOf(work);
  if (elements === 0) return;
  host.run(programOf(work, !work.scalar && elements % 4 === 0));
}

/**
 * The program.
 *
 * @param vector Whether its elements are vectors of four numbers.
 */
function programOf(work: Elementwise, vector: boolean): Program {
  const { key, code, inputs = {}, scalarInputs = {}, integerInputs = {} } =
    work;
  const { outputs, integers = {}, floats = {} } = work;
  const elements = elementsOf(work);
  const type = vector ? "vec4<f32>" : "f32";
  const integerType = vector ? "vec4<i32>" : "i32";
  const size = vector ? elements / 4 : elements;
  const threads = size >= 2 ** 16 ? MANY_THREADS : FEW_THREADS;
  const groups = Math.ceil(size / threads);
  const across = Math.min(groups, MOST_WORKGROUPS);
  const bind = (
    tensors: Readonly<Record<string, TensorInfo>>,
    element: ElementType,
  ) =>
    Object.fromEntries(
      Object.entries(tensors).map(([name, tensor]) =>
        [name, [tensor, element]] as const
      ),
    );
  const [output, ...others] = Object.keys(outputs);
  return {
    key: `${key}_${type}_${threads}`,
    code: `
${code}
fn main(thread : i32, group : vec3<i32>) {
  let i = (group.y * uniforms.across + group.x) * ${threads} + thread;
  if (i < uniforms.size) { element(i); }
}`,
    inputs: {
      ...bind(inputs, type),
      ...bind(scalarInputs, "f32"),
      ...bind(integerInputs, integerType),
    },
    outputs: bind(outputs, type),
    integers: { ...integers, size: [size], across: [across] },
    floats,
    threads,
    inPlace: !work.scalar,
    workgroups: [across, Math.ceil(groups / across), 1],
    values: type,
    ...(others.length === 0 && storesAtEnd(code, output!) &&
      { gives: output! }),
    each: {
      code,
      // Integers may count vectors.
      ...(Object.keys(integers).length === 0 &&
        { ofScalars: () => programOf(work, false) }),
    },
  };
}

function elementsOf({ outputs }: Elementwise): number {
  return util.sizeFromShape(Object.values(outputs)[0]!.shape);
}

/** Whether all that code does to an array is to store element i, at its end. */
function storesAtEnd(code: string, name: string): boolean {
  return code.split(`${name}[`).length === 2 &&
    new RegExp(`\\b${name}\\[i\\] = [^;]*;\\s*\\}\\s*$`).test(code);
}

import { type TensorInfo, util } from "@tensorflow/tfjs";
import type { KernelHost } from "./kernel_host.ts";
import type { ElementType } from "./program.ts";

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
  /** int32 tensors to read, whose elements are of type `Integers`. */
  readonly integerInputs?: Readonly<Record<string, TensorInfo>>;
  /** float32 tensors to write, all of one size. */
  readonly outputs: Readonly<Record<string, TensorInfo>>;
  readonly integers?: Readonly<Record<string, readonly number[]>>;
  readonly floats?: Readonly<Record<string, number>>;
  /** Whether `Value` must be `f32`, because neighbours are treated differently. */
  readonly scalar?: boolean;
}

const threads = 64;

/** The most workgroups that every device takes in one direction. */
const mostWorkgroups = 65535;

/** Runs such a computation. */
export function elementwise(host: KernelHost, work: Elementwise): void {
  const { key, code, inputs = {}, integerInputs = {}, outputs } = work;
  const { integers = {}, floats = {} } = work;
  const elements = util.sizeFromShape(Object.values(outputs)[0]!.shape);
  const vector = !work.scalar && elements % 4 === 0;
  if (elements === 0) return;
  const type = vector ? "vec4<f32>" : "f32";
  const integerType = vector ? "vec4<i32>" : "i32";
  const size = vector ? elements / 4 : elements;
  const groups = Math.ceil(size / threads);
  const across = Math.min(groups, mostWorkgroups);
  const bind = (
    tensors: Readonly<Record<string, TensorInfo>>,
    element: ElementType,
  ) =>
    Object.fromEntries(
      Object.entries(tensors).map(([name, tensor]) =>
        [name, [tensor, element]] as const
      ),
    );
  host.run({
    key: `${key}_${type}`,
    code: `
${valueCode(vector)}
${code}
fn main(thread : i32, group : vec3<i32>) {
  let i = (group.y * uniforms.across + group.x) * ${threads} + thread;
  if (i < uniforms.size) { element(i); }
}`,
    inputs: { ...bind(inputs, type), ...bind(integerInputs, integerType) },
    outputs: bind(outputs, type),
    integers: { ...integers, size: [size], across: [across] },
    floats,
    threads,
    inPlace: !work.scalar,
    workgroups: [across, Math.ceil(groups / across), 1],
  });
}

/** The types of elements, alone or in fours, and a test for NaN. */
export function valueCode(vector: boolean): string {
  return `
alias Value = ${vector ? "vec4<f32>" : "f32"};
alias Flags = ${vector ? "vec4<bool>" : "bool"};
alias Bits = ${vector ? "vec4<u32>" : "u32"};
// WGSL lets compilers assume that there is no NaN, but bits are bits.
fn isNan(value : Value) -> Flags {
  return (bitcast<Bits>(value) & Bits(0x7fffffffu)) > Bits(0x7f800000u);
}`;
}

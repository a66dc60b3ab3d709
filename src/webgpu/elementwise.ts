import { type TensorInfo, util } from "@tensorflow/tfjs";
import type { KernelHost } from "./kernel_host.ts";

/** A computation that treats every element of its output alike. */
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
  readonly inputs: Readonly<Record<string, TensorInfo>>;
  /** float32 tensors to write, all of one size. */
  readonly outputs: Readonly<Record<string, TensorInfo>>;
  readonly integers?: Readonly<Record<string, readonly number[]>>;
  readonly floats?: Readonly<Record<string, number>>;
}

const threads = 64;

/** The largest count of workgroups that every device takes in one direction. */
const mostWorkgroups = 65535;

/** Runs such a computation. */
export function elementwise(host: KernelHost, work: Elementwise): void {
  dispatch(host, work, sizeOf(work) % 4 === 0);
}

/** Runs one whose code is for single numbers: `Value` is `f32`. */
export function scalarwise(host: KernelHost, work: Elementwise): void {
  dispatch(host, work, false);
}

function sizeOf({ outputs }: Elementwise): number {
  return util.sizeFromShape(Object.values(outputs)[0]!.shape);
}

function dispatch(
  host: KernelHost,
  work: Elementwise,
  vector: boolean,
): void {
  const { key, code, inputs, outputs, integers = {}, floats = {} } = work;
  const elements = sizeOf(work);
  if (elements === 0) return;
  const type = vector ? "vec4<f32>" : "f32";
  const size = vector ? elements / 4 : elements;
  const groups = Math.ceil(size / threads);
  const across = Math.min(groups, mostWorkgroups);
  const bind = (tensors: Readonly<Record<string, TensorInfo>>) =>
    Object.fromEntries(
      Object.entries(tensors).map(([name, tensor]) =>
        [name, [tensor, type]] as const
      ),
    );
  host.run({
    key: `${key}_${type}`,
    code: `
alias Value = ${type};
alias Flags = ${vector ? "vec4<bool>" : "bool"};
alias Bits = ${vector ? "vec4<u32>" : "u32"};
// WGSL lets compilers assume that there is no NaN, but bits are bits.
fn isNan(value : Value) -> Flags {
  return (bitcast<Bits>(value) & Bits(0x7fffffffu)) > Bits(0x7f800000u);
}
${code}
fn main(thread : i32, group : vec3<i32>) {
  let i = (group.y * uniforms.across + group.x) * ${threads} + thread;
  if (i < uniforms.size) { element(i); }
}`,
    inputs: bind(inputs),
    outputs: bind(outputs),
    integers: { ...integers, size: [size], across: [across] },
    floats,
    threads,
    workgroups: [across, Math.ceil(groups / across), 1],
  });
}

import type { TensorInfo } from "@tensorflow/tfjs";
import { quotientCode } from "./quotient_code.ts";

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
  /**
   * Functions and `fn main(thread : i32, group : vec3<i32>)`, in WGSL; or what
   * writes them, the first time that a program of this key runs.
   */
  readonly code: string | (() => string);
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
  /**
   * Whether a thread reads from its inputs only the elements that it then
   * writes, and each before it writes it, so that an output can overwrite an
   * input of the same size.
   */
  readonly inPlace?: boolean;
  /**
   * Type of the elements that the code calls `Value`, if it does: the types
   * `Flags` and `Bits` and the function `isNan` are then declared as well.
   */
  readonly values?: ValueType;
  /**
   * Name of an output of `Value`s that a recording may hand on without storing
   * it: each element is stored once, by a statement `name[index] = value;`, and
   * not read.
   */
  readonly gives?: string;
  /** What it does to each element, if it treats all elements alike. */
  readonly each?: EachElement;
  /** Of how many programs it is made; default 1. */
  readonly parts?: number;
}

/** Types of `Value`. */
export type ValueType = "f32" | "vec4<f32>";

/** A computation that treats all elements of its outputs alike. */
export interface EachElement {
  /** `fn element(i : i32)`, and functions that it calls, in WGSL. */
  readonly code: string;
  /** The same program with elements of type `f32`, if there can be one. */
  readonly ofScalars?: () => Program;
}

/**
 * Inputs that have the memory of an output, which is then bound once, for
 * reading and writing: the name of the output by the name of the input.
 */
export type Aliases = Readonly<Record<string, string>>;

/** The WGSL text of a program, without bindings and types. */
export function textOf({ code }: Program): string {
  return typeof code === "string" ? code : code();
}

/** The types of elements, alone or in fours, and a test for NaN. */
function valueCode(type: ValueType): string {
  const [flags, bits] = type === "f32"
    ? ["bool", "u32"]
    : ["vec4<bool>", "vec4<u32>"];
  return `
alias Value = ${type};
alias Flags = ${flags};
alias Bits = ${bits};
// WGSL lets compilers assume that there is no NaN, but bits are bits.
fn isNan(value : Value) -> Flags {
  return (bitcast<Bits>(value) & Bits(0x7fffffffu)) > Bits(0x7f800000u);
}`;
}

/** The shader of a program: outputs, inputs, uniforms are its bindings. */
export function shaderOf(program: Program, aliases: Aliases = {}): string {
  const { inputs, outputs, integers, floats = {}, threads, values } = program;
  const arrays = [
    ...Object.entries(outputs).map((entry) => [...entry, "read_write"]),
    ...Object.entries(inputs).filter(([name]) => !(name in aliases))
      .map((entry) => [...entry, "read"]),
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
  const code = Object.entries(aliases).reduce(
    (text, [input, output]) =>
      text.replace(new RegExp(`(?<![\\w.])${input}(?=\\[)`, "g"), output),
    textOf(program),
  );
  return `
struct Uniforms { ${fields.join(" ")} }
${arrays.join("\n")}
@group(0) @binding(${arrays.length}) var<uniform> uniforms : Uniforms;
${values === undefined ? "" : valueCode(values)}
${quotientCode}
${code}
@compute @workgroup_size(${threads})
fn start(@builtin(local_invocation_index) thread : u32,
         @builtin(workgroup_id) group : vec3<u32>) {
  main(i32(thread), vec3<i32>(group));
}`;
}

/**
 * The uniforms of a program as the device reads them: a field begins at a
 * multiple of its size, the struct ends at one of its largest field's
 * (https://www.w3.org/TR/WGSL/#alignof).
 */
export function uniformBytes({ integers, floats = {} }: Program): ArrayBuffer {
  const fields = [...Object.values(integers)];
  let words = 0;
  let largest = 1;
  const places = fields.map(({ length }) => {
    largest = Math.max(largest, length);
    const place = Math.ceil(words / length) * length;
    words = place + length;
    return place;
  });
  const numbers = Object.values(floats);
  const firstFloat = words;
  words = Math.ceil((words + numbers.length) / largest) * largest;
  const bytes = new ArrayBuffer(4 * words);
  const view = new Int32Array(bytes);
  fields.forEach((field, i) => view.set(field, places[i]!));
  new Float32Array(bytes).set(numbers, firstFloat);
  return bytes;
}

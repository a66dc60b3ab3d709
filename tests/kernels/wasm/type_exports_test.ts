import { assert, assertEquals, assertThrows } from "@std/assert";
import {
  compileAssembly,
  memoryPages,
} from "../../../src/kernels/wasm/compile_assembly.ts";
import {
  type StructLayout,
  writeStruct,
} from "../../../src/kernels/wasm/struct.ts";
import { typeExports } from "../../../src/kernels/wasm/type_exports.ts";

/** What the generator is to write for these, written by hand. */
const sources: Readonly<Record<string, string>> = {
  "index.ts": `export { total, reset } from "./work";`,
  "work.ts": `
/** Sizes of a box. */
// @ts-ignore: decorator
@unmanaged
export class Box {
  /** Count of rows. */
  rows: i32;
  weight: f64;
  share: f32;
}

/**
 * Adds up a box.
 *
 * @param twice Whether to count it twice.
 */
export function total(box: Box, at: usize, twice: bool): f64 {
  const sum = <f64>box.rows + box.weight + <f64>box.share + <f64>at;
  return twice ? 2 * sum : sum;
}

// Not a documentation comment.
export function reset(): void {}

/** Not exported by the entry file. */
export function hidden(): void {}
`,
};

const expected =
  `// Generated from assembly/index.ts by \`deno task build:wasm\`: edit that.
import type { Address, Pointer, StructLayout } from "./struct.ts";

/** Sizes of a box. */
export interface Box {
  /** Count of rows. */
  readonly rows: number;
  readonly weight: number;
  readonly share: number;
}

/** How a \`Box\` lies in memory. */
export const boxLayout: StructLayout<Box> = {
  bytes: 20,
  fields: {
    rows: { offset: 0, type: "i32" },
    weight: { offset: 8, type: "f64" },
    share: { offset: 16, type: "f32" },
  },
};

/** What the module exports. */
export interface KernelExports {
  reset(): void;
  /**
   * Adds up a box.
   *
   * @param twice Whether to count it twice.
   */
  total(
    box: Pointer<Box>,
    at: Address,
    twice: boolean,
  ): number;
}
`;

const compile = (files: Readonly<Record<string, string>>) =>
  compileAssembly("index.ts", (name) => files[name] ?? null);

Deno.test("typeExports() writes names, types, documentation and layouts as the sources have them", async () => {
  const { program } = await compile(sources);
  const [actual, wanted] = [typeExports(program, "index"), expected].map((
    text,
  ) => text.split("\n"));
  assertEquals(actual, wanted);
});

Deno.test("kernel_exports.ts types every function that kernels.wasm exports", async () => {
  const folder = new URL("../../../src/kernels/wasm/", import.meta.url);
  const binary = await Deno.readFile(new URL("kernels.wasm", folder));
  const text = await Deno.readTextFile(new URL("kernel_exports.ts", folder));
  const names = WebAssembly.Module.exports(await WebAssembly.compile(binary))
    .filter(({ kind }) => kind === "function").map(({ name }) => name);
  const typed = text.matchAll(/^ {2}(\w+)\(/gm);
  assert(names.length > 20);
  assertEquals([...typed].map(([, name]) => name!).sort(), names.sort());
});

Deno.test("typeExports() refuses types that JavaScript cannot pass", async () => {
  const { program } = await compile({
    "index.ts": "export function high(x: i64): i64 { return x; }",
  });
  assertThrows(() => typeExports(program, "index"), TypeError, "got i64");
});

Deno.test("compileAssembly() says what does not compile", async () => {
  let message = "";
  try {
    await compile({ "index.ts": "export function f(): i32 { return g(); }" });
  } catch (error) {
    assert(error instanceof SyntaxError);
    message = error.message;
  }
  assert(message.startsWith("index.ts does not compile"), message);
  assert(message.includes("Cannot find name 'g'"), message);
});

Deno.test("writeStruct() writes fields where compiled code reads them, and nothing else", async () => {
  const { binary } = await compile(sources);
  const memory = new WebAssembly.Memory({ initial: memoryPages });
  const { instance } = await WebAssembly.instantiate(binary, {
    env: { memory },
  });
  const total = instance.exports["total"] as (
    ...values: [number, number, boolean]
  ) => number;
  interface Box {
    rows: number;
    weight: number;
    share: number;
  }
  const layout: StructLayout<Box> = {
    bytes: 20,
    fields: {
      rows: { offset: 0, type: "i32" },
      weight: { offset: 8, type: "f64" },
      share: { offset: 16, type: "f32" },
    },
  };
  const bytes = new Uint8Array(memory.buffer);
  bytes.fill(255);
  const values = { rows: -3, weight: 0.1, share: 0.25 };
  const box = writeStruct(memory, 64, { layout, values });
  assertEquals(total(box, 1000, false), -3 + 0.1 + 0.25 + 1000);
  assertEquals(total(box, 1000, true), 2 * (-3 + 0.1 + 0.25 + 1000));
  const isUntouched = (from: number, to: number) =>
    bytes.subarray(from, to).every((byte) => byte === 255);
  assert(isUntouched(0, 64) && isUntouched(84, bytes.length));
  // Growth replaces the buffer of the memory.
  memory.grow(1);
  writeStruct(memory, 64, { layout, values: { ...values, rows: 5 } });
  assertEquals(total(box, 0, false), 5 + 0.1 + 0.25);
});

import { assertEquals, assertThrows } from "@std/assert";
import { importShared } from "../../../src/kernels/wasm/import_shared.ts";
import { memoryOf } from "../../../src/kernels/wasm/kernel_host.ts";

const binary = await Deno.readFile(
  new URL("../../../src/kernels/wasm/kernels.wasm", import.meta.url),
);

Deno.test("wasm: the kernels work in the shared memory of the build with threads", () => {
  // As Emscripten makes it for tfjs-backend-wasm-threaded-simd.wasm.
  const memory = new WebAssembly.Memory({
    initial: 256,
    maximum: 65_536,
    shared: true,
  });
  assertThrows(
    () =>
      new WebAssembly.Instance(new WebAssembly.Module(binary), {
        env: { memory },
      }),
    WebAssembly.LinkError,
  );
  const { exports } = new WebAssembly.Instance(
    new WebAssembly.Module(importShared(binary)),
    { env: { memory } },
  );
  const values = new Float32Array(memory.buffer, 4096, 5);
  values.set([-1, 2, NaN, 7, 5]);
  const clip = exports.clip as (...given: number[]) => void;
  clip(4096, 5, 0, 6, 4096);
  assertEquals([...values], [0, 2, NaN, 6, 5]);
});

Deno.test("wasm: the memory of either official build is found", () => {
  const memory = new WebAssembly.Memory({ initial: 1 });
  const rest = { _malloc: () => 0, _free: () => {} };
  assertEquals(memoryOf({ asm: { memory }, ...rest }), memory);
  // In the build with threads, the name stands for a function.
  const asm = { memory: () => {} };
  assertEquals(memoryOf({ asm, wasmMemory: memory, ...rest }), memory);
  assertThrows(() => memoryOf({ asm, ...rest }), TypeError, "shows no memory");
});

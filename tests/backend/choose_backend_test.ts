import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { chooseBackend } from "../../src/backend/choose_backend.ts";
import type { BackendProbe } from "../../src/backend/probe_backends.ts";
import { BackendError } from "../../src/core/errors.ts";

type Found = Omit<BackendProbe, "name">;

const noGpu: Found = { available: false, detail: "no driver" };
const gpu: Found = { available: true, detail: "H100", software: false };
const llvmpipe: Found = { available: true, detail: "llvmpipe", software: true };
const unsureGpu: Found = { available: true, detail: "unknown" };
const simd: Found = { available: true, detail: "with SIMD", simd: true };
const noSimd: Found = { available: true, detail: "no SIMD", simd: false };
const noWasm: Found = { available: false, detail: "no WebAssembly" };

function probes(webgpu: Found, wasm: Found): BackendProbe[] {
  return [
    { name: "webgpu", ...webgpu },
    { name: "wasm", ...wasm },
    { name: "cpu", available: true, detail: "plain JavaScript" },
  ];
}

Deno.test("chooseBackend() takes hardware WebGPU for auto, otherwise WASM with SIMD", () => {
  const cases = [
    [gpu, simd, "webgpu", "hardware adapter: H100"],
    [gpu, noWasm, "webgpu", "H100"],
    [llvmpipe, simd, "wasm", "software, which is slower than wasm"],
    [unsureGpu, simd, "wasm", "with SIMD"],
    [noGpu, simd, "wasm", "no WebGPU: no driver"],
  ] as const;
  for (const [webgpu, wasm, name, reason] of cases) {
    const choice = chooseBackend("auto", probes(webgpu, wasm));
    assertEquals(choice.name, name);
    assertStringIncludes(choice.reason, reason);
    assertEquals(choice.reason.includes("\n"), false);
  }
});

Deno.test("chooseBackend() never chooses plain JavaScript for auto", () => {
  for (const webgpu of [noGpu, llvmpipe, unsureGpu]) {
    for (const wasm of [noSimd, noWasm]) {
      const error = assertThrows(
        () => chooseBackend("auto", probes(webgpu, wasm)),
        BackendError,
        webgpu.detail,
      );
      assertStringIncludes(error.message, wasm.detail);
    }
  }
  assertThrows(() => chooseBackend("auto", []), BackendError);
});

Deno.test("chooseBackend() takes a named backend if it is available", () => {
  assertEquals(chooseBackend("webgpu", probes(llvmpipe, simd)).name, "webgpu");
  assertEquals(chooseBackend("wasm", probes(gpu, noSimd)).name, "wasm");
  assertEquals(chooseBackend("cpu", probes(gpu, simd)).name, "cpu");
  assertThrows(
    () => chooseBackend("webgpu", probes(noGpu, simd)),
    BackendError,
    "no driver",
  );
  assertThrows(
    () => chooseBackend("wasm", probes(gpu, noWasm)),
    BackendError,
    "no WebAssembly",
  );
});

import { assert, assertEquals, assertMatch } from "@std/assert";
import { backendNames } from "../../src/spec/backends.ts";
import { probeBackends } from "../../src/backend/probe_backends.ts";
import { available, webgpuTest } from "../webgpu_available.ts";

Deno.test("probeBackends() reports every backend in one line each", async () => {
  const probes = await probeBackends();
  assertEquals(probes.map(({ name }) => name), [...backendNames]);
  for (const { detail } of probes) assertMatch(detail, /^[^\n]+$/);
  const [webgpu, wasm, cpu] = probes;
  assertEquals(webgpu!.available, available);
  assertEquals(webgpu!.adapter !== undefined, available);
  // Every engine that Deno 2 runs on has SIMD.
  assertEquals([wasm!.available, wasm!.simd], [true, true]);
  assertEquals(cpu!.available, true);
});

webgpuTest(
  "probeBackends() gives the adapter's limits and features",
  async () => {
    const { adapter, software } = (await probeBackends())[0]!;
    assertEquals(software, adapter!.software);
    // WebGPU guarantees these minima (W3C WebGPU, section 3.6.2).
    assert(adapter!.limits["maxBufferSize"]! >= 2 ** 28);
    assert(adapter!.limits["maxStorageBufferBindingSize"]! >= 2 ** 27);
    assertEquals(adapter!.features, [...adapter!.features].sort());
  },
);

// The ways in which a runtime can lack WebGPU.
const absences: Record<string, unknown> = {
  "no navigator": undefined,
  "no navigator.gpu": {},
  "null adapter": { gpu: { requestAdapter: () => Promise.resolve(null) } },
  "failing request": {
    gpu: { requestAdapter: () => Promise.reject(new Error("driver\nlost")) },
  },
  "throwing request": {
    gpu: {
      requestAdapter() {
        throw new TypeError("not here");
      },
    },
  },
};

for (const [absence, navigator] of Object.entries(absences)) {
  Deno.test(`probeBackends() reports no WebGPU with ${absence}`, async () => {
    const own = Object.getOwnPropertyDescriptor(globalThis, "navigator")!;
    Object.defineProperty(globalThis, "navigator", {
      configurable: true,
      value: navigator,
    });
    try {
      const [webgpu] = await probeBackends();
      assertEquals(webgpu!.available, false);
      assertMatch(webgpu!.detail, /^[^\n]+$/);
    } finally {
      Object.defineProperty(globalThis, "navigator", own);
    }
  });
}

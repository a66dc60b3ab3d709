import { assertEquals } from "@std/assert";
import { type AdapterReport, nameAdapter } from "../../src/backend/adapter.ts";
import { isSoftwareAdapter } from "../../src/kernels/webgpu/software_adapter.ts";

// Vendor, architecture and description as Deno (PCI numbers, Vulkan's device
// name) and Chrome (words) give them.
const software = [
  ["65541", "", "llvmpipe (LLVM 15.0.6, 256 bits)"],
  ["65541", "", ""],
  ["", "", "llvmpipe (LLVM 19.1.7, 512 bits)"],
  ["6880", "", "SwiftShader Device (LLVM 10.0.0)"],
  ["google", "swiftshader", ""],
  ["5140", "", "Microsoft Basic Render Driver"],
  ["microsoft", "warp", ""],
] as const;

const hardware = [
  ["4318", "", "NVIDIA H100 80GB HBM3"],
  ["4098", "", "AMD Radeon RX 7900 XTX (RADV NAVI31)"],
  ["32902", "", "Intel(R) UHD Graphics 630 (CFL GT2)"],
  ["4203", "", "Apple M3"],
  ["apple", "metal-3", ""],
  ["5140", "", "Microsoft Direct3D12 (NVIDIA GeForce RTX 3060)"],
  ["20803", "", "Adreno (TM) 740"],
] as const;

Deno.test("isSoftwareAdapter() tells renderers on the CPU from hardware", () => {
  for (const [vendor, architecture, description] of software) {
    const info = { vendor, architecture, description };
    assertEquals(isSoftwareAdapter(info), true, description);
  }
  for (const [vendor, architecture, description] of hardware) {
    const info = { vendor, architecture, description };
    assertEquals(isSoftwareAdapter(info), false, description);
    assertEquals(isSoftwareAdapter({ ...info, isFallbackAdapter: true }), true);
  }
});

Deno.test("nameAdapter() gives one line without empty parts", () => {
  const report: AdapterReport = {
    vendor: "4318",
    architecture: "",
    device: "9009",
    description: "NVIDIA H100",
    software: false,
    limits: {},
    features: [],
  };
  assertEquals(nameAdapter(report), "NVIDIA H100 (NVIDIA, hardware)");
  assertEquals(
    nameAdapter({
      ...report,
      vendor: "apple",
      architecture: "metal-3",
      device: "",
      description: "",
    }),
    "unnamed adapter (apple, metal-3, hardware)",
  );
});

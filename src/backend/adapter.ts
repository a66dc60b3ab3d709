import { engine } from "../core/runtime/engine.ts";
import { setDefault } from "../core/runtime/permissions.ts";
import { platform } from "../core/runtime/system.ts";

/** What a WebGPU adapter reports. */
export interface AdapterReport {
  /** Vendor, a name or a PCI number in decimal; may be empty. */
  vendor: string;
  /** Family of the device, such as `ampere`; empty on Deno. */
  architecture: string;
  /** Device, a name or a PCI number; may be empty. */
  device: string;
  /** Name of the device and, for a software one, of its renderer. */
  description: string;
  /** Whether it computes on the CPU. */
  software: boolean;
  /** Limits that bound tensors and workgroups, in bytes or counts. */
  limits: Record<string, number>;
  /** Optional features, sorted. */
  features: string[];
}

/** Limits to record: those that bound tensors, workgroups and programs. */
const limitNames = [
  "maxBufferSize",
  "maxStorageBufferBindingSize",
  "maxStorageBuffersPerShaderStage",
  "maxComputeInvocationsPerWorkgroup",
  "maxComputeWorkgroupSizeX",
  "maxComputeWorkgroupStorageSize",
  "maxComputeWorkgroupsPerDimension",
] as const;

/** Vendors by PCI number, which Deno reports in place of a name. */
const vendorNames: Readonly<Record<string, string>> = {
  "4098": "AMD",
  "4203": "Apple",
  "4318": "NVIDIA",
  "5045": "Arm",
  "5140": "Microsoft",
  "6880": "Google",
  "20803": "Qualcomm",
  "32902": "Intel",
  "65541": "Mesa",
};

/**
 * Requests the adapter that TF.js would use.
 *
 * @returns The adapter, or why there is none, in one line. It never rejects.
 */
export async function requestAdapter(): Promise<GPUAdapter | string> {
  await prepareDriver();
  const gpu = globalThis.navigator?.gpu;
  if (gpu === undefined || gpu === null) {
    return `${engine.name} ${engine.version} does not offer it, Deno does`;
  }
  try {
    return await gpu.requestAdapter({ powerPreference: "high-performance" }) ??
      "WebGPU found no adapter (no GPU driver for Vulkan, Metal or D3D12)";
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error);
    return `WebGPU failed: ${text.replace(/\s+/g, " ")}`;
  }
}

/**
 * Settings of the process that drivers read once, each kept where the user has
 * made one. `XDG_RUNTIME_DIR`: without it drivers on Linux print a warning on
 * standard error, although only windows need it; any folder will do.
 * `DENO_WEBGPU_BACKEND`: all but OpenGL, which has no adapter that computes what
 * is needed here, and whose library on Linux (libEGL of GLVND) may free a value
 * twice when a process ends while one of its threads does, which aborts it.
 */
const settings = {
  XDG_RUNTIME_DIR: "/tmp",
  DENO_WEBGPU_BACKEND: "vulkan,metal,dx12",
} as const;

async function prepareDriver(): Promise<void> {
  if (platform !== "linux") return;
  for (const [variable, value] of Object.entries(settings)) {
    await setDefault(variable, value);
  }
}

/** Reads what an adapter reports. */
export function reportAdapter(
  { info, limits, features }: Pick<GPUAdapter, "info" | "limits" | "features">,
): AdapterReport {
  return {
    vendor: info.vendor,
    architecture: info.architecture,
    device: info.device,
    description: info.description,
    software: isSoftwareAdapter(info),
    limits: Object.fromEntries(limitNames.map((name) => [name, limits[name]])),
    features: [...features].sort(),
  };
}

/**
 * Whether an adapter computes on the CPU: Mesa's llvmpipe (vendor 65541, which
 * is 0x10005, `VK_VENDOR_ID_MESA`), SwiftShader, or Windows's WARP.
 */
export function isSoftwareAdapter(
  info: Pick<GPUAdapterInfo, "vendor" | "architecture" | "description"> & {
    isFallbackAdapter?: boolean;
  },
): boolean {
  const text = `${info.vendor} ${info.architecture} ${info.description}`;
  return info.isFallbackAdapter === true || info.vendor === "65541" ||
    /llvmpipe|lavapipe|softpipe|swiftshader|basic render|\bwarp\b/i.test(text);
}

/** An adapter in one line, such as `NVIDIA H100 (NVIDIA, hardware)`. */
export function nameAdapter(
  { vendor, architecture, description, device, software }: AdapterReport,
): string {
  const maker = vendorNames[vendor] ?? vendor;
  const facts = [maker, architecture, software ? "software" : "hardware"]
    .filter((fact) => fact !== "").join(", ");
  return `${description || device || "unnamed adapter"} (${facts})`;
}

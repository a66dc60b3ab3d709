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

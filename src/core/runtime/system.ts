import os from "node:os";
import process from "node:process";

const platforms: Readonly<Record<string, string>> = { win32: "windows" };

const architectures: Readonly<Record<string, string>> = {
  arm64: "aarch64",
  x64: "x86_64",
};

/** The operating system: `linux`, `darwin`, `windows` and others. */
export const platform: string = platforms[process.platform] ?? process.platform;

/** The architecture of the processor: `x86_64`, `aarch64` and others. */
export const architecture: string = architectures[process.arch] ?? process.arch;

/** Count of logical processors. */
export function countCores(): number {
  // Node 20 has no navigator, and Deno needs no permission for it.
  return globalThis.navigator?.hardwareConcurrency ?? os.cpus().length;
}

import process from "node:process";

/** The programs and browsers that run dupbench. */
export const engineNames = [
  "Deno",
  "Node",
  "Bun",
  "Chromium",
  "Firefox",
] as const;

/** Name of what runs dupbench. */
export type EngineName = (typeof engineNames)[number];

/** What runs dupbench, which compiles its WebAssembly. */
export interface Engine {
  /** Its name. */
  readonly name: EngineName;
  /** Its version, such as `2.9.6`. */
  readonly version: string;
}

/** Whether Deno runs this process, whose permissions are narrow. */
export const isDeno: boolean = "Deno" in globalThis;

/** The engine of this process. */
export const engine: Engine = findEngine();

function findEngine(): Engine {
  const { deno, bun, node } = process.versions as Record<string, string>;
  // Deno and Bun also name the version of Node that they resemble.
  if (deno !== undefined) return { name: "Deno", version: deno };
  if (bun !== undefined) return { name: "Bun", version: bun };
  return { name: "Node", version: node! };
}

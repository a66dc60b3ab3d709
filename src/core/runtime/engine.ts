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

/** How the user agents of browsers give their versions, without zeros at the end. */
const browsers: readonly [EngineName, RegExp][] = [
  ["Firefox", /\bFirefox\/([\d.]+?)(?:\.0)*(?![\d.])/],
  ["Chromium", /Chrom(?:e|ium)\/([\d.]+?)(?:\.0)*(?![\d.])/],
];

/** The engine of this process. */
export const engine: Engine = findEngine();

function findEngine(): Engine {
  const { deno, bun, node } = process.versions as Partial<
    Record<string, string>
  >;
  // Deno and Bun also name the version of Node that they resemble.
  if (deno !== undefined) return { name: "Deno", version: deno };
  if (bun !== undefined) return { name: "Bun", version: bun };
  if (node !== undefined) return { name: "Node", version: node };
  // Other browsers verify, too, but nothing that they run is recorded.
  return parseUserAgent(globalThis.navigator?.userAgent ?? "") ??
    { name: "Chromium", version: "unknown" };
}

/**
 * The browser that a user agent names: that of Edge and others built from
 * Chromium is `Chromium`.
 *
 * @returns `undefined` of others.
 */
export function parseUserAgent(userAgent: string): Engine | undefined {
  for (const [name, pattern] of browsers) {
    const version = pattern.exec(userAgent)?.[1];
    if (version !== undefined) return { name, version };
  }
  return undefined;
}

import config from "../../deno.json" with { type: "json" };
import map from "../../import_map.json" with { type: "json" };
import type { BackendName } from "../spec/names.ts";
import { engineOf } from "./engine_of.ts";
import type { Provenance } from "./provenance.ts";

/** Version of dupbench. */
export const version: string = config.version;

/** Versions of the npm packages that dupbench pins, by package. */
export function packageVersions(): Record<string, string> {
  const versions: Record<string, string> = {};
  for (const target of Object.values(map.imports)) {
    const [, name, pinned] = /^npm:([^/].*)@([^@/]+)/.exec(target) ?? [];
    if (name !== undefined) versions[name] = pinned!;
  }
  return versions;
}

/** What every backend computes with, besides its own package. */
const COMPUTING = ["@tensorflow/tfjs", "@tensorflow/tfjs-core", "pure-rand"];

/**
 * The versions that decide the numbers of cells: of dupbench and of the packages
 * that draw and compute. Others, such as those that decode images, whose digest
 * is compared, or that draw reports, do not.
 *
 * @param recorded Versions of dupbench and of all packages, from a provenance.
 * @param backend Where the cells ran.
 */
export function computingVersions(
  { dupbench, packages }: {
    dupbench: string;
    packages: Readonly<Record<string, string>>;
  },
  backend: BackendName,
): Record<string, string> {
  const names = [...COMPUTING, `@tensorflow/tfjs-backend-${backend}`];
  const versions = Object.entries(packages)
    .filter(([name]) => names.includes(name));
  return { dupbench, ...Object.fromEntries(versions) };
}

/**
 * The versions that decide the numbers of cells, the engine among them where it
 * does: on `cpu`, whose exponentials and logarithms are the engine's own, and on
 * `webgpu`, which it implements. On `wasm` all arithmetic is that of WebAssembly,
 * which is the same bit for bit on every engine.
 *
 * @param recorded Versions of dupbench, of the engine and of all packages.
 * @param backend Where the cells ran.
 */
export function decidingVersions(
  recorded: Pick<Provenance, "dupbench" | "engine" | "deno" | "packages">,
  backend: BackendName,
): Record<string, string> {
  const { name, version } = engineOf(recorded);
  return {
    ...computingVersions(recorded, backend),
    ...(backend !== "wasm" && { [name.toLowerCase()]: version }),
  };
}

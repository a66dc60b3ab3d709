import type { Engine } from "../core/runtime/engine.ts";
import type { Provenance } from "./provenance.ts";

/** What ran a result set; older sets name Deno alone. */
export function engineOf(
  { engine, deno }: Pick<Provenance, "engine" | "deno">,
): Engine {
  return engine ?? { name: "Deno", version: deno ?? "unknown" };
}

/** The engine in a few words, such as `Deno 2.9.6`. */
export function nameEngine(
  provenance: Pick<Provenance, "engine" | "deno">,
): string {
  const { name, version } = engineOf(provenance);
  return `${name} ${version}`;
}

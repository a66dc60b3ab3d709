import type { Backend } from "../src/backend/backend.ts";
import type { BackendName } from "../src/spec/backends.ts";
import { openBackend } from "../src/backend/open_backend.ts";
import {
  type BackendProbe,
  probeBackends,
} from "../src/backend/probe_backends.ts";

/** With it, WebGPU is timed on a software adapter, too: never publish that. */
const SOFTWARE_WEBGPU = "DUPBENCH_BENCH_SOFTWARE_WEBGPU";

/** A bench on one backend; group and name say all that decides the work. */
export interface BackendBench {
  group: string;
  name: string;
  baseline?: boolean;
  /**
   * Measured calls less one: Deno makes one more of a slow body, and one before
   * that to warm it up. None: Deno decides.
   */
  n?: number;
  /** Why the bench would take too long here. */
  tooSlow?: string | undefined;
  /**
   * Calls `start` when the work is prepared and `end` when it is done, the
   * device included.
   */
  run(
    clock: Pick<Deno.BenchContext, "start" | "end">,
    backend: Backend,
  ): Promise<void>;
}

const probes = await probeBackends();

/** Backends in the order in which tables read best: the slowest first. */
export const backends: readonly BackendName[] = ["cpu", "wasm", "webgpu"];

/**
 * Registers a bench. Where the backend is absent it is ignored, with the reason
 * in its name and on standard error: Deno shows ignored benches nowhere, and
 * standard output belongs to `--json`.
 */
export function benchOn(
  backend: BackendName,
  { run, name, group, tooSlow, ...options }: BackendBench,
): void {
  const absence = reasonAgainst(backend);
  const reason = absence ?? tooSlow;
  const ignore = reason !== undefined;
  if (ignore) {
    listIgnored(`${absence ? backend : `${group}: ${name}`}: ${reason}`);
  }
  Deno.bench({
    ...options,
    group,
    name: ignore ? `${name} (ignored: ${reason})` : name,
    ignore,
    async fn(clock) {
      await run(clock, await openBackend(backend));
    },
  });
}

const listed = new Set<string>();

/** Says what is ignored and why: a backend once, however many its benches. */
function listIgnored(text: string): void {
  if (!listed.has(text)) console.error(`ignored: ${text}`);
  listed.add(text);
}

/** Why benches of a backend are ignored on this machine, if they are. */
function reasonAgainst(backend: BackendName): string | undefined {
  const probe = probes.find(({ name }) => name === backend) as BackendProbe;
  if (!probe.available) return probe.detail;
  if (!probe.software || Deno.env.get(SOFTWARE_WEBGPU) === "1") return;
  return `a software adapter says nothing of a GPU; ${SOFTWARE_WEBGPU}=1 runs it: ${probe.detail}`;
}

import os from "node:os";
import map from "../../import_map.json" with { type: "json" };
import { version } from "../core/version.ts";
import type { Provenance } from "../results/provenance.ts";

/** Versions of the npm packages dupbench pins, by package. */
export function packageVersions(): Record<string, string> {
  const versions: Record<string, string> = {};
  for (const target of Object.values(map.imports)) {
    const [, name, pinned] = /^npm:([^/].*)@([^@/]+)/.exec(target) ?? [];
    if (name !== undefined) versions[name] = pinned!;
  }
  return versions;
}

/**
 * Describes this machine and this checkout. What cannot be found out (no git,
 * no permission) is `null` or `"unknown"`, never a reason to lose a result.
 *
 * @param known What the sweep knows: backend, command line, jobs.
 */
export async function collectProvenance(
  known: Pick<Provenance, "backend" | "command" | "jobs">,
): Promise<Provenance> {
  return {
    dupbench: version,
    deno: Deno.version.deno,
    v8: Deno.version.v8,
    packages: packageVersions(),
    os: `${Deno.build.os} ${orUnknown(() => Deno.osRelease())}`,
    arch: Deno.build.arch,
    cpu: orUnknown(() => os.cpus()[0]!.model.trim()),
    cores: navigator.hardwareConcurrency,
    git: await describeCheckout(),
    finishedAt: new Date().toISOString(),
    ...known,
  };
}

function orUnknown(read: () => string): string {
  try {
    return read() || "unknown";
  } catch {
    return "unknown";
  }
}

async function describeCheckout(): Promise<Provenance["git"]> {
  const root = new URL("../../", import.meta.url);
  if (root.protocol !== "file:") return null;
  try {
    await Deno.stat(new URL(".git", root));
    const commit = await git(root, "rev-parse", "HEAD");
    const changes = await git(
      root,
      "status",
      "--porcelain",
      "--untracked-files=no",
      // Results are what a sweep writes; they do not change what it computes.
      "--",
      ":/",
      ":(exclude,top)results",
    );
    return { commit, dirty: changes !== "" };
  } catch {
    return null;
  }
}

async function git(root: URL, ...args: string[]): Promise<string> {
  const { success, stdout } = await new Deno.Command("git", {
    args,
    cwd: root,
    stderr: "null",
  }).output();
  if (!success) throw new Error("git failed");
  return new TextDecoder().decode(stdout).trim();
}

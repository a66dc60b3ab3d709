import os from "node:os";
import { childEnvironment } from "../core/child_environment.ts";
import type { Provenance } from "./provenance.ts";
import { packageVersions, version } from "./versions.ts";

/**
 * Describes this machine and this checkout. What cannot be determined (no git,
 * no permission) is `null` or `"unknown"`, so that no result is lost.
 *
 * @param known What only the caller knows: the backend's description of itself
 * (`{}` where nothing is computed), the arguments of the command line, and how
 * many cells ran at a time (at least 1).
 * @returns `finishedAt` is the time of the call.
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
    // A process that is killed must not leave a lock on the user's index.
    args: ["--no-optional-locks", ...args],
    cwd: root,
    ...childEnvironment(),
    stderr: "null",
  }).output();
  if (!success) throw new Error("git failed");
  return new TextDecoder().decode(stdout).trim();
}

import { stat } from "node:fs/promises";
import os from "node:os";
import process from "node:process";
import { childEnvironment } from "../core/child_environment.ts";
import { startChild } from "../core/runtime/child_process.ts";
import { engine, isDeno } from "../core/runtime/engine.ts";
import { architecture, countCores, platform } from "../core/runtime/system.ts";
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
    engine: { ...engine },
    ...(isDeno && { deno: engine.version }),
    ...(engine.name !== "Bun" && { v8: process.versions.v8 }),
    packages: packageVersions(),
    os: `${platform} ${orUnknown(() => os.release())}`,
    arch: architecture,
    cpu: orUnknown(() => os.cpus()[0]!.model.trim()),
    cores: countCores(),
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
    await stat(new URL(".git", root));
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

/**
 * Milliseconds after which git is given up. It answers in some tens of them,
 * from a network's disk in some thousands; a sweep must not wait for one that
 * was stopped or whose disk does not answer.
 */
const GIT_LIMIT_MS = 10_000;

async function git(root: URL, ...args: string[]): Promise<string> {
  const child = await startChild({
    command: "git",
    // A process that is killed must not leave a lock on the user's index.
    args: ["--no-optional-locks", ...args],
    cwd: root,
    ...childEnvironment(),
    stdin: "null",
    stdout: "piped",
    stderr: "null",
  });
  const answer = async () => {
    const text = await new Response(child.stdout).text();
    if ((await child.status).code !== 0) throw new Error("git failed");
    return text.trim();
  };
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(new Error("git did not answer"));
      try {
        child.kill("SIGKILL");
      } catch {
        // It has ended, but another process holds its output.
      }
    }, GIT_LIMIT_MS);
  });
  try {
    return await Promise.race([answer(), late]);
  } finally {
    clearTimeout(timer);
  }
}

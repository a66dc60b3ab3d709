import process from "node:process";
import type { ChildCommand } from "./runtime/child_process.ts";

/** Variables of the dynamic linker. */
const LINKER = /^(LD|DYLD)_/;

/**
 * The environment for a child process, as a part of `ChildCommand`: this
 * process's own without the variables of the dynamic linker (`LD_*`, `DYLD_*`),
 * which CUDA, conda and HPC modules set. Deno starts no process with them unless
 * it may start every program.
 *
 * @returns Nothing where none of these is set or the environment is not readable.
 */
export function childEnvironment(): Pick<ChildCommand, "env"> {
  let all: Record<string, string>;
  try {
    all = { ...process.env } as Record<string, string>;
  } catch {
    return {};
  }
  const kept = Object.entries(all).filter(([name]) => !LINKER.test(name));
  if (kept.length === Object.keys(all).length) return {};
  return { env: Object.fromEntries(kept) };
}

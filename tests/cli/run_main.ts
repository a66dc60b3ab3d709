import type { Io } from "../../src/cli/io.ts";
import { main } from "../../src/cli/main.ts";
import { fromFileUrl } from "../sweep/paths.ts";

/** How a command ended, and what it printed. */
export interface EndedMain {
  code: number;
  stdout: string;
  stderr: string;
}

const root = fromFileUrl(new URL("../../", import.meta.url));

/**
 * Runs the command line in this process, as `deno task` does in one of its own.
 *
 * @param cwd Where relative paths start; by default the repository.
 * @param outside What is to differ from a plain pipe on an idle machine.
 */
export async function runMain(
  args: readonly string[],
  cwd = root,
  outside: Partial<Io> = {},
): Promise<EndedMain> {
  let stdout = "";
  let stderr = "";
  const code = await main(args, {
    print: (text) => void (stdout += `${text}\n`),
    note: (text) => void (stderr += `${text}\n`),
    cwd,
    env: {},
    cores: navigator.hardwareConcurrency,
    now: () => performance.now(),
    drawSeed: () => crypto.getRandomValues(new Uint32Array(1))[0]!,
    onInterrupt: () => () => {},
    ...outside,
  });
  return { code, stdout, stderr };
}

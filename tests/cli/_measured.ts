/**
 * Runs commands one after another in a process of their own, so that what they
 * cost is not mixed with other tests: the arguments are a folder, in which they
 * run, and a JSON list of the words of each. Prints a `MeasuredCommand` as a line
 * of JSON for each.
 *
 * @module
 */
import process from "node:process";
import { type EndedMain, runMain } from "./run_main.ts";
import { fromFileUrl } from "../sweep/paths.ts";

/** How a command ended, and what it cost. */
export interface MeasuredCommand extends EndedMain {
  /** Processor time of this process, all threads, in seconds. */
  cpu: number;
  /** Most memory that the process has had so far, in bytes; Linux only. */
  bytes: number;
}

/** Runs commands in one process of their own. */
export async function measure(
  commands: readonly (readonly string[])[],
  folder: string,
): Promise<MeasuredCommand[]> {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      `--lock=${fromFileUrl(new URL("../../deno.lock", import.meta.url))}`,
      "--no-prompt",
      "--allow-read",
      "--allow-env",
      "--allow-sys",
      `--allow-write=${folder}`,
      "--allow-run=cat",
      import.meta.url,
      folder,
      JSON.stringify(commands),
    ],
    env: { NO_COLOR: "1" },
  }).output();
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  if (code !== 0) {
    throw new Error(`exit code ${code}: ${text(stderr) || text(stdout)}`);
  }
  return text(stdout).trimEnd().split("\n").map((line) => JSON.parse(line));
}

if (import.meta.main) {
  const [folder, commands] = Deno.args as [string, string];
  for (const args of JSON.parse(commands) as string[][]) {
    const before = process.cpuUsage();
    const ended = await runMain(args, folder);
    const { user, system } = process.cpuUsage(before);
    console.log(JSON.stringify(
      {
        ...ended,
        cpu: (user + system) / 1e6,
        bytes: await peakBytes(),
      } satisfies MeasuredCommand,
    ));
  }
  Deno.exit(0);
}

/** Deno itself does not read below /proc without every permission. */
async function peakBytes(): Promise<number> {
  if (Deno.build.os !== "linux") return Deno.memoryUsage().rss;
  const { stdout } = await new Deno.Command("cat", {
    args: [`/proc/${Deno.pid}/status`],
  }).output();
  const status = new TextDecoder().decode(stdout);
  return 1024 * Number(/^VmHWM:\s*(\d+) kB$/m.exec(status)![1]);
}

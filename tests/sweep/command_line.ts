import { fromFileUrl } from "./paths.ts";

/** How a command ended. */
export interface Ended {
  code: number;
  signal: string | null;
  stdout: string;
  stderr: string;
}

const root = fromFileUrl(new URL("../../", import.meta.url));

/** What Deno is to be told to run the command line with these arguments. */
export function denoArgs(args: string[]): string[] {
  return [
    "run",
    "--quiet",
    `--lock=${root}deno.lock`,
    "--no-prompt",
    "--allow-read",
    "--allow-write",
    "--allow-env",
    "--allow-sys",
    "--allow-run",
    `${root}src/cli/entry.ts`,
    ...args,
  ];
}

/** Where a command runs, and with which variables besides those of this process. */
export type CommandPlace = Pick<Deno.CommandOptions, "cwd" | "env">;

/** Starts the real command line in a process of its own, as `deno task` does. */
export function startCommand(
  args: string[],
  place: CommandPlace = {},
): Deno.ChildProcess {
  return new Deno.Command(Deno.execPath(), {
    args: denoArgs(args),
    cwd: root,
    ...place,
    stdout: "piped",
    stderr: "piped",
  }).spawn();
}

/** Runs the real command line to its end. */
export async function runCommand(
  args: string[],
  place?: CommandPlace,
): Promise<Ended> {
  const { code, signal, stdout, stderr } = await startCommand(args, place)
    .output();
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  return { code, signal, stdout: text(stdout), stderr: text(stderr) };
}

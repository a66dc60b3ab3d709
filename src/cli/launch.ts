/**
 * Starts the command line in a process of its own that may write only where the
 * call says, and that ends soon when it is asked to: what tasks of deno.json
 * start, since they cannot compute permissions themselves. It loads no package.
 *
 * @module
 */
import { resolve } from "node:path";
import { fileURLToPath as fromFileUrl } from "node:url";
import { childFlags } from "./child_flags.ts";

/** Milliseconds that a command has to end by itself after Ctrl-C or SIGTERM. */
const GRACE_MS = 1500;

/** Exit code of a command that was interrupted. */
const INTERRUPTED = 130;

const signals: readonly Deno.Signal[] = Deno.build.os === "windows"
  ? ["SIGINT"]
  : ["SIGINT", "SIGTERM", "SIGHUP"];

/** Runs a call to its end and returns its exit code. */
async function launch(args: readonly string[]): Promise<number> {
  const [folder, [name, ...words]] = args[0] === "-C"
    ? [args[1] ?? ".", args.slice(2)]
    : [".", args];
  const deno = Deno.execPath();
  const flags = await childFlags({ name, words, cwd: resolve(folder), deno });
  const lock = fromFileUrl(new URL("../../deno.lock", import.meta.url));
  const entry = new URL("./entry.ts", import.meta.url).href;
  // A signal that comes before the child is there is handled after that.
  const started: { child?: Deno.ChildProcess } = {};
  let isInterrupted = false;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const send = (signal: Deno.Signal) => {
    try {
      started.child?.kill(signal);
    } catch {
      // It has ended already.
    }
  };
  for (const signal of signals) {
    Deno.addSignalListener(signal, () => {
      isInterrupted = true;
      send(signal);
      timer ??= setTimeout(() => send("SIGKILL"), GRACE_MS);
    });
  }
  started.child = new Deno.Command(deno, {
    args: ["run", `--lock=${lock}`, ...flags, entry, ...args],
    stdin: "inherit",
    stdout: "inherit",
    stderr: "inherit",
  }).spawn();
  const { code, signal } = await started.child.status;
  clearTimeout(timer);
  if (!isInterrupted || signal === null) return code;
  console.error(
    name === "sweep"
      ? "Interrupted: what is in the journal is kept"
      : "Interrupted",
  );
  return INTERRUPTED;
}

if (import.meta.main) Deno.exit(await launch(Deno.args));

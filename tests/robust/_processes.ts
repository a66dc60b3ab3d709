import { denoArgs } from "../sweep/command_line.ts";
import { fromFileUrl } from "../sweep/paths.ts";

/** A process as Linux's /proc shows it. */
export interface ProcessInfo {
  pid: number;
  /** The process that started it; 1 or another reaper after that has ended. */
  parent: number;
  /** The leader of its process group. */
  group: number;
}

/**
 * The running processes, without those that ended and only wait for their
 * parent to read how. Through a shell, since Deno itself does not read /proc.
 */
export async function listProcesses(): Promise<ProcessInfo[]> {
  const { stdout } = await new Deno.Command("sh", {
    args: ["-c", "cat /proc/[0-9]*/stat 2>/dev/null"],
  }).output();
  return new TextDecoder().decode(stdout).split("\n").flatMap((line) => {
    // proc(5): pid (name) state ppid pgrp; a name may hold anything.
    const [state, parent, group] = line.slice(line.lastIndexOf(")") + 2)
      .split(" ");
    const isRunning = group !== undefined && state !== "Z" && state !== "X";
    return isRunning
      ? [{
        pid: parseInt(line),
        parent: Number(parent),
        group: Number(group),
      }]
      : [];
  });
}

/** The program of a worker, as the end of an argument of its process. */
const WORKER = "/src/sweep/worker.ts";

/** The arguments of a process; none if it has ended. */
async function readArguments(pid: number): Promise<string[]> {
  const { stdout } = await new Deno.Command("sh", {
    args: ["-c", `cat /proc/${pid}/cmdline 2>/dev/null`],
  }).output();
  return new TextDecoder().decode(stdout).split("\0");
}

/** Milliseconds after which a command that hangs is killed, so that its test fails. */
const COMMAND_LIMIT_MS = 300_000;

/** Signals that ask a command to end. */
export const interrupts = ["INT", "TERM"] as const;

type Interrupt = typeof interrupts[number];

/** A command that leads a process group, which its workers are in. */
export interface Group {
  /** Its process, which is also the id of its group. */
  readonly pid: number;
  /** Whether the command has ended. */
  readonly ended: boolean;
  /** How it ended and what it wrote on standard error. */
  readonly end: Promise<{ code: number; stderr: string }>;
  /**
   * Its workers: of the processes that it started, those that run a worker's
   * program. The others are `git`, and a worker that was forked and has not
   * begun its program yet: to stop that one stops the command, which waits for it.
   */
  workers(): Promise<number[]>;
  /** Asks it to end as Ctrl-C (the whole group) or a scheduler (its command) does. */
  interrupt(signal: Interrupt): Promise<void>;
  /** Kills the command alone, all of its group, or one process. */
  kill(what: "command" | "group" | number): Promise<void>;
  /** Milliseconds until its group has no process; at most `limitMs`. */
  gone(limitMs: number): Promise<number>;
}

/** Starts the real command line as the leader of a process group. */
export function startGroup(args: string[]): Group {
  return lead(denoArgs(args));
}

/** Starts what a task of deno.json starts, as the leader of a process group. */
export function startLaunched(args: string[]): Group {
  const launcher = fromFileUrl(
    new URL("../../src/cli/launch.ts", import.meta.url),
  );
  const flags = ["--no-prompt", "--allow-read", "--allow-env", "--allow-run"];
  return lead(["run", "--quiet", ...flags, launcher, ...args]);
}

function lead(args: string[]): Group {
  const child = new Deno.Command("setsid", {
    args: [Deno.execPath(), ...args],
    stdout: "null",
    stderr: "piped",
  }).spawn();
  let ended = false;
  const timer = setTimeout(
    () => sendSignal("KILL", -child.pid),
    COMMAND_LIMIT_MS,
  );
  const end = child.output().then(({ code, stderr }) => {
    clearTimeout(timer);
    ended = true;
    return { code, stderr: new TextDecoder().decode(stderr) };
  });
  const { pid } = child;
  return {
    pid,
    end,
    get ended() {
      return ended;
    },
    async workers() {
      const children = (await listProcesses())
        .filter(({ parent }) => parent === pid);
      const words = await Promise.all(
        children.map(({ pid }) => readArguments(pid)),
      );
      return children.flatMap(({ pid }, i) =>
        words[i]!.some((word) => word.endsWith(WORKER)) ? [pid] : []
      );
    },
    async interrupt(signal) {
      const target = signal === "INT" ? -pid : pid;
      // A process leads its group only some time after it was started.
      while (!ended && !await sendSignal(signal, target)) await sleep(1);
    },
    async kill(what) {
      const target = what === "group" ? -pid : what === "command" ? pid : what;
      // Fails if it has ended already, which is what is wanted.
      await sendSignal("KILL", target);
    },
    async gone(limitMs) {
      const start = performance.now();
      const since = () => performance.now() - start;
      while ((await listProcesses()).some(({ group }) => group === pid)) {
        if (since() > limitMs) return limitMs;
        await sleep(10);
      }
      return since();
    },
  };
}

/** Sends a signal to a process or, if negative, to a group; whether it exists. */
async function sendSignal(signal: string, target: number): Promise<boolean> {
  const args = [`-${signal}`, "--", `${target}`];
  return (await new Deno.Command("kill", { args }).output()).success;
}

/** Waits. */
export function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

import { randomBytes } from "node:crypto";
import { constants, rmSync } from "node:fs";
import {
  copyFile,
  link,
  readFile,
  rename,
  rm,
  stat,
  writeFile,
} from "node:fs/promises";
import os from "node:os";
import process from "node:process";

/**
 * Age in ms, on the clock of the file system, from which a lock that names no
 * process is one whose process was killed while it wrote it.
 */
const WRITTEN_WITHIN = 10_000;

/**
 * Takes a lock that a file stands for: it names the process that holds it. A lock
 * is taken over if its process was one of this machine and has ended, or if it
 * names no process after 10 s. Of several processes that take it at a time one
 * gets it.
 *
 * @returns Whether it was taken.
 */
export async function takeLock(path: string): Promise<boolean> {
  // The lock is there with its content or not at all: the content comes first.
  const own = `${path}.${randomBytes(4).toString("hex")}.part`;
  await writeFile(own, `${os.hostname()} ${process.pid}\n`, { flag: "wx" });
  try {
    for (let attempt = 0; attempt < 10; attempt++) {
      if (await place(own, path)) return true;
      const state = await stateOf(path, own);
      if (state === "held") return false;
      if (state === "left") return await takeOver(path, own);
      // It was given back in between.
    }
    return false;
  } finally {
    await rm(own, { force: true });
  }
}

/** Gives a lock back that this process holds. */
export function releaseLock(path: string): void {
  rmSync(path, { force: true });
}

/**
 * Replaces a lock that was left. Only one process may do so at a time: a second
 * one, which found the same lock left, would replace that of the first. So this
 * needs a lock of its own, under which nobody else changes one that was left.
 */
async function takeOver(path: string, own: string): Promise<boolean> {
  const turn = `${path}.turn`;
  if (!await takeLock(turn)) return false;
  try {
    if (await stateOf(path, own) !== "left") return false;
    await rename(own, path);
    return true;
  } finally {
    releaseLock(turn);
  }
}

/** Gives a file a second name, unless there is a file of that name. */
async function place(own: string, path: string): Promise<boolean> {
  const isThere = (error: NodeJS.ErrnoException) => error.code === "EEXIST";
  try {
    await link(own, path);
    return true;
  } catch (error) {
    if (isThere(error as NodeJS.ErrnoException)) return false;
  }
  // Some file systems, such as exFAT, have no second names. A copy is empty at
  // first, and may be taken over if its writing takes longer than it may.
  try {
    await copyFile(own, path, constants.COPYFILE_EXCL);
    const [found, text] = await Promise.all([
      readFile(path, "utf8").catch(() => ""),
      readFile(own, "utf8"),
    ]);
    return found === text;
  } catch (error) {
    if (isThere(error as NodeJS.ErrnoException)) return false;
    throw error;
  }
}

/** Whether a lock is held, was left by a process that ended, or is not there. */
async function stateOf(
  path: string,
  own: string,
): Promise<"held" | "left" | "absent"> {
  try {
    const named = /^(\S+) (\d+)\n$/.exec(await readFile(path, "utf8"));
    if (named === null) {
      // The clock of a server of files may differ from this machine's.
      const [then, now] = await Promise.all([stat(path), stat(own)]);
      return now.mtimeMs - then.mtimeMs > WRITTEN_WITHIN ? "left" : "held";
    }
    const [, host, pid] = named;
    return host === os.hostname() && !isAlive(Number(pid)) ? "left" : "held";
  } catch (error) {
    // What cannot be read is another user's.
    return (error as NodeJS.ErrnoException).code === "ENOENT"
      ? "absent"
      : "held";
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // It may be another user's.
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

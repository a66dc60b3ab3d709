import { rmSync } from "node:fs";
import { readFile, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import process from "node:process";

/**
 * Takes a lock that a file stands for: it names the process that holds it. The
 * lock of a process of this machine that has ended is taken over.
 *
 * @returns Whether it was taken.
 */
export async function takeLock(path: string): Promise<boolean> {
  const own = `${os.hostname()} ${process.pid}\n`;
  for (let attempt = 0; attempt < 2; attempt++) {
    try {
      await writeFile(path, own, { flag: "wx" });
      return true;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    }
    const [host, pid] = (await readFile(path, "utf8").catch(() => ""))
      .trim().split(" ");
    if (host !== os.hostname() || isAlive(Number(pid))) return false;
    await rm(path, { force: true });
  }
  return false;
}

/** Gives a lock back that this process holds. */
export function releaseLock(path: string): void {
  rmSync(path, { force: true });
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

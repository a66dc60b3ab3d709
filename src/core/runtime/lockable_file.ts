import { open } from "node:fs/promises";
import { isDeno } from "./engine.ts";
import { releaseLock, takeLock } from "./lock_by_name.ts";

/** An open file that is read and written at a place, and that can be locked. */
export interface LockableFile {
  /** What it is; `ino` tells it from one that took its path. */
  stat(): Promise<{ isFile: boolean; size: number; ino: number | null }>;
  /**
   * Locks it until it is closed, unless another process holds the lock.
   *
   * @returns Whether it is locked, and the file that stands for the lock, which
   * one of another machine leaves if it is killed; `null`: the system's own lock.
   */
  tryLock(): Promise<{ taken: boolean; by: string | null }>;
  /** Its size in bytes, also where its folder is gone. */
  size(): Promise<number>;
  /** Reads from a place on; gives how many bytes, 0 at the end. */
  read(bytes: Uint8Array, at: number): Promise<number>;
  /** Writes all bytes at a place. */
  write(bytes: Uint8Array, at: number): Promise<void>;
  /** Cuts it to a size. */
  truncate(size: number): Promise<void>;
  /** Waits until what was written is on disk. */
  sync(): Promise<void>;
  /** Closes it and releases its lock. */
  close(): void;
}

/** Opens a file, or makes it, to read, write and lock it. */
export const openLockable: (path: string) => Promise<LockableFile> = isDeno
  ? openInDeno
  : openInNode;

/** Locks with the system's own lock, which ends with the process. */
async function openInDeno(path: string): Promise<LockableFile> {
  const file = await Deno.open(path, { create: true, read: true, write: true });
  return {
    stat: () => file.stat(),
    tryLock: async () => ({ taken: await file.tryLock(true), by: null }),
    size: () => file.seek(0, Deno.SeekMode.End),
    async read(bytes, at) {
      await file.seek(at, Deno.SeekMode.Start);
      return await file.read(bytes) ?? 0;
    },
    async write(bytes, start) {
      await file.seek(start, Deno.SeekMode.Start);
      let at = 0;
      while (at < bytes.length) at += await file.write(bytes.subarray(at));
    },
    truncate: (size) => file.truncate(size),
    sync: () => file.syncData(),
    close: () => file.close(),
  };
}

/** Node offers no lock of the system: a file next to it stands for the lock. */
async function openInNode(path: string): Promise<LockableFile> {
  const file = await open(path, "a+").then(async (made) => {
    await made.close();
    return await open(path, "r+");
  });
  let lock: string | undefined;
  const stat = async () => {
    const found = await file.stat();
    return { isFile: found.isFile(), size: found.size, ino: found.ino };
  };
  return {
    stat,
    async tryLock() {
      const { ino } = await stat();
      const by = `${path}.${ino}.lock`;
      const taken = await takeLock(by);
      if (taken) lock = by;
      return { taken, by };
    },
    size: async () => (await stat()).size,
    async read(bytes, at) {
      return (await file.read(bytes, 0, bytes.length, at)).bytesRead;
    },
    async write(bytes, start) {
      let at = 0;
      while (at < bytes.length) {
        const rest = bytes.length - at;
        at += (await file.write(bytes, at, rest, start + at)).bytesWritten;
      }
    },
    truncate: (size) => file.truncate(size),
    sync: () => file.datasync(),
    close() {
      file.close().catch(() => {});
      if (lock !== undefined) releaseLock(lock);
    },
  };
}

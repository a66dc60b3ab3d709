import { randomUUID } from "node:crypto";
import {
  mkdir,
  readFile,
  rename,
  unlink,
  utimes,
  writeFile,
} from "node:fs/promises";
import { sha256 } from "../../core/digest.ts";
import { listCache } from "./list_cache.ts";

/** Decoded images that are kept between runs; it never fails. */
export interface PixelCache {
  /**
   * What is kept.
   *
   * @param key SHA-256 of everything that decides the bytes, in hexadecimal.
   * @param length Number of bytes that are expected.
   * @returns `undefined` if there is nothing, or what is there is damaged.
   */
  read(key: string, length: number): Promise<Uint8Array | undefined>;
  /** Keeps bytes, if that is possible. */
  write(key: string, bytes: Uint8Array): Promise<void>;
  /** Removes what was used longest ago until the rest is within the limit. */
  trim(): Promise<void>;
}

/** Where decoded images are kept, and how many. */
export interface CacheOptions {
  /** Its folder, which is made when it is first written to. */
  readonly folder: string;
  /** Most bytes of all files together; default {@linkcode cacheLimit}. */
  readonly limitBytes?: number;
  /** Version of dupbench, which may decode otherwise than another one. */
  readonly version?: string;
}

/** Most bytes of the cache: a million images of 32x32, less a third. */
export const cacheLimit = 2 ** 31;

/** Share of the limit that is kept when it is exceeded. */
const KEPT = 0.9;

/** Milliseconds after which a file that is not finished was given up. */
const STALE_MS = 3_600_000;

/**
 * Opens a cache. Files are written under another name and renamed, so that
 * processes may share it and may be killed; each ends with the SHA-256 of its
 * content, and one that does not match is as if it were absent. Without permission
 * or space it keeps nothing.
 */
export function openPixelCache(
  { folder, limitBytes = cacheLimit, version = "" }: CacheOptions,
): PixelCache {
  /** Bytes written since the last trim. */
  let written = 0;
  let isWritable = true;
  const pathOf = (key: string) => `${folder}/${sha256(version, key)}.pixels`;
  return {
    async read(key, length) {
      try {
        const file = await readFile(pathOf(key));
        const content = file.subarray(0, length);
        const sum = file.subarray(length);
        if (sum.toString("hex") !== sha256(content)) return undefined;
        const now = new Date();
        await utimes(pathOf(key), now, now).catch(() => {});
        return content;
      } catch {
        return undefined;
      }
    },
    async write(key, bytes) {
      if (!isWritable || bytes.length > limitBytes * KEPT) return;
      const unfinished = `${folder}/${randomUUID()}.unfinished`;
      try {
        await mkdir(folder, { recursive: true, mode: 0o700 });
        const sum = Uint8Array.from(
          sha256(bytes).match(/../g)!,
          (digits) => parseInt(digits, 16),
        );
        await writeFile(unfinished, [bytes, sum], { mode: 0o600 });
        await rename(unfinished, pathOf(key));
        written += bytes.length;
      } catch {
        isWritable = false;
        await unlink(unfinished).catch(() => {});
      }
      if (written > limitBytes / 8) await this.trim();
    },
    async trim() {
      if (written === 0) return;
      written = 0;
      const files = await listCache(folder);
      const remove = (path: string) => unlink(path).catch(() => {});
      for (const { path, usedAt, isFinished } of files) {
        if (!isFinished && Date.now() - usedAt > STALE_MS) await remove(path);
      }
      const finished = files.filter(({ isFinished }) => isFinished)
        .sort((a, b) => a.usedAt - b.usedAt);
      let sum = finished.reduce((bytes, file) => bytes + file.bytes, 0);
      if (sum <= limitBytes) return;
      for (const { path, bytes } of finished) {
        if (sum <= limitBytes * KEPT) return;
        await remove(path);
        sum -= bytes;
      }
    },
  };
}

import { readdir, stat } from "node:fs/promises";

/** A file of the cache. */
export interface CacheFile {
  readonly path: string;
  readonly bytes: number;
  /** When it was last read or written, in milliseconds since 1970. */
  readonly usedAt: number;
  /** Whether it is whole, and not being written. */
  readonly isFinished: boolean;
}

/** Lists the cache's own files in its folder; nothing else there is touched. */
export async function listCache(folder: string): Promise<CacheFile[]> {
  const names = await readdir(folder).catch((): string[] => []);
  const files: CacheFile[] = [];
  for (const name of names) {
    const isFinished = /^[0-9a-f]{64}\.pixels$/.test(name);
    if (!isFinished && !/^[0-9a-f-]{36}\.unfinished$/.test(name)) continue;
    const path = `${folder}/${name}`;
    // Another process may have removed it.
    const info = await stat(path).catch(() => undefined);
    if (info === undefined) continue;
    files.push({ path, bytes: info.size, usedAt: info.mtimeMs, isFinished });
  }
  return files;
}

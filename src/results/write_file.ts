import { mkdir, open, rename, rm } from "node:fs/promises";
import { dirname } from "node:path";
import { messageOf, UsageError } from "../core/errors.ts";

/**
 * Writes a file completely or not at all: first to a file next to it, which is
 * flushed to disk and then renamed over the old one.
 *
 * @throws {UsageError} If it cannot be written; the old file is then unchanged.
 */
export async function writeFileAtomically(
  path: string,
  content: string | Uint8Array,
): Promise<void> {
  const part = `${path}.part`;
  const bytes = typeof content === "string"
    ? new TextEncoder().encode(content)
    : content;
  try {
    await mkdir(dirname(path), { recursive: true });
    // What is left there may be a link to elsewhere: never write through it.
    await rm(part).catch(() => {});
    const file = await open(part, "wx");
    try {
      await file.writeFile(bytes);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(part, path);
  } catch (error) {
    await rm(part).catch(() => {});
    throw new UsageError(`Cannot write "${path}": ${messageOf(error)}`);
  }
}

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
    await Deno.mkdir(dirname(path), { recursive: true });
    // What is left there may be a link to elsewhere: never write through it.
    await Deno.remove(part).catch(() => {});
    const file = await Deno.open(part, { write: true, createNew: true });
    try {
      let at = 0;
      while (at < bytes.length) at += await file.write(bytes.subarray(at));
      await file.sync();
    } finally {
      file.close();
    }
    await Deno.rename(part, path);
  } catch (error) {
    await Deno.remove(part).catch(() => {});
    throw new UsageError(`Cannot write "${path}": ${messageOf(error)}`);
  }
}

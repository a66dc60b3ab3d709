/** Most bytes of a file of text that is read: a hundred times the largest known. */
export const textLimitBytes = 2 ** 28;

/** Deepest nesting that any file of ours comes near, with room to spare. */
const DEEPEST = 64;

/**
 * Reads a whole file of text. Devices and pipes, whose size says nothing
 * of how much they would give, are refused like anything else that is no file.
 *
 * @throws {Error} If it is absent, unreadable, no regular file, or larger than
 * `textLimitBytes`; the caller says what the file was to be.
 */
export async function readTextBytes(
  path: string,
): Promise<Uint8Array<ArrayBuffer>> {
  const { isFile, isDirectory, size } = await Deno.stat(path);
  if (!isFile) {
    throw new Error(isDirectory ? "it is a folder" : "it is no regular file");
  }
  if (size > textLimitBytes) {
    throw new Error(
      `its size must be at most ${textLimitBytes} bytes: current value is ${size}`,
    );
  }
  return await Deno.readFile(path);
}

/**
 * Reads a whole file of UTF-8 text.
 *
 * @throws {Error} As `readTextBytes` does.
 */
export async function readText(path: string): Promise<string> {
  return new TextDecoder().decode(await readTextBytes(path));
}

/**
 * Parses JSON from outside. What valid JSON may be and what would fail far from
 * here, in code that recurses or in canonical JSON, is refused: nesting without
 * end, and strings that are no Unicode text (half of a surrogate pair).
 *
 * @throws {SyntaxError} If it is no such JSON.
 */
export function parseJson(text: string): unknown {
  const root: unknown = JSON.parse(text);
  let level: unknown[] = [root];
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > DEEPEST) {
      throw new SyntaxError(`it is nested more than ${DEEPEST} levels deep`);
    }
    const next: unknown[] = [];
    for (const value of level) {
      if (typeof value === "string") requireText(value);
      if (typeof value !== "object" || value === null) continue;
      if (!Array.isArray(value)) Object.keys(value).forEach(requireText);
      for (const inner of Object.values(value)) next.push(inner);
    }
    level = next;
  }
  return root;
}

function requireText(text: string): void {
  if (text.isWellFormed()) return;
  throw new SyntaxError("it has a string that is no Unicode text");
}

/** Largest size in bytes of a text file: a hundred times the largest known. */
export const textLimitBytes = 2 ** 28;

/** Most values in a text of JSON: twenty times as many as the largest known. */
const MOST_NODES = 2_000_000;

/** Deepest nesting of JSON: several times that of any file of dupbench. */
const DEEPEST = 64;

/**
 * Reads a whole file of text. Devices and pipes are refused, as their size does
 * not tell how much they would give.
 *
 * @throws {Error} If it is absent, unreadable, not a regular file, or larger than
 * `textLimitBytes`; the caller adds which file it is.
 */
export async function readTextBytes(
  path: string,
): Promise<Uint8Array<ArrayBuffer>> {
  const { isFile, isDirectory, size } = await Deno.stat(path);
  if (!isFile) {
    throw new Error(isDirectory ? "it is a folder" : "it is a device or pipe");
  }
  if (size > textLimitBytes) {
    throw new Error(
      `it must have at most ${textLimitBytes} bytes, got ${size}`,
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
 * Parses JSON from outside. Valid JSON that would fail later, in code that
 * recurses or in canonical JSON, is refused: deep nesting, and strings that are
 * not Unicode text (half of a surrogate pair).
 *
 * @throws {SyntaxError} If it is not such JSON.
 */
export function parseJson(text: string): unknown {
  requireFewNodes(text);
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

/**
 * Counts values before any is made: a file of the size limit could otherwise ask
 * for more memory than there is.
 */
function requireFewNodes(text: string): void {
  let nodes = 1;
  let inString = false;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (inString) {
      if (code === 0x5c) i++; // a backslash
      else if (code === 0x22) inString = false;
    } else if (code === 0x22) inString = true; // "
    else if (code === 0x2c || code === 0x5b || code === 0x7b) nodes++; // , [ {
    if (nodes > MOST_NODES) {
      throw new SyntaxError(
        `it has more than ${MOST_NODES.toLocaleString("en")} values`,
      );
    }
  }
}

function requireText(text: string): void {
  if (text.isWellFormed()) return;
  throw new SyntaxError("it has a string that is not Unicode text");
}

import { strFromU8, unzipSync } from "fflate";
import { textLimitBytes } from "../core/read_json.ts";

/** Whether bytes are a zip: its first entry begins with this signature. */
export function isZip(bytes: Uint8Array): boolean {
  return strFromU8(bytes.subarray(0, 4), true) === "PK\x03\x04";
}

/**
 * Takes the result set out of a crate that `roCrate` packed.
 *
 * @returns The bytes of its file.
 * @throws {Error} If the zip is damaged, holds no result set or several, or one
 * that is too large; the caller adds which file it is.
 */
export function readCrate(bytes: Uint8Array): Uint8Array {
  let found: Record<string, Uint8Array>;
  let count = 0;
  try {
    found = unzipSync(bytes, {
      filter: ({ name, originalSize }) => {
        if (!isResultSet(name)) return false;
        // Of several none is read, and a zip of a few kB may name thousands.
        if (++count > 1) return false;
        if (originalSize <= textLimitBytes) return true;
        throw new RangeError(
          `its result set must have at most ${textLimitBytes} bytes, got ${originalSize}`,
        );
      },
    });
  } catch (error) {
    if (error instanceof RangeError) throw error;
    throw new Error("it is a damaged zip");
  }
  const files = Object.values(found);
  if (count === 1) return files[0]!;
  throw new Error(
    `it is a zip with ${
      count === 0 ? "no result set" : "several result sets"
    }: a crate of dupbench has one, data/NAME.json`,
  );
}

function isResultSet(path: string): boolean {
  return /^data\/[^/]+\.json$/.test(path) &&
    !/(\.study|-analysis)\.json$/.test(path);
}

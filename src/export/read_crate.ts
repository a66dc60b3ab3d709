import { strFromU8, unzipSync } from "fflate";
import { textLimitBytes } from "../core/read_json.ts";
import { METADATA } from "./crate_file.ts";

/** Whether bytes are a zip: its first entry begins with this signature. */
export function isZip(bytes: Uint8Array): boolean {
  return strFromU8(bytes.subarray(0, 4), true) === "PK\x03\x04";
}

/**
 * Whether bytes are a crate of a result set: a zip with the description of one.
 */
export function isCrate(bytes: Uint8Array): boolean {
  const names = new Set<string>();
  try {
    unzipSync(bytes, {
      filter({ name }) {
        names.add(name);
        return false;
      },
    });
  } catch {
    return false;
  }
  return names.has(METADATA) &&
    [...names].some((name) => isResultSet(name, names));
}

/**
 * Takes the result set out of a crate that `roCrate` packed.
 *
 * @returns The bytes of its file.
 * @throws {Error} If the zip is damaged, holds no result set or several, or one
 * that is too large; the caller adds which file it is.
 */
export function readCrate(bytes: Uint8Array): Uint8Array {
  const names: string[] = [];
  let sets: string[];
  let found: Record<string, Uint8Array>;
  try {
    unzipSync(bytes, {
      filter: ({ name }) => {
        names.push(name);
        return false;
      },
    });
    const all = new Set(names);
    sets = names.filter((name) => isResultSet(name, all));
    found = unzipSync(bytes, {
      filter: ({ name, originalSize }) => {
        // Of several none is read, and a zip of a few kB may name thousands.
        if (sets.length !== 1 || name !== sets[0]) return false;
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
  if (sets.length === 1) return found[sets[0]!]!;
  throw new Error(
    `it is a zip with ${
      sets.length === 0 ? "no result set" : "several result sets"
    }: a crate of dupbench has one, data/NAME.json`,
  );
}

/**
 * Whether a file is a result set: next to it is its study, by whose name it is
 * called. The name may itself end like that of a study or of an analysis.
 */
function isResultSet(path: string, names: ReadonlySet<string>): boolean {
  const [, stem] = /^(data\/[^/]+)\.json$/.exec(path) ?? [];
  if (stem === undefined) return false;
  return names.has(`${stem}.study.json`) ||
    // A zip that somebody made, without the study.
    !/(\.study|-analysis)$/.test(stem);
}

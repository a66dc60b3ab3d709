import { messageOf, quotation } from "../../core/errors.ts";
import { parseCsv } from "../../core/parse_csv.ts";

/** A line of a manifest. */
export interface ManifestEntry {
  /** The image, as the manifest has it. */
  readonly path: string;
  /** Name of its class. */
  readonly label?: string;
  /** Name of its split. */
  readonly split?: string;
}

/**
 * Reads a manifest: CSV with a line of column names, or JSON Lines.
 *
 * @param path Its name, whose ending tells which; where it does not, lines of JSON
 * begin with a brace.
 * @throws {SyntaxError | TypeError} If it is neither, or an entry has no path.
 */
export function parseManifest(
  path: string,
  bytes: Uint8Array,
): ManifestEntry[] {
  const text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  const isJson = /\.(jsonl|ndjson)$/i.test(path) ||
    !/\.csv$/i.test(path) && /^\ufeff?\s*\{/.test(text);
  return isJson ? ofJsonLines(text) : ofCsv(text);
}

function ofCsv(text: string): ManifestEntry[] {
  const [header, ...records] = parseCsv(text);
  const names = header?.fields ?? [];
  const columns = names.map((name) => name.trim().toLowerCase());
  const path = columns.indexOf("path");
  if (path < 0) {
    throw new SyntaxError(
      `its first line must name the columns path, label and split, got "${
        quotation(names.join(","))
      }"`,
    );
  }
  return records.map(({ fields, line }) => {
    // Spreadsheets end lines with empty fields.
    if (fields.slice(columns.length).some((field) => field !== "")) {
      throw new SyntaxError(
        `line ${line} must have ${columns.length} fields, as the first has, got ${fields.length}: a field with a comma must be in quotes`,
      );
    }
    return entryOf(line, {
      path: fields[path],
      label: fields[columns.indexOf("label")],
      split: fields[columns.indexOf("split")],
    });
  });
}

function ofJsonLines(text: string): ManifestEntry[] {
  return text.replace(/^\ufeff/, "").split("\n").flatMap((line, i) =>
    line.trim() === "" ? [] : [entryOf(i + 1, parseLine(i + 1, line))]
  );
}

function parseLine(number: number, line: string): unknown {
  try {
    return JSON.parse(line);
  } catch (error) {
    throw new SyntaxError(`line ${number} is not JSON: ${messageOf(error)}`);
  }
}

function entryOf(line: number, value: unknown): ManifestEntry {
  const fields = value as Record<string, unknown> | null;
  const text = (name: string) => {
    const found = fields?.[name];
    if (found === undefined || found === null) return undefined;
    if (typeof found === "string") return found;
    if (Number.isInteger(found)) return String(found);
    throw new SyntaxError(`line ${line} must have text as ${name}`);
  };
  const [path, label, split] = [text("path"), text("label"), text("split")];
  if (!path) throw new SyntaxError(`line ${line} must have a path`);
  return {
    path,
    ...(label !== undefined && { label }),
    ...(split !== undefined && { split: split.trim() }),
  };
}

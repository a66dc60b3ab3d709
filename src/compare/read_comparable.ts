import { messageOf, quotation, UsageError } from "../core/errors.ts";
import { parseJson, readTextBytes } from "../core/read_json.ts";
import { requireConsistent } from "../results/check_result_set.ts";
import { toResultSet } from "../results/read_result_set.ts";
import { digestResultSet, type ResultSet } from "../results/result_set.ts";
import { type DenoBench, denoBenchSchema } from "./deno_bench.ts";

/** A file that can be compared with others of its kind. */
export type Comparable =
  | { kind: "result set"; path: string; set: ResultSet }
  | { kind: "deno bench file"; path: string; bench: DenoBench };

/**
 * Reads a result set or a saved output of `deno bench --json`, whichever it is.
 *
 * @param readBytes How its bytes are read; default: those of the file.
 * @throws {UsageError} If the file is absent, cut off, neither of the two, or a
 * result set whose digest does not match its content.
 */
export async function readComparable(
  path: string,
  readBytes: (path: string) => Promise<Uint8Array> = readTextBytes,
): Promise<Comparable> {
  const fault = (what: string) =>
    new UsageError(`Cannot read "${path}": ${what}`);
  let value: unknown;
  try {
    value = parseJson(await readBytes(path));
  } catch (error) {
    throw fault(messageOf(error));
  }
  const has = (field: string) =>
    typeof value === "object" && value !== null && field in value;
  if (has("schema")) {
    let set: ResultSet;
    try {
      set = toResultSet(value);
    } catch (error) {
      throw new UsageError(
        `Cannot read the result set "${path}": ${messageOf(error)}`,
      );
    }
    if (digestResultSet(set) !== set.digest) {
      throw fault("its digest does not match its content, so it was changed");
    }
    requireConsistent(set, path);
    return { kind: "result set", path, set };
  }
  if (!has("benches")) {
    throw fault(
      "it is neither a result set nor an output of deno bench --json",
    );
  }
  const parsed = denoBenchSchema.safeParse(value);
  if (!parsed.success) {
    const { path: field, message } = parsed.error.issues[0]!;
    throw fault(quotation(`"${field.join(".")}": ${message}`));
  }
  return { kind: "deno bench file", path, bench: parsed.data };
}

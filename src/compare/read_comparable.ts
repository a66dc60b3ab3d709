import { messageOf, quotation, UsageError } from "../core/errors.ts";
import { parseJson, readText } from "../core/read_json.ts";
import { readResultSet } from "../results/read_result_set.ts";
import { digestResultSet, type ResultSet } from "../results/result_set.ts";
import { type DenoBench, denoBenchSchema } from "./deno_bench.ts";

/** A file that can be compared with others of its kind. */
export type Comparable =
  | { kind: "result set"; path: string; set: ResultSet }
  | { kind: "deno bench file"; path: string; bench: DenoBench };

/**
 * Reads a result set or a saved `deno bench --json`, whichever it is.
 *
 * @throws {UsageError} If the file is absent, cut short, neither of the two, or
 * a result set whose outcomes are not those its digest was made of.
 */
export async function readComparable(path: string): Promise<Comparable> {
  const fault = (what: string) =>
    new UsageError(`Cannot read "${path}" to compare it: ${what}`);
  let value: unknown;
  try {
    value = parseJson(await readText(path));
  } catch (error) {
    throw fault(messageOf(error));
  }
  const has = (field: string) =>
    typeof value === "object" && value !== null && field in value;
  if (has("schema")) {
    const set = await readResultSet(path);
    if (digestResultSet(set) !== set.digest) {
      throw fault("its digest is not that of its content: it was altered");
    }
    return { kind: "result set", path, set };
  }
  if (!has("benches")) {
    throw fault("it is neither a result set nor the output of deno bench");
  }
  const parsed = denoBenchSchema.safeParse(value);
  if (!parsed.success) {
    const { path: field, message } = parsed.error.issues[0]!;
    throw fault(quotation(`"${field.join(".")}": ${message}`));
  }
  return { kind: "deno bench file", path, bench: parsed.data };
}

import { quotation } from "../core/errors.ts";
import { version } from "./versions.ts";

/**
 * Says of a file that only a newer dupbench reads that it is one: its schema is of
 * a later version. Such a file is not wrong.
 *
 * @param known The latest schema that is read here, such as `dupbench/result-set/1`.
 * @returns A clause; `undefined` of others.
 */
export function describeNewerForm(
  value: unknown,
  known: string,
): string | undefined {
  const { schema } = Object(value) as Record<string, unknown>;
  const [form, newest] = splitSchema(known);
  const [name, written] = splitSchema(schema);
  return name === form && written > newest
    ? `it was written by a newer dupbench: its "schema" is "${schema}", and dupbench ${version} reads "${known}" at most`
    : undefined;
}

/** The same of one whose provenance names a later version of dupbench. */
export function describeNewerVersion(value: unknown): string | undefined {
  const { provenance } = Object(value) as Record<string, unknown>;
  const { dupbench } = Object(provenance) as Record<string, unknown>;
  return typeof dupbench === "string" && isLater(dupbench, version)
    ? `it was written by dupbench ${
      quotation(dupbench, 20)
    }, which is newer than this one, ${version}`
    : undefined;
}

/** The name of a form and its version; NaN where it has none. */
function splitSchema(schema: unknown): [name: string, version: number] {
  const [, name = "", digits] =
    /^([a-z/-]*\/)([1-9]\d{0,8})$/.exec(String(schema)) ?? [];
  return [name, digits === undefined ? NaN : Number(digits)];
}

/** Whether a version, such as `0.10.0`, is later than another. */
function isLater(one: string, other: string): boolean {
  const [a, b] = [one, other].map((text) =>
    /^(\d{1,9})\.(\d{1,9})\.(\d{1,9})(?!\d)/.exec(text)?.slice(1).map(Number)
  );
  if (a === undefined || b === undefined) return false;
  const at = a.findIndex((part, i) => part !== b[i]);
  return at >= 0 && a[at]! > b[at]!;
}

import { z } from "zod";

/**
 * A field of a study that earlier versions did not have, or whose default
 * depends on other fields: absent where it is not given, so that the digests of
 * studies recorded before stay as they are. What is planned then is the
 * fallback.
 *
 * @param schema What values are allowed.
 * @param about `meaning`: one line for help and schemas; `fallback`: the default
 * as people read it, where there is one.
 */
export function laterField<S extends z.ZodType>(
  schema: S,
  { meaning, fallback }: { meaning: string; fallback?: string | number },
): z.ZodOptional<S> {
  if (fallback === undefined) return schema.optional().describe(meaning);
  const colon = String(fallback).includes(" ") ? ":" : "";
  return schema.optional().describe(
    `${meaning} (default${colon} ${fallback})`,
  );
}

/** A field that studies have, and the configs of their cells where it applies. */
export interface FieldTerm<S extends z.ZodType = z.ZodType> {
  /** What values are allowed. */
  readonly schema: S;
  /** One line for help and schemas. */
  readonly meaning: string;
  /** What a study plans that lacks it, as people read it, where it may. */
  readonly fallback?: string | number;
  /** What holds for a cell whose config lacks it, as people read it. */
  readonly absent: string;
}

/** The schemas of such fields, by name. */
export type FieldsOf<T extends Readonly<Record<string, FieldTerm>>> = {
  [F in keyof T]: z.ZodOptional<T[F]["schema"]>;
};

/** Fields of a study: their descriptions say what its default is. */
export function studyFields<T extends Readonly<Record<string, FieldTerm>>>(
  terms: T,
): FieldsOf<T> {
  return mapTerms(terms, (term) => laterField(term.schema, term));
}

/**
 * The same as fields of a record, which has no default: their descriptions say
 * what it means that one is absent.
 */
export function recordFields<T extends Readonly<Record<string, FieldTerm>>>(
  terms: T,
): FieldsOf<T> {
  return mapTerms(
    terms,
    ({ schema, meaning, absent }) =>
      schema.optional().describe(`${meaning}; absent: ${absent}`),
  );
}

function mapTerms<T extends Readonly<Record<string, FieldTerm>>>(
  terms: T,
  make: (term: FieldTerm) => z.ZodOptional<z.ZodType>,
): FieldsOf<T> {
  return Object.fromEntries(
    Object.entries(terms).map(([name, term]) => [name, make(term)]),
  ) as FieldsOf<T>;
}

/** A whole number of at least 1. */
export const count: z.ZodInt = z.int().min(1).max(1_000_000);

/** A list with at least one entry and none twice. */
export function distinctList<T>(
  entry: z.ZodType<T, T>,
): z.ZodArray<z.ZodType<T, T>> {
  return z.array(entry).min(1).max(1000).refine(
    (list) => new Set(list.map((x) => JSON.stringify(x))).size === list.length,
    "must not name a value twice",
  );
}

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

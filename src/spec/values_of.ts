import type { Study } from "./study_types.ts";

/** The values of an axis in a study, the fallback where it does not say. */
export function valuesOf<V>(
  study: Study,
  { field, fallback }: {
    readonly field: string;
    readonly fallback: readonly V[];
  },
): readonly V[] {
  const given = study[field as keyof Study] as V | readonly V[] | undefined;
  if (given === undefined) return fallback;
  return Array.isArray(given) ? given : [given as V];
}

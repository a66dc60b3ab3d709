import type { Shard } from "./result_set_types.ts";

/** A shard of a study, as `shard 1 of 8`. */
export function nameShard({ index, count }: Shard): string {
  return `shard ${index} of ${count}`;
}

/**
 * A part of a merged result set: the shard that it is, or its place among the
 * parts.
 *
 * @param i From 0.
 * @param parts How many parts there are.
 */
export function namePart(
  { shard }: { readonly shard?: Shard | undefined },
  i: number,
  parts: number,
): string {
  return shard === undefined ? `part ${i + 1} of ${parts}` : nameShard(shard);
}

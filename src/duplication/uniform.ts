import { allRows, passes } from "./_passes.ts";
import type { DrawContext } from "./policy.ts";

/**
 * Draws distinct images uniformly. Above ratio 1 the whole set comes first and
 * then further distinct images, so no image has two copies more than another.
 */
export function uniform(context: DrawContext): Iterator<number, void> {
  return passes(allRows(context.labels), context);
}

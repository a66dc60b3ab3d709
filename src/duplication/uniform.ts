import { allRows, passes } from "./_passes.ts";
import type { DrawContext } from "./policy.ts";

/**
 * Draws distinct images uniformly. Above ratio 1 the whole set is copied first
 * and then further distinct images, so that the numbers of copies of two images
 * differ by at most one.
 */
export function uniform(context: DrawContext): Iterator<number, void> {
  return passes(allRows(context.labels), context);
}

import { passes, rowsOfClass } from "./_passes.ts";
import type { DrawContext } from "./policy.ts";

/**
 * Draws every copy from one class: distinct images until each has a copy, then
 * all of them again.
 */
export function singleClass(context: DrawContext): Iterator<number, void> {
  const { labels, classes, options } = context;
  const label = options.class ?? NaN;
  if (!Number.isInteger(label) || label < 0 || label >= classes) {
    throw new RangeError(
      `"class" must be an integer in [0, ${classes}), got ${options.class}`,
    );
  }
  const rows = rowsOfClass(labels, label);
  if (rows.length === 0) {
    throw new RangeError(
      `"class" must have training images, got ${label}, which has none`,
    );
  }
  return passes(rows, context);
}

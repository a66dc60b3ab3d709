import { digestOf } from "../core/digest.ts";

/**
 * The name of a study that was changed by flags: that of its base and the first
 * 8 digits of its content's SHA-256, so that no two studies share a result file.
 *
 * @param base Name of the study it was made from.
 * @param study Every default filled in; its own name does not count.
 */
export function contentName(
  base: string,
  study: Readonly<{ name: string }>,
): string {
  return `${base}-${digestOf({ ...study, name: base }).slice(0, 8)}`;
}

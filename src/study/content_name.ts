import { digestOf } from "../core/digest.ts";
import type { Study } from "./study.ts";

/**
 * The name of a study that was changed by flags: that of its base and the first
 * 8 digits of its content's SHA-256, so that no two studies share a result file.
 *
 * @param base Name of the study it was made from.
 */
export function contentName(base: string, study: Study): string {
  return `${base}-${digestOf({ ...study, name: base }).slice(0, 8)}`;
}

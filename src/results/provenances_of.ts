import type { Provenance } from "./provenance.ts";
import type { ResultSet } from "./result_set.ts";

/** Where and how the cells of a set were run: of a merged one, each part. */
export function provenancesOf({ provenance, parts }: ResultSet): Provenance[] {
  return parts?.map((part) => part.provenance) ?? [provenance];
}

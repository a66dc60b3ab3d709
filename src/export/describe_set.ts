import { countOf } from "../core/count_of.ts";
import type { ResultSet } from "../results/result_set.ts";
import type { License } from "./license.ts";
import { shortfallsOf } from "./shortfalls.ts";

/** What descriptions of a result set in any vocabulary say of it. */
export interface SetDescription {
  readonly name: string;
  readonly description: string;
  /** Day on which the sweep ended, `YYYY-MM-DD`. */
  readonly datePublished: string;
  readonly keywords: readonly string[];
}

/** Describes a result set, with what a reader must know before using it. */
export function describeSet(set: ResultSet): SetDescription {
  const { study, cells, provenance } = set;
  const notes = shortfallsOf(set).map((line) => ` Note: ${line}.`).join("");
  return {
    name: `dupbench result set "${study.name}"`,
    description: `${
      study.description || `Results of the study "${study.name}".`
    } ${countOf(cells.length, "training run")}.${notes}`,
    datePublished: provenance.finishedAt.slice(0, 10),
    keywords: [
      "data duplication",
      "image classification",
      "adversarial robustness",
      "benchmark",
      study.dataset,
      ...study.model,
    ],
  };
}

/** Address of a licence in the SPDX list. */
export function licenseUrl({ id }: License): string {
  return `https://spdx.org/licenses/${id}`;
}

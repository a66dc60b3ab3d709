import { countOf } from "../core/count_of.ts";
import { rulesNote } from "../analysis/claims.ts";
import type { VerdictText } from "../analysis/format_verdict.ts";
import type { Analysis } from "../analysis/analyse.ts";
import type { CellExamples } from "./cell_examples.ts";
import type { ResultSet } from "../results/result_set.ts";
import { seedsOf } from "../results/seeds_of.ts";
import type { Figure } from "./figure.ts";
import type { StudyReport } from "./report_series.ts";

/** Everything that a report contains, before it is formatted. */
export interface ReportContent {
  /** The studies, with the numbers behind their figures. */
  studies:
    (StudyReport & { figures: Figure[]; classNames?: readonly string[] })[];
  /** The answer of a paired study of duplicates, where this is the report of one. */
  verdict: { text: VerdictText; figure: Figure } | undefined;
  /** Effects of copies and controls, for the first screen; absent: none. */
  effects: Figure | undefined;
  /** Effects of copies by level of what is varied; absent: nothing is varied. */
  levels: Figure | undefined;
  /** A figure for each claim, in their order; absent where it has no runs. */
  questions: readonly (Figure | undefined)[];
  /** Tests and verdicts over all of them. */
  analysis: Analysis;
  /** Example images, or the reason why there are none, as a clause. */
  examples: CellExamples | string;
  /** Where the result sets were read from. */
  paths: ReadonlyMap<ResultSet, string>;
  /** The command that made the report. */
  command: string;
  /** Version of dupbench. */
  version: string;
}

/** The paper whose claims are judged. */
const PAPER = "Aghabagherloo et al., IEEE SPW 2025 (arXiv:2504.00638)";

/** Whose claims are judged, by which rules. */
export const VERDICTS =
  `Verdicts on the claims of ${PAPER}, and after them on questions of this project, ${rulesNote}.`;

/** What a new reader needs to know first. */
export const INTRODUCTION =
  "Image classifiers are trained from scratch on training sets in which some images occur more than once, and tested on images that were not trained on. The ratio is the number of copies added per original image: 0 means none, 1 means as many copies as originals. Runs that differ only in their seed show how much results vary by chance.";

/** Size of a report in one line: runs, data, backends, seeds. */
export function factsOf(
  studies: readonly Pick<StudyReport, "sets">[],
): string {
  const sets = studies.flatMap(({ sets }) => sets);
  const cells = sets.flatMap(({ cells }) => cells);
  const each = (names: string[]) => [...new Set(names)].join(", ");
  const seeds = seedsOf(cells).length;
  return [
    ...(studies.length === 1 ? [] : [`${studies.length} studies`]),
    // Sets that reuse cells of others share them.
    countOf(new Set(cells.map(({ id }) => id)).size, "training run"),
    each(sets.map(({ dataset }) => dataset.name)),
    each(cells.map(({ config }) => config.backend)),
    countOf(seeds, "seed"),
  ].join(" · ");
}

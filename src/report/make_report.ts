import { analyse } from "../analysis/analyse.ts";
import { formatVerdict } from "../analysis/format_verdict.ts";
import { verdictOf } from "../analysis/verdict.ts";
import type { ResultSet } from "../results/result_set.ts";
import type { CellExamples } from "./cell_examples.ts";
import { drawEffectFigure } from "./effect_figure.ts";
import { filesOf, nameApart } from "./figure.ts";
import { effectRowsOf } from "./effect_rows.ts";
import { drawLevelFigure } from "./level_figure.ts";
import { drawFigures } from "./draw_figures.ts";
import { drawQuestionFigure } from "./question_figure.ts";
import { restartIds } from "./render_svg.ts";
import { formatPage } from "./format_page.ts";
import { formatReportMarkdown } from "./format_report_markdown.ts";
import { drawingCss } from "./palette.ts";
import {
  formatClassesCsv,
  formatConditionsCsv,
  formatSeriesCsv,
} from "./report_csv.ts";
import { drawVerdictFigure } from "./verdict_figure.ts";
import { reportStudies } from "./report_series.ts";

/** What a report needs in addition to the result sets. */
export interface ReportOptions {
  /** Smallest change of accuracy that matters, in points. */
  margin: number;
  /** Example images, or the reason why there are none, as a clause. */
  examples: CellExamples | string;
  /** Names of classes by SHA-256 of the data set, where they are known. */
  classNames: ReadonlyMap<string, readonly string[]>;
  /** Files that the result sets were read from, in the same order. */
  paths: readonly string[];
  /** The command that makes this report. */
  command: string;
  /** Version of dupbench. */
  version: string;
}

/**
 * Makes the files of a report. The same result sets, examples and options give
 * the same bytes.
 *
 * @returns Contents by path within the folder, the page last.
 */
export async function makeReport(
  sets: readonly ResultSet[],
  { margin, examples, classNames, paths, command, version }: ReportOptions,
): Promise<Map<string, string>> {
  await restartIds();
  const named = nameApart();
  const analysis = analyse(sets, { margin });
  const studies = [];
  const reports = reportStudies(sets, margin);
  for (const report of reports) {
    const names = classNames.get(report.sets[0]!.dataset.sha256);
    const figures = await drawFigures(report, {
      classNames: names,
      published: analysis.published,
      margin,
    });
    studies.push({
      ...report,
      figures: figures.map(named),
      ...(names && { classNames: names }),
    });
  }
  const effects = named(
    await drawEffectFigure(effectRowsOf(reports, margin), {
      id: "effects",
      heading: "Effect of copies on accuracy",
      margin,
    }),
  );
  const levels = named(
    await drawLevelFigure(analysis.levels, { id: "levels", margin }),
  );
  const questions = [];
  for (const [i, claim] of analysis.claims.entries()) {
    const id = `question-${i + 1}`;
    questions.push(
      named(await drawQuestionFigure(claim, reports, `${id}-figure`)),
    );
  }
  const verdict = sets.length === 1 ? verdictOf(sets[0]!, margin) : null;
  const content = {
    studies,
    verdict: verdict === null ? undefined : {
      text: formatVerdict(verdict),
      figure: named(await drawVerdictFigure(verdict)),
    },
    effects,
    levels,
    questions,
    analysis,
    examples,
    paths: new Map(sets.map((set, i) => [set, paths[i]!])),
    command,
    version,
  };
  const files = new Map<string, string>();
  const figures = [
    ...[content.verdict?.figure, effects, levels, ...questions].filter((
      figure,
    ) => figure !== undefined),
    ...studies.flatMap(({ figures }) => figures),
  ];
  for (const { id, standalone } of figures.flatMap(filesOf)) {
    files.set(
      `figures/${id}.svg`,
      standalone.replace(/(<svg [^>]*>)/, `$1<style>${drawingCss}</style>`) +
        "\n",
    );
  }
  files.set("series.csv", formatSeriesCsv(studies));
  files.set("classes.csv", formatClassesCsv(studies));
  const conditions = formatConditionsCsv(studies);
  if (conditions !== "") files.set("conditions.csv", conditions);
  files.set("report.md", formatReportMarkdown(content));
  files.set("report.html", formatPage(content));
  return files;
}

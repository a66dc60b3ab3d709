import { countOf } from "../core/count_of.ts";
import {
  markdownCell,
  markdownCode,
  markdownText,
} from "../core/clean_text.ts";
import { hasData } from "../analysis/judge_claim.ts";
import { conditionRule } from "../analysis/condition_contrasts.ts";
import { describeClaim, informationHeading } from "./describe_claim.ts";
import { describeProvenance } from "./describe_provenance.ts";
import { type FigureDrawings, filesOf } from "./figure.ts";
import { leadsWithLevels, openingOf } from "./opening.ts";
import { NO_DOUBTS, reliabilityOf } from "./reliability.ts";
import {
  factsOf,
  INTRODUCTION,
  type ReportContent,
  VERDICTS,
} from "./report_content.ts";
import {
  describeConditions,
  hasNotLearned,
  warnOfChance,
} from "./study_notes.ts";
import { glossaryOf } from "./glossary.ts";

/** A report as Markdown; its drawings are files in the same folder. */
export function formatReportMarkdown(content: ReportContent): string {
  const { studies, analysis, examples, paths, verdict } = content;
  const { effects, levels, questions } = content;
  const doubts = reliabilityOf(content);
  const { headline, further } = openingOf(content);
  const main = effects === undefined ? [] : [
    ...drawingsOf(effects),
    markdownTable(effects.table.head, effects.table.rows),
    effects.caption,
  ];
  const byLevel = levels === undefined ? [] : [
    `## ${levels.heading}`,
    ...drawingsOf(levels),
    markdownTable(levels.table.head, levels.table.rows),
    levels.caption,
  ];
  const parts = [
    `# ${headline}.`,
    further.map((text) => text.replace(/[.]?$/, ".")).map((text) =>
      verdict === undefined ? `- ${text}` : text
    ).join(verdict === undefined ? "\n" : "\n\n"),
    ...(verdict === undefined ? [] : [
      ...drawingsOf(verdict.figure),
      markdownTable(verdict.figure.table.head, verdict.figure.table.rows),
      verdict.figure.caption,
    ]),
    ...studies.filter(({ sets }) => hasNotLearned(sets))
      .flatMap(({ sets }) => warnOfChance(sets)),
    ...(leadsWithLevels(analysis)
      ? [...byLevel, ...main]
      : [...main, ...byLevel]),
    INTRODUCTION,
    markdownText(factsOf(studies)),
    ...analysis.claims.flatMap((claim, i) => {
      const text = describeClaim(claim, studies);
      const figure = questions[i];
      return [
        `## ${i + 1}. ${text.statement}`,
        hasData(claim) ? `**${text.verdict}** ${text.finding}` : text.finding,
        ...text.controls.map((control) => `Copies minus control, ${control}.`),
        ...(figure === undefined ? [] : drawingsOf(figure)),
        ...text.information.map((trend) =>
          `${informationHeading(claim)}: ${trend}.`
        ),
        ...(text.runs === "" ? [] : [`Runs: ${text.runs}.`]),
        `Rule: ${claim.rule}`,
      ];
    }),
    `${VERDICTS} The margin is ${countOf(analysis.margin, "point")}.`,
    "## Glossary",
    glossaryOf(studies).map(({ term, meaning }) => `- **${term}**: ${meaning}`)
      .join("\n"),
  ];
  for (const { study, sets, figures, ...report } of studies) {
    parts.push(
      `## ${markdownText(study)}`,
      markdownText(sets[0]!.study.description),
    );
    if (!hasNotLearned(sets)) parts.push(...warnOfChance(sets));
    const conditions = describeConditions(report.conditions, analysis.margin);
    if (conditions.length > 0) {
      parts.push(
        "### Conditions compared",
        conditionRule,
        conditions.map((line) => `- ${line}`).join("\n"),
      );
    }
    for (const figure of figures) {
      const { heading, caption, table } = figure;
      parts.push(
        `### ${heading}`,
        caption,
        ...drawingsOf(figure),
        `${table.caption}:`,
        markdownTable(table.head, table.rows),
      );
    }
  }
  parts.push(
    "## Example images",
    typeof examples === "string"
      ? `No example images: ${markdownText(examples)}.`
      : `In \`report.html\`; cell \`${examples.cell.id}\`, ${
        examples.isOutcomeEqual
          ? "run again with the recorded outcome"
          : "run again with a different outcome"
      }.`,
    "## Reliability",
    doubts.length === 0
      ? NO_DOUBTS
      : doubts.map((doubt) => `- ${markdownText(doubt)}`).join("\n"),
    "## Provenance",
  );
  for (const { study, sets } of studies) {
    for (const set of sets) {
      parts.push(
        `### ${markdownText(study)}, ${
          set.cells[0]?.config.backend ?? "no cell"
        }`,
        markdownTable(["", ""], describeProvenance(set, paths.get(set))),
      );
    }
  }
  parts.push(`This report: ${markdownCode(content.command)}`);
  return parts.join("\n\n") + "\n";
}

function drawingsOf(figure: FigureDrawings): string[] {
  return filesOf(figure).map(({ id, alt }) =>
    `![${markdownText(alt)}](figures/${id}.svg)`
  );
}

/** A table whose cells cannot break it. */
export function markdownTable(
  head: readonly string[],
  rows: readonly (readonly string[])[],
): string {
  const line = (cells: readonly string[]) =>
    `| ${cells.map(markdownCell).join(" | ")} |`;
  return [line(head), `|${" --- |".repeat(head.length)}`, ...rows.map(line)]
    .join("\n");
}

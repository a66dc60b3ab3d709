import { rulesNote } from "../analysis/claims.ts";
import { besideNote, describeClaim } from "./describe_claim.ts";
import { describeProvenance } from "./describe_provenance.ts";
import { reliabilityOf } from "./reliability.ts";
import {
  factsOf,
  INTRODUCTION,
  PAPER,
  type ReportContent,
} from "./report_content.ts";
import { termsOf } from "./terms.ts";

/** A report as Markdown; its drawings are the files beside it. */
export function formatReportMarkdown(content: ReportContent): string {
  const { studies, analysis, examples, paths } = content;
  const doubts = reliabilityOf(content);
  const parts = [
    "# What duplicated training images do",
    INTRODUCTION,
    factsOf(studies),
    "## Verdicts",
    `On the four claims of ${PAPER}, ${rulesNote}. The margin is ${analysis.margin} ${
      analysis.margin === 1 ? "point" : "points"
    }.`,
    analysis.claims.map((claim, i) => {
      const text = describeClaim(claim, studies);
      return [
        `${i + 1}. **${text.statement}**`,
        `${text.verdict} ${text.finding}`,
        ...text.controls.map((control) =>
          `That change less the one with ${control}.`
        ),
        ...text.beside.map((trend) =>
          `Beside it, deciding nothing${besideNote(claim)}: ${trend}.`
        ),
        ...(text.runs === "" ? [] : [`Runs: ${text.runs}.`]),
        `Rule: ${claim.rule}`,
      ].join("\n   ");
    }).join("\n\n"),
    "## Terms",
    termsOf(studies).map(([term, meaning]) => `- **${term}**: ${meaning}`)
      .join("\n"),
  ];
  for (const { study, sets, figures } of studies) {
    parts.push(`## ${study}`, sets[0]!.study.description);
    for (const { heading, caption, panels, table } of figures) {
      parts.push(
        `### ${heading}`,
        caption,
        panels.map(({ id, alt }) => `![${alt}](figures/${id}.svg)`).join(
          "\n\n",
        ),
        `${table.caption}:`,
        markdownTable(table.head, table.rows),
      );
    }
  }
  parts.push(
    "## Example images",
    typeof examples === "string"
      ? `None: ${examples}.`
      : `They are in \`report.html\`; cell \`${examples.cell.id}\`, ${
        examples.isOutcomeEqual
          ? "run again with the outcome recorded"
          : "run again with another outcome than recorded"
      }.`,
    "## Reliability",
    doubts.length === 0
      ? "No run failed, diverged or raised a flag."
      : doubts.map((doubt) => `- ${doubt}`).join("\n"),
    "## Provenance",
  );
  for (const { study, sets } of studies) {
    for (const set of sets) {
      parts.push(
        `### ${study}, ${set.cells[0]?.config.backend ?? "no run"}`,
        markdownTable(["", ""], describeProvenance(set, paths.get(set))),
      );
    }
  }
  parts.push(`This report: \`${content.command}\``);
  return parts.join("\n\n") + "\n";
}

/** A table whose cells cannot break it. */
export function markdownTable(
  head: readonly string[],
  rows: readonly (readonly string[])[],
): string {
  const line = (cells: readonly string[]) =>
    `| ${
      cells.map((cell) =>
        cell.replaceAll("\\", "\\\\").replaceAll("|", "\\|")
          .replaceAll(/\r?\n/g, " ")
      ).join(" | ")
    } |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)]
    .join("\n");
}

import { formatClaim } from "../analysis/format_analysis.ts";
import { describeProvenance, type ReportContent } from "./report_content.ts";

/** A report as Markdown; its drawings are the files beside it. */
export function formatReportMarkdown(content: ReportContent): string {
  const { studies, analysis, examples } = content;
  const parts = [
    `# ${studies.map(({ study }) => study).join(", ")}`,
    ...studies.flatMap(({ sets }) => sets[0]!.study.description ?? []),
    "## Verdicts on the paper's claims",
    analysis.claims.map(formatClaim).join("\n\n"),
  ];
  for (const { study, figures } of studies) {
    parts.push(`## ${study}`);
    for (const { heading, caption, panels, table } of figures) {
      parts.push(
        `### ${heading}`,
        caption,
        panels.map(({ id, alt }) => `![${alt}](figures/${id}.svg)`).join(
          "\n\n",
        ),
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
    analysis.doubts.length === 0
      ? "No cell failed, diverged or raised a flag."
      : analysis.doubts.map((doubt) => `- ${doubt}`).join("\n"),
    "## Provenance",
  );
  for (const { study, sets } of studies) {
    for (const set of sets) {
      parts.push(
        `### ${study}, ${set.cells[0]?.config.backend ?? "no cell"}`,
        markdownTable(
          ["", ""],
          describeProvenance(set).map(([name, value]) => [name, value]),
        ),
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

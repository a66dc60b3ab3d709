import { describeProvenance } from "./describe_provenance.ts";
import { slug } from "./figure.ts";
import { formatExamples } from "./format_examples.ts";
import { formatFigure } from "./format_figure.ts";
import { formatVerdicts } from "./format_verdicts.ts";
import { glossaryOf } from "./glossary.ts";
import { escapeHtml, htmlList } from "./html.ts";
import { pageCss } from "./page_style.ts";
import { describeConditions, warnOfChance } from "./study_notes.ts";
import { factsOf, INTRODUCTION, type ReportContent } from "./report_content.ts";
import { NO_DOUBTS, reliabilityOf } from "./reliability.ts";

/** A report as one self-contained page of HTML: no script, no network access. */
export function formatPage(content: ReportContent): string {
  const { studies, examples, version } = content;
  const names = studies.map(({ study }) => study).join(", ");
  const links = [
    ["verdicts", "Verdicts"],
    ...studies.map(({ study }) => [
      slug(`study ${study}`),
      studies.length === 1 ? "Results" : study,
    ]),
    ["examples", "Example images"],
    ["reliability", "Reliability"],
    ["provenance", "Provenance"],
  ];
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<link rel="icon" href="data:,">
<title>${escapeHtml(names)}: dupbench report</title>
<style>${pageCss}</style>
</head>
<body>
<a class="skip" href="#main">Skip to the results</a>
<header>
<p class="kicker">dupbench ${escapeHtml(version)} report</p>
<h1>What duplicated training images do</h1>
<p>${INTRODUCTION}</p>
<p class="facts">${escapeHtml(factsOf(studies))}</p>
</header>
<nav class="contents" aria-label="Contents">${
    htmlList(
      links.map(([id, text]) => `<a href="#${id}">${escapeHtml(text!)}</a>`),
    )
  }</nav>
<main id="main" tabindex="-1">
${formatVerdicts(content)}
${formatGlossary(studies)}
${
    studies.map((study) =>
      formatStudy(study, studies.length, content.analysis.margin)
    ).join("\n")
  }
<h2 id="examples">Example images</h2>
${formatExamples(examples)}
<h2 id="reliability">Reliability</h2>
${formatReliability(content)}
<h2 id="provenance">Provenance</h2>
${formatProvenance(content)}
</main>
<footer>The folder of this page also holds its text (report.md), its numbers (${
    studies.some(({ conditions }) => conditions.length > 0)
      ? "series.csv, classes.csv, conditions.csv"
      : "series.csv, classes.csv"
  }) and its drawings (figures).</footer>
</body>
</html>
`;
}

function formatGlossary(studies: ReportContent["studies"]): string {
  return `<details><summary>Glossary: policies, controls, attacks</summary><dl class="terms">${
    glossaryOf(studies).map(({ term, meaning }) =>
      `<div><dt>${escapeHtml(term)}</dt><dd>${escapeHtml(meaning)}</dd></div>`
    ).join("")
  }</dl></details>`;
}

function formatStudy(
  { study, sets, figures, ...report }: ReportContent["studies"][number],
  count: number,
  margin: number,
): string {
  const { description } = sets[0]!.study;
  const conditions = describeConditions(report.conditions, margin);
  // The name of a single study is given here; several have theirs as headings.
  const about = (count === 1 ? [study, description] : [description])
    .filter((text) => text !== "").join(": ");
  const parts = [
    `<h2 id="${slug(`study ${study}`)}">${
      count === 1 ? "Results" : escapeHtml(study)
    }</h2>`,
    ...(about === "" ? [] : [`<p>${escapeHtml(about)}</p>`]),
    ...warnOfChance(sets).map((text) =>
      `<p><strong>${escapeHtml(text)}</strong></p>`
    ),
    ...(conditions.length === 0 ? [] : [
      "<h3>Conditions compared</h3>",
      htmlList(conditions.map(escapeHtml)),
    ]),
    ...figures.map((figure) => formatFigure(figure, study)),
  ];
  if (figures.length === 0 && conditions.length === 0) {
    parts.push(
      "<p>No figures: they need finished runs of the same seed at ratio 0 and at a larger ratio.</p>",
    );
  }
  return parts.join("\n");
}

function formatReliability(content: ReportContent): string {
  const lines = reliabilityOf(content);
  return lines.length === 0
    ? `<p>${NO_DOUBTS}</p>`
    : htmlList(lines.map(escapeHtml));
}

function formatProvenance({ studies, paths, command }: ReportContent): string {
  const tables = studies.flatMap(({ study, sets }) =>
    sets.map((set) =>
      `<h3>${escapeHtml(study)}, ${
        escapeHtml(set.cells[0]?.config.backend ?? "no cell")
      }</h3><table class="record"><tbody>${
        describeProvenance(set, paths.get(set)).map(([name, value]) =>
          `<tr><th scope="row">${escapeHtml(name)}</th><td>${
            value.startsWith("deno task ")
              ? `<code>${escapeHtml(value)}</code>`
              : escapeHtml(value)
          }</td></tr>`
        ).join("")
      }</tbody></table>`
    )
  );
  return `${tables.join("\n")}
<h3>This report</h3>
<p class="command"><code>${escapeHtml(command)}</code></p>`;
}

import { describeProvenance } from "./describe_provenance.ts";
import { slug } from "./figure.ts";
import { formatExamples } from "./format_examples.ts";
import { formatFigure } from "./format_figure.ts";
import { formatVerdicts } from "./format_verdicts.ts";
import { escapeHtml, htmlList } from "./html.ts";
import { pageCss } from "./page_style.ts";
import { factsOf, INTRODUCTION, type ReportContent } from "./report_content.ts";
import { reliabilityOf } from "./reliability.ts";
import { termsOf } from "./terms.ts";

/**
 * A report as one page of HTML that needs nothing else: no script, no network,
 * no other file.
 */
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
${formatTerms(studies)}
${studies.map((study) => formatStudy(study, studies.length)).join("\n")}
<h2 id="examples">Example images</h2>
${formatExamples(examples)}
<h2 id="reliability">Reliability</h2>
${formatReliability(content)}
<h2 id="provenance">Provenance</h2>
${formatProvenance(content)}
</main>
<footer>Beside this page lie its text as report.md, its numbers as series.csv and classes.csv, and its drawings in figures.</footer>
</body>
</html>
`;
}

function formatTerms(studies: ReportContent["studies"]): string {
  return `<details><summary>What the words mean: policies, controls, attacks</summary><dl class="terms">${
    termsOf(studies).map(([term, meaning]) =>
      `<div><dt>${escapeHtml(term)}</dt><dd>${escapeHtml(meaning)}</dd></div>`
    ).join("")
  }</dl></details>`;
}

function formatStudy(
  { study, sets, figures }: ReportContent["studies"][number],
  count: number,
): string {
  const { description } = sets[0]!.study;
  // One study has its name here, several have theirs as headings.
  const about = (count === 1 ? [study, description] : [description])
    .filter((text) => text !== "").join(": ");
  const parts = [
    `<h2 id="${slug(`study ${study}`)}">${
      count === 1 ? "Results" : escapeHtml(study)
    }</h2>`,
    ...(about === "" ? [] : [`<p>${escapeHtml(about)}</p>`]),
    ...figures.map((figure) => formatFigure(figure, study)),
  ];
  if (figures.length === 0) {
    parts.push(
      "<p>No figure: there must be finished runs at ratio 0 and above, of the same seed.</p>",
    );
  }
  return parts.join("\n");
}

function formatReliability(content: ReportContent): string {
  const lines = reliabilityOf(content);
  return lines.length === 0
    ? "<p>No run failed, diverged or raised a flag.</p>"
    : htmlList(lines.map(escapeHtml));
}

function formatProvenance({ studies, paths, command }: ReportContent): string {
  const tables = studies.flatMap(({ study, sets }) =>
    sets.map((set) =>
      `<h3>${escapeHtml(study)}, ${
        escapeHtml(set.cells[0]?.config.backend ?? "no run")
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

import { conditionRule } from "../analysis/condition_contrasts.ts";
import { formatProvenanceTable } from "./format_provenance_table.ts";
import { distinctIds, slug } from "./figure.ts";
import { formatExamples } from "./format_examples.ts";
import { leadsWithLevels, openingOf } from "./opening.ts";
import { formatDrawings, formatFigure } from "./format_figure.ts";
import { formatQuestions, questionId } from "./format_questions.ts";
import { glossaryOf } from "./glossary.ts";
import { escapeHtml, htmlList, keepUnits } from "./html.ts";
import { pageCss } from "./page_style.ts";
import {
  describeConditions,
  hasNotLearned,
  warnOfChance,
} from "./study_notes.ts";
import { factsOf, INTRODUCTION, type ReportContent } from "./report_content.ts";
import { NO_DOUBTS, reliabilityOf } from "./reliability.ts";
import { titleOfStudy } from "./study_title.ts";

/** A report as one self-contained page of HTML: no script, no network access. */
export function formatPage(content: ReportContent): string {
  const { studies, examples, version, effects, levels, analysis, verdict } =
    content;
  const titles = [...new Set(studies.map(({ study }) => titleOfStudy(study)))];
  const { headline, further } = openingOf(content);
  const idOf = distinctIds();
  const warnings = studies.filter(({ sets }) => hasNotLearned(sets))
    .flatMap(({ study, sets }) =>
      warnOfChance(sets).map((text) =>
        studies.length === 1 ? text : `${titleOfStudy(study)}: ${text}`
      )
    );
  const links = [
    ...(verdict === undefined ? analysis.claims : []).map((
      _,
      i,
    ) => [questionId(i + 1), `Claim ${i + 1}`]),
    ["details", "All figures"],
    ["examples", "Example images"],
    ["reliability", "Reliability"],
    ["provenance", "Provenance"],
  ];
  const main = verdict !== undefined
    ? `<div class="effects">${
      formatDrawings(verdict.figure, verdict.figure.heading)
    }</div>`
    : effects === undefined
    ? "<p>There is no figure of effects, because it needs runs with equal steps of the same seed at ratio 0 and above, of networks that have learned.</p>"
    : `<div class="effects">${formatDrawings(effects, effects.heading)}</div>`;
  const byLevel = levels === undefined
    ? ""
    : `<h2 id="${levels.id}">${escapeHtml(levels.heading)}</h2>
<div class="levels">${formatDrawings(levels, levels.heading)}</div>`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<link rel="icon" href="data:,">
<title>${escapeHtml(titles.join(", "))}: dupbench report</title>
<style>${pageCss}</style>
</head>
<body>
<a class="skip" href="#main">Skip to the results</a>
<header>
<p class="kicker">dupbench report · ${escapeHtml(titles.join(", "))}</p>
<h1>${escapeHtml(keepUnits(headline))}.</h1>
${verdict === undefined ? "" : formatAnswer(verdict.text.lines)}${
    warnings.map((text) =>
      `<p class="warning"><strong>${escapeHtml(text)}</strong></p>`
    ).join("")
  }</header>
<main id="main" tabindex="-1">
${
    (leadsWithLevels(analysis)
      ? [byLevel, foldUnless(false, "Effect of one copy per original", main)]
      : [main, byLevel]).join("\n")
  }
${
    verdict !== undefined || further.length === 0 ? "" : htmlList(
      further.map((text) => escapeHtml(keepUnits(text.replace(/[.]?$/, ".")))),
      "findings",
    )
  }
<p class="small">${INTRODUCTION}</p>
<p class="facts">${escapeHtml(factsOf(studies))} · dupbench ${
    escapeHtml(version)
  }</p>
<nav class="contents" aria-label="Contents">${
    htmlList(
      links.map(([id, text]) => `<a href="#${id}">${escapeHtml(text!)}</a>`),
    )
  }</nav>
${
    foldUnless(
      verdict === undefined,
      "The questions of this project, which these runs may not answer",
      formatQuestions(content),
    )
  }
<h2 id="details">All figures</h2>
${formatGlossary(studies)}
${
    studies.map((study) =>
      formatStudy(study, {
        margin: analysis.margin,
        id: idOf(slug(`study ${study.study}`)),
      })
    ).join("\n")
  }
<h2 id="examples">Example images</h2>
${
    foldUnless(
      typeof examples === "string",
      "Show example images",
      formatExamples(examples),
    )
  }
<h2 id="reliability">Reliability</h2>
${formatReliability(content)}
<h2 id="provenance">Provenance</h2>
${foldUnless(false, "Files, commands, machines", formatProvenance(content))}
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

/** The lines of an answer, what each is about first. */
function formatAnswer(lines: readonly string[]): string {
  return `<dl class="answer">${
    lines.map((line) => {
      const [subject, ...rest] = line.split(": ");
      const text = keepUnits(rest.join(": "));
      return `<div><dt>${escapeHtml(subject!)}</dt><dd>${
        escapeHtml(text.charAt(0).toUpperCase() + text.slice(1))
      }</dd></div>`;
    }).join("")
  }</dl>`;
}

function foldUnless(isShort: boolean, summary: string, html: string): string {
  return isShort
    ? html
    : `<details><summary>${summary}</summary>${html}</details>`;
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
  { margin, id }: { margin: number; id: string },
): string {
  const { description } = sets[0]!.study;
  const conditions = describeConditions(report.conditions, margin);
  const parts = [
    ...(description === "" ? [] : [`<p>${escapeHtml(description)}</p>`]),
    ...(hasNotLearned(sets) ? [] : warnOfChance(sets)).map((text) =>
      `<p>${escapeHtml(text)}</p>`
    ),
    ...(conditions.length === 0 ? [] : [
      "<h3>Conditions compared</h3>",
      `<p class="small">${escapeHtml(conditionRule)}</p>`,
      htmlList(conditions.map(escapeHtml)),
    ]),
    ...figures.map((figure) => formatFigure(figure, study)),
  ];
  if (figures.length === 0 && conditions.length === 0) {
    parts.push(
      "<p>No figures: they need finished runs of the same seed at ratio 0 and at a larger ratio.</p>",
    );
  }
  return `<details id="${id}"><summary>${
    escapeHtml(titleOfStudy(study))
  } <span class="small">${escapeHtml(factsOf([{ sets }]))}</span></summary>
${parts.join("\n")}</details>`;
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
      }</h3>${formatProvenanceTable(set, paths.get(set))}`
    )
  );
  return `${tables.join("\n")}
<h3>This report</h3>
<p class="command"><code>${escapeHtml(command)}</code></p>`;
}

import { capitalise } from "../core/capitalise.ts";
import { countOf } from "../core/count_of.ts";
import { verdictsNote } from "../analysis/claims.ts";
import { type ClaimResult, hasData } from "../analysis/judge_claim.ts";
import { describeClaim, informationHeading } from "./describe_claim.ts";
import { describeControls } from "./describe_controls.ts";
import type { Figure } from "./figure.ts";
import { formatApart } from "./format_figure.ts";
import { escapeHtml, htmlList } from "./html.ts";
import { type ReportContent, VERDICTS } from "./report_content.ts";

/** Anchor of a question, from 1. */
export function questionId(place: number): string {
  return `question-${place}`;
}

/** The questions, a section each: verdict, figure, controls, rule. */
export function formatQuestions(
  { analysis: { claims, margin }, studies, questions }: ReportContent,
): string {
  const controls = claims.flatMap(({ controls }) =>
    controls.map(({ control }) => control)
  );
  const placed = claims.map((claim, i) => ({ claim, place: i + 1 }));
  return `${
    placed.filter(({ claim }) => hasData(claim)).map(({ claim, place }) =>
      formatQuestion(claim, { studies, figure: questions[place - 1], place })
    ).join("\n")
  }${formatWithoutData(placed.filter(({ claim }) => !hasData(claim)))}
<details><summary>How verdicts are decided</summary><p class="small">${
    escapeHtml(VERDICTS)
  }${
    controls.length === 0 ? "" : ` ${
      describeControls(
        controls,
        "the interval of copies minus control contains 0",
      )
    }`
  } A trend is a slope against the ratio, fitted by least squares for each seed: the change per copy per original. The margin has the same unit: ${
    countOf(margin, "point")
  }. Intervals are 95 % intervals, of accuracies over seeds and test images; ${verdictsNote}</p></details>`;
}

/** The claims of which no run says anything, in one short section. */
function formatWithoutData(
  placed: readonly { claim: ClaimResult; place: number }[],
): string {
  if (placed.length === 0) return "";
  const items = placed.map(({ claim: { statement, reason, rule }, place }) =>
    `<li id="${questionId(place)}">${place}. ${escapeHtml(statement)}. ${
      escapeHtml(capitalise(reason))
    }.<details><summary>The exact rule</summary><p class="small">${
      escapeHtml(rule)
    }</p></details></li>`
  );
  return `
<h2>Claims without data</h2>
<ul class="plain">${items.join("")}</ul>`;
}

function formatQuestion(
  claim: ClaimResult,
  { studies, figure, place }: {
    studies: ReportContent["studies"];
    figure: Figure | undefined;
    place: number;
  },
): string {
  const { statement, verdict, finding, runs, controls, information } =
    describeClaim(claim, studies);
  const id = questionId(place);
  // Drawings below each other next to a short text would leave half of the page empty.
  const several = figure !== undefined && figure.panels.length > 1;
  return `<section class="question${
    several ? " several" : ""
  }" aria-labelledby="${id}">
<h2 id="${id}">${place}. ${escapeHtml(statement)}</h2>
<div><p><span class="verdict ${claim.verdict}">${verdict}</span> ${
    escapeHtml(finding)
  }</p>${
    controls.length === 0
      ? ""
      : `<div><p class="name">Is it repetition, or the class mix? Copies minus control:</p>${
        htmlList(controls.map(escapeHtml))
      }</div>`
  }
<details><summary>The exact rule${
    information.length === 0 ? "" : ", and more trends"
  }</summary><p class="small">${escapeHtml(claim.rule)}</p>${
    information.length === 0
      ? ""
      : `<div class="small">${informationHeading(claim)}${
        htmlList(information.map(escapeHtml))
      }</div>`
  }${
    runs === "" ? "" : `<p class="small">Runs: ${escapeHtml(runs)}.</p>`
  }</details></div>${
    // The column of the drawings is too narrow for their numbers.
    figure === undefined
      ? ""
      : formatApart(figure, statement).join("\n")}</section>`;
}

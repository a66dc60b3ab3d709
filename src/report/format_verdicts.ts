import { verdictsNote } from "../analysis/claims.ts";
import type { ClaimResult } from "../analysis/judge_claim.ts";
import { describeClaim, informationHeading } from "./describe_claim.ts";
import { describeControls } from "./describe_controls.ts";
import { escapeHtml, htmlList } from "./html.ts";
import { type ReportContent, VERDICTS } from "./report_content.ts";

/** The verdicts on the paper's claims, and the rules that gave them. */
export function formatVerdicts(
  { analysis: { claims, margin }, studies }: ReportContent,
): string {
  const controls = claims.flatMap(({ controls }) =>
    controls.map(({ control }) => control)
  );
  return `<h2 id="verdicts">Verdicts</h2>
<p class="small">${escapeHtml(VERDICTS)}${
    controls.length === 0 ? "" : ` ${
      describeControls(
        controls,
        "the interval of copies minus control contains 0",
      )
    }`
  }</p>
<ol class="verdicts">${
    claims.map((claim) => formatClaim(claim, studies)).join("\n")
  }</ol>
<details><summary>The rules of these verdicts</summary><p class="small">A trend is a slope against the ratio, fitted by least squares for each seed: the change per copy per original. The margin has the same unit: ${margin} ${
    margin === 1 ? "point" : "points"
  }. Intervals are 95 % intervals, of accuracies over seeds and test images; ${verdictsNote}</p><ol class="small">${
    claims.map(({ rule }) => `<li>${escapeHtml(rule)}</li>`).join("")
  }</ol></details>`;
}

function formatClaim(
  claim: ClaimResult,
  studies: ReportContent["studies"],
): string {
  const { statement, verdict, finding, runs, controls, information } =
    describeClaim(
      claim,
      studies,
    );
  return `<li><p class="statement">${escapeHtml(statement)}</p>
<p><span class="verdict ${claim.verdict}">${verdict}</span> ${
    escapeHtml(finding)
  }</p>${
    controls.length === 0
      ? ""
      : `<div class="small">Copies minus control${
        htmlList(controls.map(escapeHtml))
      }</div>`
  }${
    information.length === 0
      ? ""
      : `<div class="small">${informationHeading(claim)}${
        htmlList(information.map(escapeHtml))
      }</div>`
  }${
    runs === "" ? "" : `<p class="small">Runs: ${escapeHtml(runs)}.</p>`
  }</li>`;
}

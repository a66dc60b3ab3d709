import { rulesNote } from "../analysis/claims.ts";
import type { ClaimResult } from "../analysis/judge_claim.ts";
import { besideNote, describeClaim } from "./describe_claim.ts";
import { escapeHtml, htmlList } from "./html.ts";
import { PAPER, type ReportContent } from "./report_content.ts";

/** The verdicts on the paper's claims, and the rules that gave them. */
export function formatVerdicts(
  { analysis: { claims, margin }, studies }: ReportContent,
): string {
  const hasControls = claims.some(({ controls }) => controls.length > 0);
  return `<h2 id="verdicts">Verdicts</h2>
<p class="small">On the four claims of ${escapeHtml(PAPER)}, ${rulesNote}.${
    hasControls
      ? " A control has something else in the copies’ place: where a change less the control’s has 0 in its interval, it is not shown to be due to repetition."
      : ""
  }</p>
<ol class="verdicts">${
    claims.map((claim) => formatClaim(claim, studies)).join("\n")
  }</ol>
<details><summary>The rules of these verdicts</summary><p class="small">A trend is the slope against the ratio, by least squares, one for each seed: the change for one duplicate per original, and so is the margin; what counts is its 95 % t interval over seeds, of which there must be six. The margin is ${margin} ${
    margin === 1 ? "point" : "points"
  }. The p is that of a t test; neither is adjusted for there being four claims.</p><ol class="small">${
    claims.map(({ rule }) => `<li>${escapeHtml(rule)}</li>`).join("")
  }</ol></details>`;
}

function formatClaim(
  claim: ClaimResult,
  studies: ReportContent["studies"],
): string {
  const { statement, verdict, finding, runs, controls, beside } = describeClaim(
    claim,
    studies,
  );
  return `<li><p class="statement">${escapeHtml(statement)}</p>
<p><span class="verdict ${claim.verdict}">${verdict}</span> ${
    escapeHtml(finding)
  }</p>${
    controls.length === 0
      ? ""
      : `<div class="small">That change less the one with${
        htmlList(controls.map(escapeHtml))
      }</div>`
  }${
    beside.length === 0
      ? ""
      : `<div class="small">Beside it, deciding nothing${besideNote(claim)}${
        htmlList(beside.map(escapeHtml))
      }</div>`
  }${
    runs === "" ? "" : `<p class="small">Runs: ${escapeHtml(runs)}.</p>`
  }</li>`;
}

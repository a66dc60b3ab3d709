import { countWorstCase } from "../analysis/image_scores.ts";
import { escapeHtml } from "../report/html.ts";
import { attackedImagesOf } from "../results/attacked_images.ts";
import type { PageCell } from "./page_cell.ts";

const heads = [
  "Accuracy",
  "Worst-case accuracy",
  "Final training loss",
  "Time",
  "Cell",
] as const;

/** A table of the recorded cells, for readers with or without scripts. */
export function formatCells(cells: readonly PageCell[]): string {
  return `<table class="compared runs"><caption>One row per cell; accuracies are those on test images</caption><thead><tr>${
    ["Run", ...heads].map((text) => `<th scope="col">${text}</th>`).join("")
  }</tr></thead><tbody>${cells.map(formatRow).join("")}</tbody></table>`;
}

function formatRow(
  { name, recorded: { id, outcome, timing } }: PageCell,
): string {
  const { test, epochs } = outcome;
  const share = (correct: number, rows: number) =>
    `${correct} of ${rows} (${(100 * correct / rows).toFixed(1)} %)`;
  // Older sets have no count of the worst case, but what it follows from.
  const worst = test && countWorstCase(test);
  const last = epochs.at(-1);
  return `<tr><th scope="row">${escapeHtml(name)}</th>${
    [
      test === null ? "diverged" : share(test.clean.correct, test.rows),
      test === null
        ? "diverged"
        : worst === null
        ? "not attacked"
        : share(worst, attackedImagesOf(test).rows),
      last === undefined ? "none" : last.loss.toFixed(4),
      `${((timing.trainMs + timing.evaluateMs) / 1000).toFixed(1)} s`,
      id,
    ].map((text, i) => `<td data-head="${heads[i]}">${escapeHtml(text)}</td>`)
      .join("")
  }</tr>`;
}

import type { Figure, LegendEntry, PageDrawing } from "./figure.ts";
import { escapeHtml, keepUnits } from "./html.ts";
import { legendMark } from "./page_style.ts";

/** A figure below a heading of its own. */
export function formatFigure(figure: Figure, study: string): string {
  const { id, heading } = figure;
  return `<h3 id="${id}">${escapeHtml(heading)}</h3>
${formatDrawings(figure, `${heading}, ${study}`)}`;
}

/**
 * A figure without a heading: drawings, caption and numbers.
 *
 * @param name What it shows, for those who do not see it.
 */
export function formatDrawings(
  { caption, panels, wide, table }: Figure,
  name: string,
): string {
  const head = table.head.map((name) =>
    `<th scope="col">${escapeHtml(name)}</th>`
  ).join("");
  // The first two cells name the row.
  const rows = table.rows.map((row) =>
    `<tr>${
      row.map((cell, i) =>
        i < 2
          ? `<th scope="row">${escapeHtml(cell)}</th>`
          : `<td>${escapeHtml(cell)}</td>`
      ).join("")
    }</tr>`
  ).join("");
  return `<figure aria-label="${escapeHtml(name)}">
${
    wide === undefined
      ? ""
      : `<div class="wide">${embed(wide)}</div>\n`
  }<div class="panels">${panels.map(formatPanel).join("\n")}</div>
<figcaption>${escapeHtml(keepUnits(caption))}</figcaption>
<details><summary>Numbers of this figure</summary>
<div class="scroll" role="region" tabindex="0" aria-label="${
    escapeHtml(`${name}: numbers`)
  }"><table class="data"><caption>${
    escapeHtml(table.caption)
  }</caption><thead><tr>${head}</tr></thead><tbody>${rows}</tbody></table></div></details>
</figure>`;
}

function formatLegend(entries: readonly LegendEntry[]): string {
  return entries.length === 0
    ? ""
    : `<ul class="legend">${
      entries.map((entry) =>
        `<li>${legendMark(entry)}${escapeHtml(entry.name)}</li>`
      ).join("")
    }</ul>`;
}

/** A drawing below its title. */
function formatPanel(panel: PageDrawing): string {
  return `<div class="panel"><p class="name">${escapeHtml(panel.title)}</p>${
    embed(panel)
  }${formatLegend(panel.legend ?? [])}</div>`;
}

/** A drawing as part of a page, with its own description and unique ids. */
function embed({ id, alt, inline }: PageDrawing): string {
  const attributes = `role="img" aria-label="${escapeHtml(alt)}"`;
  // By functions, as a name of a class may hold what replace() takes for a pattern.
  return inline
    .replace("<svg ", () => `<svg ${attributes} `)
    .replaceAll(/id="(clip\d+)"/g, (_, clip) => `id="${id}-${clip}"`)
    .replaceAll(/url\(#(clip\d+)\)/g, (_, clip) => `url(#${id}-${clip})`);
}

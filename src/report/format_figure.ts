import { largest } from "../core/extremes.ts";
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
export function formatDrawings(figure: Figure, name: string): string {
  return formatParts(figure, name, formatNumbers(figure, name));
}

/**
 * The same in two parts, for a place that is too narrow for the numbers: the
 * drawings with their caption, and the numbers.
 */
export function formatApart(
  figure: Figure,
  name: string,
): [drawings: string, numbers: string] {
  return [formatParts(figure, name, ""), formatNumbers(figure, name)];
}

function formatParts(
  { caption, panels, wide }: Figure,
  name: string,
  numbers: string,
): string {
  return `<figure aria-label="${escapeHtml(name)}">
${
    wide === undefined
      ? ""
      : `<div class="wide">${embed(wide)}</div>\n`
  }<div class="panels">${panels.map(formatPanel).join("\n")}</div>
<figcaption>${escapeHtml(keepUnits(caption))}</figcaption>
${numbers}</figure>`;
}

/** Cells of a row that name it. */
const NAMES = 2;

/** Characters of numbers side by side that leave room for names on a desktop. */
const FITTING = 80;

/** Whether the numbers of each row do not fit on one line next to its names. */
function isDense({ rows }: Figure["table"]): boolean {
  const columns = Math.max(0, ...rows.map(({ length }) => length));
  let width = 0;
  for (let i = NAMES; i < columns; i++) {
    width += 2 + largest(rows.map((row) => row[i]?.length ?? 0));
  }
  return width > FITTING;
}

function formatNumbers({ table }: Figure, name: string): string {
  const dense = isDense(table);
  const head = table.head.map((name) =>
    // Where there is room, "seed 1" stays on one line.
    `<th scope="col">${
      escapeHtml(dense ? name : name.replace(/ (?=\d)/, "\u00a0"))
    }</th>`
  ).join("");
  const rows = table.rows.map((row) =>
    `<tr>${
      row.map((cell, i) =>
        i < NAMES
          ? `<th scope="row">${escapeHtml(cell)}</th>`
          : `<td>${escapeHtml(cell)}</td>`
      ).join("")
    }</tr>`
  ).join("");
  return `<details><summary>Numbers of this figure</summary>
<div class="scroll" role="region" tabindex="0" aria-label="${
    escapeHtml(`${name}: numbers`)
  }"><table class="data${dense ? " dense" : ""}"><caption><span>${
    escapeHtml(table.caption)
  }</span></caption><thead><tr>${head}</tr></thead><tbody>${rows}</tbody></table></div></details>
`;
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

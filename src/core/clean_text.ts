/**
 * Text from files, made harmless for where it is shown. Every output of dupbench
 * uses these: terminals obey control characters, and Markdown and CSV have
 * markup and formulas that a file could bring in.
 *
 * @module
 */

// deno-lint-ignore no-control-regex
const controls = /[\u0000-\u001f\u007f-\u009f\u2028\u2029]+/g;

/** Marks that reorder or hide what is around them. */
const reordering = /[\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]+/g;

/**
 * Text on one line: each run of control characters and white space is one space;
 * marks that change the direction of writing are removed.
 */
export function oneLine(text: string): string {
  return spacedLine(text).replace(/\s+/g, " ").trim();
}

/** The same with all spaces as they are, as in the name of a file. */
export function spacedLine(text: string): string {
  return text.replace(reordering, "").replace(controls, " ");
}

/**
 * Text for a terminal: line feeds and tabs stay, all other control characters
 * and marks that change the direction of writing are removed.
 */
export function terminalText(text: string): string {
  return text.replace(reordering, "").replace(
    controls,
    (run) => run.replace(/[^\n\t]/g, ""),
  );
}

/**
 * JSON on one line that {@linkcode terminalText} leaves as it is: what it would
 * remove is escaped, so that a program gets every name of a file as it is.
 */
export function terminalJson(value: unknown): string {
  const escape = (marks: string) =>
    marks.replace(
      /./gsu,
      (mark) => `\\u${mark.charCodeAt(0).toString(16).padStart(4, "0")}`,
    );
  return JSON.stringify(value).replace(reordering, escape).replace(
    controls,
    escape,
  );
}

/**
 * Text on one line that Markdown (CommonMark 0.31, GFM) shows as it is, also as
 * the text of a heading: no HTML, entities, links, images, code, emphasis,
 * headings, lists or cells of a table. Addresses that are written out, such as
 * `https://example.org`, stay readable, and GFM makes links of them.
 */
export function markdownText(text: string): string {
  const cell = markdownCell(text).replace(/^[#+=-]/, "\\$&")
    .replace(/^(\d+)([.)])/, "$1\\$2");
  // What would close a heading and not be shown.
  return cell.replace(/(?<=\s)#+$/, "\\$&");
}

/** The same for a cell of a table, where no heading or list can begin. */
export function markdownCell(text: string): string {
  return oneLine(text).replace(marks, "\\$&");
}

/**
 * Marks with a meaning anywhere in a line. An underscore within a word, as in the
 * names of many files, has none, and an ampersand only before an entity.
 */
const marks =
  /[\\`*[\]<>|!~]|&(?=#?\w+;)|(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])/gu;

/**
 * Text on one line as a code span of Markdown. The fence is longer than any run
 * of backticks within.
 */
export function markdownCode(text: string): string {
  const line = oneLine(text);
  const runs = line.match(/`+/g) ?? [];
  const fence = "`".repeat(
    1 + runs.reduce((most, { length }) => Math.max(most, length), 0),
  );
  const pad = runs.length > 0 ? " " : "";
  return `${fence}${pad}${line}${pad}${fence}`;
}

/** The name of a file as the target of a link or of a picture in Markdown. */
export function markdownTarget(name: string): string {
  return encodeURIComponent(name).replace(
    /[()]/g,
    (mark) => mark === "(" ? "%28" : "%29",
  );
}

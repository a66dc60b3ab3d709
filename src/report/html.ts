/** Escapes text for HTML, attributes included. */
export function escapeHtml(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;").replaceAll('"', "&quot;");
}

/**
 * A list of texts; the caller escapes them.
 *
 * @param style Its class in the style sheet.
 */
export function htmlList(items: readonly string[], style?: string): string {
  const attribute = style === undefined ? "" : ` class="${style}"`;
  return `<ul${attribute}>${
    items.map((item) => `<li>${item}</li>`).join("")
  }</ul>`;
}

/** Keeps a number and its per cent sign on one line. */
export function keepUnits(text: string): string {
  return text.replaceAll(/(?<=\d) %/g, "\u00a0%");
}

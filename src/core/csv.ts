/**
 * Writes lines as CSV (RFC 4180): commas, CRLF, quotes only where needed.
 * Numbers keep all their digits; `null` and `undefined` are empty fields. Text
 * that a spreadsheet would take for a formula gets an apostrophe in front, unless
 * `exact`: in tables that a program reads back, text must stay as it is.
 */
export function csvText(
  lines: readonly (readonly unknown[])[],
  { exact = false }: { exact?: boolean } = {},
): string {
  return lines.map((line) =>
    line.map((value) => quote(value, exact)).join(",") + "\r\n"
  ).join("");
}

function quote(value: unknown, exact: boolean): string {
  const text = typeof value === "string" && !exact
    ? defuse(value)
    : String(value ?? "");
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** Spreadsheets evaluate text that begins like this. */
function defuse(text: string): string {
  return /^[=+\-@\t\r\n]/.test(text) ? `'${text}` : text;
}

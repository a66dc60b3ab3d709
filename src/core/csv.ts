/**
 * Writes lines as CSV (RFC 4180): commas, CRLF, quotes only where needed.
 * Numbers keep all their digits; `null` and `undefined` are empty fields. Text
 * that a spreadsheet would take for a formula gets an apostrophe in front.
 */
export function csvText(lines: readonly (readonly unknown[])[]): string {
  return lines.map((line) => line.map(quote).join(",") + "\r\n").join("");
}

function quote(value: unknown): string {
  const text = typeof value === "string" ? defuse(value) : String(value ?? "");
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** Spreadsheets evaluate text that begins like this. */
function defuse(text: string): string {
  return /^[=+\-@\t\r\n]/.test(text) ? `'${text}` : text;
}

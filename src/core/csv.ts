/**
 * Writes lines as CSV (RFC 4180): commas, CRLF, quotes only where needed.
 * Numbers keep all their digits; `null` and `undefined` are empty fields.
 */
export function csvText(lines: readonly (readonly unknown[])[]): string {
  return lines.map((line) => line.map(quote).join(",") + "\r\n").join("");
}

function quote(value: unknown): string {
  const text = String(value ?? "");
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

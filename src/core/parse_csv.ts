/**
 * Reads CSV (RFC 4180): commas, quoted fields with doubled quotes, lines that end
 * with LF, CRLF or, as of some spreadsheets on a Mac, CR. A byte order mark and empty lines are skipped.
 *
 * @returns The fields of each line.
 * @throws {SyntaxError} If a quoted field does not end, or goes on after its quote.
 */
export function parseCsv(text: string): string[][] {
  const lines: string[][] = [];
  let at = text.startsWith("\ufeff") ? 1 : 0;
  while (at < text.length) {
    const line: string[] = [];
    while (true) {
      const { value, end } = text[at] === '"'
        ? quotedField(text, at)
        : plainField(text, at);
      line.push(value);
      at = end;
      if (text[at] !== ",") break;
      at++;
    }
    if (text.startsWith("\r\n", at)) at++;
    if (at < text.length && !"\r\n".includes(text[at]!)) {
      throw new SyntaxError(
        `line ${
          lines.length + 1
        } must have a comma or its end after a quoted field, got "${text[at]}"`,
      );
    }
    at++;
    if (line.length > 1 || line[0] !== "") lines.push(line);
  }
  return lines;
}

function plainField(text: string, from: number) {
  let end = from;
  while (end < text.length && !",\r\n".includes(text[end]!)) end++;
  return { value: text.slice(from, end), end };
}

function quotedField(text: string, from: number) {
  let value = "";
  for (let at = from + 1;;) {
    const quote = text.indexOf('"', at);
    if (quote < 0) {
      throw new SyntaxError("a quoted field must end with a quote");
    }
    value += text.slice(at, quote);
    if (text[quote + 1] !== '"') return { value, end: quote + 1 };
    value += '"';
    at = quote + 2;
  }
}

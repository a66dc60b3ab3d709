/** A record of a CSV file. */
export interface CsvRecord {
  /** Its fields. */
  readonly fields: readonly string[];
  /** The line of the file on which it begins, from 1. */
  readonly line: number;
}

/**
 * Reads CSV (RFC 4180): commas, quoted fields with doubled quotes, lines that end
 * with LF, CRLF or, as of some spreadsheets on a Mac, CR. A byte order mark and empty lines are skipped.
 *
 * @throws {SyntaxError} If a quoted field does not end, or goes on after its quote.
 */
export function parseCsv(text: string): CsvRecord[] {
  const records: CsvRecord[] = [];
  let at = text.startsWith("\ufeff") ? 1 : 0;
  for (let line = 1, start = at; at < text.length; start = at) {
    const fields: string[] = [];
    while (true) {
      const { value, end } = text[at] === '"'
        ? quotedField(text, at)
        : plainField(text, at);
      fields.push(value);
      at = end;
      if (text[at] !== ",") break;
      at++;
    }
    if (text.startsWith("\r\n", at)) at++;
    if (at < text.length && !"\r\n".includes(text[at]!)) {
      throw new SyntaxError(
        `line ${
          lineOf(text, at)
        } must have a comma or its end after a quoted field, got "${text[at]}"`,
      );
    }
    at++;
    if (fields.length > 1 || fields[0] !== "") records.push({ fields, line });
    line += breaksIn(text.slice(start, at));
  }
  return records;
}

/** The line, from 1, of a place in a text. */
function lineOf(text: string, at: number): number {
  return 1 + breaksIn(text.slice(0, at));
}

function breaksIn(text: string): number {
  return text.match(/\r\n?|\n/g)?.length ?? 0;
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
      throw new SyntaxError(
        `the quoted field that begins on line ${
          lineOf(text, from)
        } must end with a quote`,
      );
    }
    value += text.slice(at, quote);
    if (text[quote + 1] !== '"') return { value, end: quote + 1 };
    value += '"';
    at = quote + 2;
  }
}

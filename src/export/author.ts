import { UsageError } from "../core/errors.ts";

/** An author of an export. */
export interface Author {
  /** As it is printed. */
  name: string;
  /** `https://orcid.org/…`; absent if unknown. */
  orcid?: string;
}

/**
 * Reads the authors of an export, each written as `Name <ORCID>`.
 *
 * @throws {UsageError} If one is not written so, or is given twice: the same
 * ORCID, or the same name and no ORCID.
 */
export function parseAuthors(texts: readonly string[]): Author[] {
  const authors = texts.map(parseAuthor);
  const seen = new Set<string>();
  for (const [i, { name, orcid = name }] of authors.entries()) {
    if (seen.has(orcid)) throw fault("must name each author once", texts[i]!);
    seen.add(orcid);
  }
  return authors;
}

/**
 * Reads `Name <ORCID>`; the ORCID may be a bare number, an address, or absent.
 *
 * @throws {UsageError} If there is no name, or the last digit of the ORCID is not
 * the check digit of ISO 7064 MOD 11-2, which reveals typing errors.
 */
function parseAuthor(text: string): Author {
  const [, name = "", id] = /^\s*([^<>]*?)\s*(?:<([^<>]*)>)?\s*$/.exec(text) ??
    [];
  if (name === "") throw fault("must be Name or Name <ORCID>", text);
  if (id === undefined) return { name };
  const [, number] =
    /^(?:https?:\/\/orcid\.org\/)?(\d{4}-\d{4}-\d{4}-\d{3}[\dX])$/.exec(id) ??
      [];
  if (number === undefined || checkDigit(number) !== number.at(-1)) {
    throw fault("needs an ORCID of 16 digits with a valid check digit", text);
  }
  return { name, orcid: `https://orcid.org/${number}` };
}

function checkDigit(number: string): string {
  const digits = number.replaceAll("-", "").slice(0, -1);
  const total = [...digits].reduce((t, digit) => (t + Number(digit)) * 2, 0);
  const last = (12 - total % 11) % 11;
  return last === 10 ? "X" : String(last);
}

function fault(want: string, text: string): UsageError {
  return new UsageError(`"author" ${want}, got "${text}"`, { field: "author" });
}

import { quotation, UsageError } from "../core/errors.ts";

/** An author of an export. */
export interface Author {
  /** As it is printed: `Given Family`, `Family, Given`, or that of a group. */
  name: string;
  /** `https://orcid.org/…`; absent if unknown. */
  orcid?: string;
}

/**
 * Reads the authors of an export.
 *
 * @param texts One author each: `Name` or `Name <ORCID>`, where the name may be
 * `Family, Given`, as BibTeX and CITATION.cff have it.
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
 * Names without a comma, and `Family, Given`. Several commas, or one without a
 * space, are how lists are written, and a list must not become one author.
 */
const oneName = /^[^,]+$|^[^,]*[^,\s], +[^,\s][^,]*$/;

/**
 * Reads `Name <ORCID>`; the ORCID may be a bare number, an address, or absent.
 *
 * @throws {UsageError} If it is not one name, or the last digit of the ORCID is
 * not the check digit of ISO 7064 MOD 11-2, which reveals typing errors.
 */
function parseAuthor(text: string): Author {
  const [, name = "", id] = /^\s*([^<>]*?)\s*(?:<([^<>]*)>)?\s*$/.exec(text) ??
    [];
  if (!oneName.test(name)) {
    throw new UsageError(
      `"author" must be one author, such as "Jane Doe", "Doe, Jane" or "Jane Doe <ORCID>", got "${
        quotation(text)
      }": give it again for each further author`,
      { field: "author" },
    );
  }
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

import { UsageError } from "../core/errors.ts";

/** Who is to be named as an author of an export. */
export interface Author {
  /** As it is to be printed. */
  name: string;
  /** `https://orcid.org/…`, where known. */
  orcid?: string;
}

/**
 * Reads `Name <ORCID>`; the ORCID may be a bare number, an address, or absent.
 *
 * @throws {UsageError} If there is no name, or the ORCID's last digit is not
 * that of ISO 7064 MOD 11-2, which catches mistyped ones.
 */
export function parseAuthor(text: string): Author {
  const [, name = "", id] = /^\s*([^<>]*?)\s*(?:<([^<>]*)>)?\s*$/.exec(text) ??
    [];
  if (name === "") throw fault(text, 'must be "Name" or "Name <ORCID>"');
  if (id === undefined) return { name };
  const [, number] =
    /^(?:https?:\/\/orcid\.org\/)?(\d{4}-\d{4}-\d{4}-\d{3}[\dX])$/.exec(id) ??
      [];
  if (number === undefined || checkDigit(number) !== number.at(-1)) {
    throw fault(text, "ORCID must be 16 digits with the right check digit");
  }
  return { name, orcid: `https://orcid.org/${number}` };
}

function checkDigit(number: string): string {
  const digits = number.replaceAll("-", "").slice(0, -1);
  const total = [...digits].reduce((t, digit) => (t + Number(digit)) * 2, 0);
  const last = (12 - total % 11) % 11;
  return last === 10 ? "X" : String(last);
}

function fault(text: string, want: string): UsageError {
  return new UsageError(
    `Cannot take --author: ${want}: current value is "${text}"`,
  );
}

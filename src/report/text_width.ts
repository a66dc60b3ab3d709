/** Advance of characters in ems, as DejaVu Sans has it, rounded up. */
const advances: readonly (readonly [characters: string, em: number])[] = [
  [" !'()[],.-/\\|:;IJfijlrt·", 0.42],
  ["%@MWmw", 1],
  ["#&+<=>ACDGHNOQRUVX^~−±×–", 0.85],
];

const advanceOf = new Map(
  advances.flatMap(([characters, em]) => [...characters].map((c) => [c, em])),
);

/** Advance of other characters of ASCII, and of those of other scripts. */
const USUAL = 0.7;
const WIDEST = 1.1;

/** How much wider bold characters are. */
const BOLD = 1.15;

/** What decides how wide a text is drawn. */
export interface TextStyle {
  /** Height of the font in pixels. */
  fontSize?: number;
  /** As in CSS. */
  fontWeight?: number | string;
  /** Width in pixels to which longer text is cut; none: 0. */
  limit?: number;
}

/**
 * Upper estimate of the width of a text. A drawing is as large as its texts, so
 * that an estimate far too large, such as that of Vega without a canvas, leaves
 * empty space and makes the drawing smaller, and one too small cuts the texts.
 * DejaVu Sans is wider than the fonts of other systems, so it holds for those, too.
 *
 * @returns Width in pixels, at most `limit`.
 */
export function estimateTextWidth(
  { fontSize = 11, fontWeight = "normal", limit = 0 }: TextStyle,
  text: string,
): number {
  const isBold = fontWeight === "bold" || Number(fontWeight) >= 600;
  let ems = 0;
  for (const character of text.trim()) {
    ems += advanceOf.get(character) ?? (character <= "~" ? USUAL : WIDEST);
  }
  const width = Math.ceil(ems * fontSize * (isBold ? BOLD : 1));
  return limit > 0 ? Math.min(limit, width) : width;
}

/**
 * How much of its estimate a text of small letters is drawn wide in DejaVu Sans. A
 * drawing is made as large as the estimate; lines that were broken at it would be
 * short.
 */
const DRAWN = 0.83;

/**
 * Breaks a text between words into lines that are drawn within a width, and a word
 * that is wider after its hyphens.
 *
 * @param width Of a line, in pixels.
 */
export function wrapText(
  style: TextStyle,
  text: string,
  width: number,
): string[] {
  const fits = (line: string) =>
    estimateTextWidth(style, line) * DRAWN <= width;
  const lines: string[] = [];
  for (const word of text.split(" ")) {
    const parts = fits(word) ? [word] : word.split(/(?<=-)/);
    for (const [i, part] of parts.entries()) {
      const longer = `${lines.at(-1) ?? ""}${i === 0 ? " " : ""}${part}`.trim();
      if (lines.length > 0 && fits(longer)) lines[lines.length - 1] = longer;
      else lines.push(part);
    }
  }
  return lines;
}

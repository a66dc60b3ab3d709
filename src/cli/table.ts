/**
 * Lays out rows under headings in columns of equal width, plain text.
 *
 * @param headings One a column.
 * @param rows Cells as text; numbers are to be formatted already.
 * @param left How many of the first columns are flush left; the rest are right.
 */
export function formatTable(
  headings: readonly string[],
  rows: readonly (readonly string[])[],
  left: number,
): string {
  const widths = headings.map((heading, i) =>
    Math.max(heading.length, ...rows.map((row) => row[i]!.length))
  );
  const line = (cells: readonly string[]) =>
    cells.map((cell, i) =>
      i < left ? cell.padEnd(widths[i]!) : cell.padStart(widths[i]!)
    ).join("  ").trimEnd();
  return [
    line(headings),
    line(widths.map((width) => "-".repeat(width))),
    ...rows.map(line),
  ].join("\n");
}

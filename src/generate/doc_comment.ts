const WIDTH = 80;

/**
 * Writes a doc comment, its lines broken at 80 columns.
 *
 * @param text Paragraphs and lists; a line feed stays one.
 * @param indent What each line begins with.
 */
export function docComment(text: string, indent = ""): string {
  const single = `${indent}/** ${text} */`;
  if (!text.includes("\n") && single.length <= WIDTH) return single;
  const lines = text.split("\n").flatMap((line) =>
    wrap(line, WIDTH - indent.length - 3)
  );
  return [
    `${indent}/**`,
    ...lines.map((line) => `${indent} * ${line}`.trimEnd()),
    `${indent} */`,
  ].join("\n");
}

/** Lines of at most `width` characters; those of a list item are indented. */
function wrap(line: string, width: number): string[] {
  const lines: string[] = [];
  let current = "";
  for (const word of line.split(" ")) {
    if (current !== "" && current.length + 1 + word.length > width) {
      lines.push(current);
      current = (line.startsWith("- ") ? "  " : "") + word;
    } else {
      current = current === "" ? word : `${current} ${word}`;
    }
  }
  return [...lines, current];
}

/** The name that was probably meant, if any is like it. */
export function nearest(
  name: string,
  names: readonly string[],
): string | undefined {
  return names
    .map((other) => [editDistance(name, other), other] as const)
    .filter(([distance]) => distance <= Math.max(2, name.length / 3))
    .sort(([a], [b]) => a - b)[0]?.[1];
}

/** Levenshtein distance: insertions, deletions and replacements of letters. */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(row[j]! + 1, next[j - 1]! + 1, replaced));
    }
    row = next;
  }
  return row[b.length]!;
}

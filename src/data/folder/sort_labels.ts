/** Labels by code unit or, where all are whole numbers, by their size. */
export function sortLabels(labels: Iterable<string>): string[] {
  const distinct = [...new Set(labels)];
  return distinct.every((label) => /^\d{1,9}$/.test(label))
    ? distinct.sort((a, b) => Number(a) - Number(b))
    : distinct.sort();
}

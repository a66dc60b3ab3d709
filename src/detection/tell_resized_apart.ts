import type { ImageFiles } from "./file_facts.ts";
import type { NearPair } from "./search/near_duplicates.ts";
import type { FoundDuplicates } from "./search_duplicates.ts";

/**
 * What a search has found, with images that are equal only since the data set
 * changed their sizes, or laid them on a ground, as near duplicates: of what
 * remains equal, the files or the decoded images are. It says which image is a
 * duplicate of which; whether two are so directly is for the search itself.
 *
 * @param files The files of the rows.
 * @returns The same images; pairs of this kind differ by 0 and come last.
 * @throws {UsageError} If a file cannot be read any more.
 */
export async function tellResizedApart(
  { images, firsts, near }: FoundDuplicates,
  files: ImageFiles,
): Promise<FoundDuplicates> {
  const own = firsts.slice();
  const pairs: NearPair[] = [];
  for (const rows of listEqual(firsts)) {
    const byFile = new Map<string, number[]>();
    for (const row of rows) {
      const { sha256 } = await files.factsOf(row);
      const same = byFile.get(sha256);
      if (same === undefined) byFile.set(sha256, [row]);
      else same.push(row);
    }
    // Most are one file, which need not be decoded.
    if (byFile.size === 1) continue;
    const byPixels = new Map<string, number>();
    for (const same of byFile.values()) {
      const digest = await files.pixelDigestOf(same[0]!);
      const first = byPixels.get(digest) ?? same[0]!;
      for (const row of same) own[row] = first;
      if (byPixels.has(digest)) continue;
      byPixels.set(digest, first);
      if (first === rows[0]) continue;
      pairs.push({ first: rows[0]!, second: first, difference: 0 });
    }
  }
  return { images, firsts: own, near: [...near, ...pairs] };
}

/** The rows that are equal, two or more, ascending. */
function listEqual(firsts: Uint32Array): number[][] {
  const equal = new Map<number, number[]>();
  firsts.forEach((first, row) => {
    if (first === row) return;
    const rows = equal.get(first);
    if (rows === undefined) equal.set(first, [first, row]);
    else rows.push(row);
  });
  return [...equal.values()];
}

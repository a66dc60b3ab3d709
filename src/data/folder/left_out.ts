/** Names of files, in lower case, that systems and programs leave in folders. */
const junkNames = new Set([
  "thumbs.db",
  "ehthumbs.db",
  "desktop.ini",
  "picasa.ini",
  "readme",
  "license",
]);

/** Names of folders that hold no images of the user. */
const junkFolders = new Set(["__MACOSX", "@eaDir"]);

/** Endings of files that are no images. */
const otherEndings =
  /\.(txt|md|rst|json|jsonl|csv|tsv|xml|ya?ml|ini|db|html?|log|pdf)$/i;

/** What of a folder was not read as an image, and how often, by reason. */
export type Tally = Map<string, number>;

/** Counts one more of a reason. */
export function countLeftOut(tally: Tally, reason: string, more = 1): void {
  if (more > 0) tally.set(reason, (tally.get(reason) ?? 0) + more);
}

/**
 * Why an entry is left out by its name; `undefined`: it may be an image, or a
 * class. A file whose name is that of another kind is looked into first, as an
 * image counts whatever it is called.
 */
export function reasonToLeaveOut(
  name: string,
  { isDirectory }: { isDirectory: boolean },
): { reason: string; isSure: boolean } | undefined {
  if (name.startsWith(".")) {
    const isKnown = name === ".DS_Store";
    return { reason: isKnown ? name : "hidden", isSure: true };
  }
  if (isDirectory) {
    return junkFolders.has(name) ? { reason: name, isSure: true } : undefined;
  }
  if (junkNames.has(name.toLowerCase())) return { reason: name, isSure: false };
  const ending = otherEndings.exec(name);
  return ending === null
    ? undefined
    : { reason: `*${ending[0].toLowerCase()}`, isSure: false };
}

/** What was left out in words, such as `3 Thumbs.db, 1 hidden`, most first. */
export function describeLeftOut(
  leftOut: Readonly<Record<string, number>>,
): string {
  return Object.entries(leftOut)
    .sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1))
    .map(([reason, count]) => `${count.toLocaleString("en")} ${reason}`)
    .join(", ");
}

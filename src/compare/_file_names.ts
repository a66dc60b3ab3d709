/** Paths shortened to file names without `.json` or `.zip` where those are distinct. */
export function nameFiles(paths: readonly string[]): string[] {
  const short = paths.map((path) =>
    path.replace(/^.*[\\/]/, "").replace(/\.(json|zip)$/, "")
  );
  const isDistinct = new Set(short).size === short.length;
  if (isDistinct) return short;
  // The same file may be given twice.
  return paths.map((path, i) =>
    paths.indexOf(path) === i ? path : `${path} (${i + 1})`
  );
}

/**
 * The name of a study as pages show it: without the digits by which `sweep` tells
 * studies with changed fields apart.
 */
export function titleOfStudy(study: string): string {
  return study.replace(/-[0-9a-f]{8}$/, "");
}

/**
 * Texts in which studies are called by their names, with the titles that pages show
 * instead. Studies of one title keep their names, which tell them apart.
 */
export function sayTitles(
  texts: readonly string[],
  studies: Iterable<string>,
): string[] {
  const titled = Map.groupBy(new Set(studies), titleOfStudy);
  return texts.map((text) => {
    let own = text;
    for (const [title, names] of titled) {
      if (names.length === 1) own = own.replaceAll(names[0]!, () => title);
    }
    return own;
  });
}

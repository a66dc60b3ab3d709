import ts from "npm:typescript@6.0.3";

/** The project's folder. */
export const root = new URL("../", import.meta.url);

/** Modules and what they import. */
export interface Followed {
  /** Text by path relative to the project's folder. */
  readonly files: ReadonlyMap<string, string>;
  /** Specifiers of packages, `node:` ones apart. */
  readonly packages: ReadonlySet<string>;
}

/**
 * Reads modules and all that they import, directly and through others.
 *
 * @param entries Paths relative to the project's folder.
 * @param emit What a module becomes, whose imports are followed: its code has
 * fewer than its source, which also imports types.
 */
export async function followImports(
  entries: readonly string[],
  emit: (module: { path: string; text: string }) => string,
): Promise<Followed> {
  const files = new Map<string, string>();
  const packages = new Set<string>();
  const paths = new Set(entries);
  for (const path of paths) {
    const url = new URL(path, root);
    const text = await Deno.readTextFile(url);
    if (!path.endsWith(".ts")) {
      files.set(path, text);
      continue;
    }
    const emitted = emit({ path, text });
    files.set(path, emitted);
    const { importedFiles } = ts.preProcessFile(emitted, true, true);
    for (const { fileName: specifier } of importedFiles) {
      if (specifier.startsWith("@std/")) paths.add(adapterOf(specifier));
      else if (/^\.\.?\//.test(specifier)) {
        paths.add(new URL(specifier, url).href.slice(root.href.length));
      } else if (!specifier.startsWith("node:")) packages.add(specifier);
    }
  }
  return { files, packages };
}

/** The adapter that stands for a module of `@std`. */
export function adapterOf(specifier: string): string {
  const name = specifier.split("/").at(-1)!.replaceAll("-", "_");
  return `src/std/${name}.ts`;
}

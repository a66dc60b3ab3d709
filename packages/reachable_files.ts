import ts from "npm:typescript@6.0.3";

/**
 * The files of the project that some of its files load, themselves included:
 * TypeScript, and JSON that they import.
 *
 * @param entries Paths relative to `root`.
 * @param options `root`: URL of the folder that paths are relative to, with a
 * slash at its end; `types`: follow the imports that only types need, too.
 * @returns Paths relative to `root`, sorted, and the packages that they load.
 */
export async function findReachable(
  entries: readonly string[],
  { root, types }: { root: URL; types: boolean },
): Promise<{ files: string[]; packages: string[] }> {
  const files = new Set(entries);
  const packages = new Set<string>();
  for (const file of files) {
    if (!file.endsWith(".ts")) continue;
    const url = new URL(file, root);
    const source = await Deno.readTextFile(url);
    for (const specifier of readSpecifiers(source, { types })) {
      if (/^\.\.?\//.test(specifier)) {
        files.add(new URL(specifier, url).href.slice(root.href.length));
      } else if (specifier.startsWith("@std/")) {
        files.add(adapterOf(specifier));
      } else if (!specifier.startsWith("node:")) packages.add(specifier);
    }
  }
  return { files: [...files].sort(), packages: [...packages].sort() };
}

/** The adapter that stands for a module of `@std`. */
export function adapterOf(specifier: string): string {
  const name = specifier.split("/").at(-1)!.replaceAll("-", "_");
  return `src/std/${name}.ts`;
}

function readSpecifiers(text: string, { types }: { types: boolean }) {
  const code = types ? text : ts.transpileModule(text, {
    compilerOptions: {
      target: ts.ScriptTarget.ES2022,
      module: ts.ModuleKind.ESNext,
      verbatimModuleSyntax: true,
    },
  }).outputText;
  return ts.preProcessFile(code, true, true).importedFiles
    .map(({ fileName }) => fileName);
}

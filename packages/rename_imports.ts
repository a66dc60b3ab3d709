import { adapterOf } from "./follow_imports.ts";

/** How the imports of a module change. */
export interface RenameOptions {
  /** Path of the module, relative to the project's folder. */
  readonly path: string;
  /** Names of packages in the sources and in the package, where they differ. */
  readonly renamed: Readonly<Record<string, string>>;
}

/**
 * The imports of a module as they are in a package: `.js` for `.ts`, modules for
 * JSON, the adapters for `@std`, and other names of packages. Examples in
 * comments change alike.
 */
export function renameImports(
  text: string,
  { path, renamed }: RenameOptions,
): string {
  const up = "../".repeat(path.split("/").length - 1) || "./";
  const own = (specifier: string) =>
    specifier.startsWith("@std/")
      ? up + adapterOf(specifier)
      : renamePackage(specifier, renamed);
  return text.replace(
    /(\bfrom |\bimport |\bimport\()"([^"]+)"(\s+with \{[^}]*\})?/g,
    (_, head: string, specifier: string) => {
      const target = own(specifier);
      return `${head}"${
        /^\.\.?\//.test(target)
          ? target.replace(/\.ts$/, ".js").replace(/\.json$/, ".json.js")
          : target
      }"`;
    },
  );
}

/** The name in the package of a package in the sources, or of a part of it. */
export function renamePackage(
  specifier: string,
  renamed: RenameOptions["renamed"],
): string {
  for (const [from, to] of Object.entries(renamed)) {
    if (specifier === from) return to;
    if (specifier.startsWith(`${from}/`)) {
      return to + specifier.slice(from.length);
    }
  }
  return specifier;
}

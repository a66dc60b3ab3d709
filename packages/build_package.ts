import config from "../deno.json" with { type: "json" };
import { completeManifest } from "./complete_manifest.ts";
import { emitCode, emitDeclarations } from "./emit_module.ts";
import { followImports, root } from "./follow_imports.ts";
import type { NpmPackage } from "./packages.ts";
import { renameImports, renamePackage } from "./rename_imports.ts";
import type { PackedFile } from "./pack_tarball.ts";

/**
 * Builds a package: what its modules and programs load as JavaScript, the
 * declarations of its modules and of those that their types need, the assets,
 * and the files of its folder. Equal sources give equal files.
 *
 * @returns Files by path relative to the package.
 */
export async function buildPackage(
  { folder, base, exports, programs = [], assets, renamed }: NpmPackage,
): Promise<Map<string, PackedFile>> {
  const files = new Map<string, PackedFile>();
  const put = (path: string, content: string | Uint8Array) => {
    const bytes = typeof content === "string"
      ? new TextEncoder().encode(content)
      : content;
    files.set(path, { bytes, isProgram: bytes[0] === 35 && bytes[1] === 33 });
  };
  const place = (path: string) => {
    if (path.startsWith(base)) return path.slice(base.length);
    throw new RangeError(`A package of "${base}" cannot have "${path}"`);
  };
  const modules = Object.values(exports).map((path) => path.slice(2));
  const loaded = await followImports([...modules, ...programs], emitCode);
  for (const [path, text] of loaded.files) {
    if (path.endsWith(".json")) {
      put(`${place(path)}.js`, `export default ${text.trimEnd()};\n`);
    } else {
      const code = renameImports(text, { path, renamed });
      put(place(path).replace(/\.ts$/, ".js"), code);
    }
  }
  const typed = await followImports(modules, emitDeclarations);
  for (const [path, text] of typed.files) {
    const declarations = renameImports(text, { path, renamed });
    put(place(path).replace(/\.ts$/, ".d.ts"), declarations);
  }
  for await (const path of listFiles(assets)) {
    put(place(path), await Deno.readFile(new URL(path, root)));
  }
  const read = (path: string) => Deno.readTextFile(new URL(path, root));
  put("LICENSE", await read("LICENSE"));
  put("README.md", await read(`packages/${folder}/README.md`));
  put(
    "package.json",
    completeManifest(await read(`packages/${folder}/package.json`), {
      version: config.version,
      packages: Array.from(
        loaded.packages,
        (name) => renamePackage(name, renamed),
      ),
      exports: Object.fromEntries(
        Object.entries(exports).map((
          [name, path],
        ) => [name, `./${place(path.slice(2))}`]),
      ),
    }),
  );
  return files;
}

/** Files, and of folders, which end in a slash, all files. */
async function* listFiles(paths: readonly string[]): AsyncGenerator<string> {
  for (const path of paths) {
    if (!path.endsWith("/")) yield path;
    else {
      for await (const entry of Deno.readDir(new URL(path, root))) {
        yield* listFiles([path + entry.name + (entry.isDirectory ? "/" : "")]);
      }
    }
  }
}

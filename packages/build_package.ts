import config from "../deno.json" with { type: "json" };
import { emitModule } from "./emit_module.ts";
import type { NpmPackage } from "./packages.ts";
import { adapterOf, findReachable } from "./reachable_files.ts";
import type { PackedFile } from "./tarball.ts";
import { completeManifest } from "./complete_manifest.ts";

const root = new URL("../", import.meta.url);

/**
 * Builds a package: each module that its entries load as JavaScript, the
 * declarations that their types need, the assets, and the files of its folder.
 * Equal sources give equal files.
 *
 * @returns Files by path relative to the package.
 */
export async function buildPackage(
  { folder, base, entries, assets, renamed }: NpmPackage,
): Promise<Map<string, PackedFile>> {
  const files = new Map<string, PackedFile>();
  const place = (path: string) => {
    if (!path.startsWith(base)) {
      throw new RangeError(`A package of "${base}" cannot have "${path}"`);
    }
    return path.slice(base.length);
  };
  const put = (path: string, content: string | Uint8Array) =>
    files.set(path, {
      bytes: typeof content === "string"
        ? new TextEncoder().encode(content)
        : content,
      isProgram: typeof content === "string" && content.startsWith("#!"),
    });
  const loaded = await findReachable(entries, { root, types: false });
  const typed = await findReachable(entries, { root, types: true });
  const typedFiles = new Set(await declarationsOf(entries, typed.files));
  for (const path of typed.files) {
    const text = await Deno.readTextFile(new URL(path, root));
    if (path.endsWith(".json")) {
      if (loaded.files.includes(path)) {
        put(`${place(path)}.js`, `export default ${text.trimEnd()};\n`);
      }
      continue;
    }
    const { code, declarations } = emitModule(path, text);
    const stem = place(path).replace(/\.ts$/, "");
    const depth = path.split("/").length - 1;
    const rename = (text: string) => renameImports(text, { renamed, depth });
    if (loaded.files.includes(path)) put(`${stem}.js`, rename(code));
    if (typedFiles.has(path)) put(`${stem}.d.ts`, rename(declarations));
  }
  for await (const path of listAssets(assets)) {
    put(place(path), await Deno.readFile(new URL(path, root)));
  }
  for (const name of ["README.md", "package.json"]) {
    const url = new URL(`packages/${folder}/${name}`, root);
    const text = await Deno.readTextFile(url);
    put(
      name,
      name === "README.md" ? text : completeManifest(text, {
        version: config.version,
        packages: loaded.packages,
      }),
    );
  }
  put("LICENSE", await Deno.readTextFile(new URL("LICENSE", root)));
  return files;
}

/** Imports as they are in a package: `.js` for `.ts`, modules for JSON. */
function renameImports(
  text: string,
  { renamed, depth }: {
    renamed: Readonly<Record<string, string>>;
    depth: number;
  },
): string {
  return text
    .replace(
      /(\bfrom |\bimport |\bimport\()"([^"]+)"( with \{ type: "json" \})?/g,
      (_, head, specifier: string) => {
        const own = specifier.startsWith("@std/")
          ? "../".repeat(depth) + adapterOf(specifier)
          : renamed[specifier] ?? specifier;
        const target = /^\.\.?\//.test(own)
          ? own.replace(/\.ts$/, ".js").replace(/\.json$/, ".json.js")
          : own;
        return `${head}"${target}"`;
      },
    );
}

/** Of files, those whose declarations those of the entries need. */
async function declarationsOf(
  entries: readonly string[],
  files: readonly string[],
): Promise<string[]> {
  const texts = new Map<string, string>();
  for (const path of files) {
    if (!path.endsWith(".ts")) continue;
    const text = await Deno.readTextFile(new URL(path, root));
    texts.set(path, emitModule(path, text).declarations);
  }
  const needed = new Set(entries);
  for (const path of needed) {
    const url = new URL(path, root);
    const text = texts.get(path)!;
    for (const [, target] of text.matchAll(/(?:from|import\() ?"(\.[^"]+)"/g)) {
      needed.add(new URL(target!, url).href.slice(root.href.length));
    }
  }
  return [...needed];
}

/** Files, and all files of folders. */
async function* listAssets(paths: readonly string[]): AsyncGenerator<string> {
  for (const path of paths) {
    if (!path.endsWith("/")) {
      yield path;
      continue;
    }
    for await (const entry of Deno.readDir(new URL(path, root))) {
      yield* listAssets([path + entry.name + (entry.isDirectory ? "/" : "")]);
    }
  }
}

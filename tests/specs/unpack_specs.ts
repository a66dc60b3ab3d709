import { dirname, join, resolve } from "node:path";
import { pathToFileURL } from "node:url";

/** Packages that the specs import, with the versions that tfjs-core names. */
const packages: Readonly<Record<string, string>> = {
  "long": "npm:long@4.0.0",
  "seedrandom": "npm:seedrandom@3.0.5",
};

/**
 * Writes TensorFlow.js's operation specs, and the sources that they import, as
 * modules that Deno loads: the package has imports without file extensions.
 *
 * @param dist Folder `dist` of `@tensorflow/tfjs-core`.
 * @param to An empty folder.
 * @returns Address of the folder's copy of `dist`, ending in "/".
 */
export async function unpackSpecs(dist: string, to: string): Promise<string> {
  const seen = new Set<string>();
  const queue = ["tests.js", "jasmine_util.js", "index.js"];
  while (queue.length > 0) {
    const path = queue.pop()!;
    if (seen.has(path)) continue;
    seen.add(path);
    const source = await Deno.readTextFile(join(dist, path));
    const text = source
      // A namespace of a CommonJS module is its default export there.
      .replace(/import \* as seedrandom from/g, "import seedrandom from")
      .replace(
        /(\bfrom|\bimport)(\s*\(?\s*)'([^'\n]+)'/g,
        (whole, word: string, gap: string, name: string) => {
          const bare = packages[name];
          if (bare !== undefined) return `${word}${gap}'${bare}'`;
          if (!name.startsWith(".")) return whole;
          const found = find(dist, join(dirname(path), name));
          if (found === undefined) return whole;
          queue.push(found);
          return `${word}${gap}'${pathToFileURL(resolve(to, found)).href}'`;
        },
      )
      // Jasmine is global here.
      .replace(
        /^const jasmineRequire = .*\nconst jasmineCore = .*$/m,
        "const jasmineCore = globalThis.jasmine;",
      )
      .replace(/^Error\.stackTraceLimit = Infinity;$/m, "");
    await Deno.mkdir(join(to, dirname(path)), { recursive: true });
    await Deno.writeTextFile(join(to, path), text);
  }
  return pathToFileURL(resolve(to)).href + "/";
}

/** The file that an import without extension means. */
function find(dist: string, path: string): string | undefined {
  return [path, `${path}.js`, join(path, "index.js")].find((name) => {
    try {
      return Deno.statSync(join(dist, name)).isFile;
    } catch {
      return false;
    }
  });
}

import { fromFileUrl } from "../sweep/paths.ts";

/** The root of the repository, with a slash. */
export const root = fromFileUrl(new URL("../../", import.meta.url));

/** Every page that people read. */
export const pages = [
  "README.md",
  "CONTRIBUTING.md",
  "CHANGELOG.md",
  "bench/README.md",
  "bench/detection/NOTES.md",
  "bench/kernels/wasm/NOTES.md",
  "results/README.md",
  "results/files.md",
  ...listMarkdown("docs"),
];

/** Reads a file of the repository. */
export const read = (path: string): Promise<string> =>
  Deno.readTextFile(root + path);

function listMarkdown(folder: string): string[] {
  return [...Deno.readDirSync(root + folder)].flatMap(({ name, isDirectory }) =>
    isDirectory
      ? listMarkdown(`${folder}/${name}`)
      : name.endsWith(".md")
      ? [`${folder}/${name}`]
      : []
  ).sort();
}

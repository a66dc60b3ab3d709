/**
 * Writes the published JSON Schemas and the TypeScript types that are generated
 * from the zod schemas and the tables of spec; with `--check`, only says whether
 * they are current.
 *
 * @module
 */
import { generateFiles } from "./generated_files.ts";

if (import.meta.main) {
  const isCheck = Deno.args.includes("--check");
  for (const [path, text] of Object.entries(generateFiles())) {
    const url = new URL(`../${path}`, import.meta.url);
    if (!isCheck) {
      await Deno.writeTextFile(url, text);
    } else if (await Deno.readTextFile(url).catch(() => "") !== text) {
      console.error(`src/${path} is stale: run "deno task schemas"`);
      Deno.exit(1);
    }
  }
}

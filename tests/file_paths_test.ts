import { assertEquals } from "@std/assert";
import { fromFileUrl } from "./sweep/paths.ts";

const root = fromFileUrl(new URL("../", import.meta.url));

/** A URL of a file whose `pathname`, in which a space is `%20`, is used as a path. */
const encodedPath =
  /import\.meta\.(?:url|resolve\([^)]*\))\s*,?\s*\)\.pathname/;

Deno.test("no code takes the encoded path of a file's URL, so that a checkout may have spaces in its path", async () => {
  assertEquals(
    encodedPath.test('new URL("a", import.meta.url).pathname'),
    true,
  );
  const found: string[] = [];
  let files = 0;
  const search = async (folder: string) => {
    for await (const { name, isDirectory } of Deno.readDir(root + folder)) {
      const path = `${folder}/${name}`;
      if (isDirectory) await search(path);
      else if (/\.ts$/.test(name)) {
        files++;
        const text = await Deno.readTextFile(root + path);
        if (encodedPath.test(text)) found.push(path);
      }
    }
  };
  for (const folder of ["src", "bench", "tests", "packages", "fixtures"]) {
    await search(folder);
  }
  assertEquals(found.filter((path) => path !== "tests/file_paths_test.ts"), []);
  assertEquals(files > 1000, true);
});

import { assert, assertEquals } from "@std/assert";

const tests = new URL("./", import.meta.url);

/** Paths of the test files below a folder of `tests`. */
function* findTests(folder = ""): Generator<string> {
  for (
    const { name, isDirectory } of Deno.readDirSync(new URL(folder, tests))
  ) {
    if (isDirectory) yield* findTests(`${folder}${name}/`);
    else if (name.endsWith("_test.ts")) yield folder + name;
  }
}

Deno.test("every file of tests is in one group, and runs once", () => {
  const grouped: string[] = [];
  for (const { name } of Deno.readDirSync(new URL("groups", tests))) {
    const text = Deno.readTextFileSync(new URL(`groups/${name}`, tests));
    const paths = [...text.matchAll(/^import "\.\.\/(.*)";$/gm)];
    assert(paths.length > 0, `${name} imports no test`);
    grouped.push(...paths.map(([, path]) => path!));
  }
  assertEquals(grouped.sort(), [...findTests()].sort());
});

import { assertEquals } from "@std/assert";
import { groupOf, listTests, testGroups } from "./test_groups.ts";

const folder = new URL("./", import.meta.url);

Deno.test("every group of tests has its module, and a file to run", () => {
  const modules = [...Deno.readDirSync(new URL("groups", folder))]
    .map(({ name }) => name).sort();
  assertEquals(modules, Object.keys(testGroups).map((name) => `${name}.ts`));
  const used = new Set(listTests().map(groupOf));
  assertEquals([...used].sort(), Object.keys(testGroups));
});

Deno.test("every entry of a group names a file or a folder of tests", () => {
  for (const entry of Object.values(testGroups).flat()) {
    Deno.statSync(new URL(entry, folder));
  }
});

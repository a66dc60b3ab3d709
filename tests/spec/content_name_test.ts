import { assertEquals, assertMatch, assertNotEquals } from "@std/assert";
import { contentName } from "../../src/spec/content_name.ts";
import { namedStudies } from "../../src/spec/named_studies.ts";
import { pathOfRecorded } from "../recorded_sets.ts";

const quick = namedStudies["quick"]!;

Deno.test("contentName() is the base and 8 digits of the content's hash, as files were named", () => {
  assertMatch(contentName("quick", quick), /^quick-[0-9a-f]{8}$/);
  // Known answers: the names of result sets that are published here.
  for (
    const name of [
      "corrected-standard-67934a9c",
      "published-standard-6dbb1440",
      "published-standard-mini-99de87f6",
    ]
  ) {
    const { study } = JSON.parse(
      Deno.readTextFileSync(
        pathOfRecorded(`${name}.json`),
      ),
    );
    assertEquals(contentName(name.slice(0, -9), study), name);
  }
});

Deno.test("contentName() depends on every field, and on the name only through the base", () => {
  const name = contentName("quick", quick);
  assertEquals(contentName("quick", { ...quick, name: "another" }), name);
  const changes = [
    { epochs: quick.epochs + 1 },
    { description: "other" },
    { seeds: [...quick.seeds].reverse() },
    { attackLowest: 0.5 },
  ];
  const names = changes.map((change) =>
    contentName("quick", { ...quick, ...change })
  );
  assertEquals(new Set([name, ...names]).size, 1 + changes.length);
  assertNotEquals(
    contentName("a", quick).slice(-8),
    contentName("b", quick).slice(-8),
  );
});

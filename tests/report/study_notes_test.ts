import { assert, assertEquals, assertMatch } from "@std/assert";
import { makeReport } from "../../src/report/make_report.ts";
import { warnOfChance } from "../../src/report/study_notes.ts";
import { readRecorded } from "../recorded_sets.ts";

Deno.test("makeReport() warns at the top of a study of networks at chance level", async () => {
  const set = await readRecorded("sweep-37c81226");
  const files = await makeReport([set], {
    margin: 1,
    examples: "none were made",
    classNames: new Map(),
    paths: ["a.json"],
    command: "report",
    version: "0",
  });
  for (const name of ["report.html", "report.md"]) {
    const text = files.get(name)!;
    const at = text.search(/Warning: \d+ of 18 networks are not above chance/);
    assert(at > 0, name);
    assert(
      at < text.search(/(>|### )Clean accuracy(<|\n)/),
      `${name}: before the figures`,
    );
  }
  assertMatch(files.get("report.md")!, /most frequent class gives 10\.0 %/);
});

Deno.test("warnOfChance() has nothing to say of networks that have learned", async () => {
  assertEquals(warnOfChance([await readRecorded("quick-1e218e0d")]), []);
});

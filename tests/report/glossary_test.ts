import { assert, assertEquals } from "@std/assert";
import { explainCoordinate, glossaryOf } from "../../src/report/glossary.ts";
import { reportStudies } from "../../src/report/report_series.ts";
import { axes, coordinates } from "../../src/spec/axes.ts";
import { networkNames } from "../../src/spec/networks.ts";
import { backendNames } from "../../src/spec/backends.ts";
import { readRecorded } from "../recorded_sets.ts";

const isSentencePart = (text: string) =>
  text.length > 10 && !text.endsWith(".") && !/\n/.test(text);

Deno.test("explainCoordinate() has a term and a meaning for every value that a study may name", () => {
  for (const { key, entry, terms } of axes) {
    const entries = explainCoordinate(key);
    // An axis of numbers has no words; every other has one for each value.
    if (terms === undefined) {
      assertEquals(entries, [], key);
      continue;
    }
    for (const { value, term, meaning } of entries) {
      assert(entry.safeParse(value).success, `${key} ${value}`);
      assert(term !== "" && isSentencePart(meaning), `${key} ${value}`);
    }
    // Zod's own list of the values, rather than the table; studies may have
    // networks of their own next to these.
    assertEquals(
      entries.map(({ value }) => value),
      key === "model"
        ? [...networkNames]
        : (entry as unknown as { options: string[] }).options,
    );
    assertEquals(new Set(entries.map(({ term }) => term)).size, entries.length);
  }
  assertEquals(
    explainCoordinate("backend").map(({ value }) => value),
    [...backendNames],
  );
});

Deno.test("explainCoordinate() of no two coordinates has one term", () => {
  const terms = coordinates.flatMap(({ key }) =>
    explainCoordinate(key).map(({ term }) => term)
  );
  assertEquals(new Set(terms).size, terms.length);
});

Deno.test("glossaryOf() explains what occurs in a report, and nothing else", async () => {
  const quick = glossaryOf(
    reportStudies([await readRecorded("quick-1e218e0d")]),
  );
  assertEquals(quick.map(({ term }) => term), [
    "published-standard",
    "standard training",
    "adversarial training",
    "uniform",
    "class-biased",
    "equal steps",
    "wasm",
    "FGSM",
    "PGD-10",
    "worst-case accuracy",
  ]);
  const controls = glossaryOf(
    reportStudies([await readRecorded("corrected-standard-67934a9c")]),
  ).map(({ term }) => term);
  for (
    const term of [
      "copies",
      "weights in place of copies",
      "fresh images in place of copies",
      "adding",
      "replacing",
    ]
  ) {
    assert(controls.includes(term), term);
  }
  assert(!controls.includes("adversarial training"));
});

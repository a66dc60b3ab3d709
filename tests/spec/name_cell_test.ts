import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { axes } from "../../src/spec/axes.ts";
import { nameCell } from "../../src/spec/name_cell.ts";
import { namedStudies } from "../../src/spec/named_studies.ts";
import { planCells } from "../../src/spec/plan_cells.ts";
import { parseStudy, type StudyInput } from "../../src/spec/study.ts";
import { slowTest } from "../slow.ts";
import { manyStudies } from "./many_studies.ts";

function assertNamedApart(study: StudyInput): void {
  const cells = planCells(parseStudy(study), "wasm");
  const names = cells.map(({ config }) => nameCell(config));
  assertEquals(new Set(names).size, names.length);
}

Deno.test("nameCell() names the cells of every shipped study differently", () => {
  Object.values(namedStudies).forEach(assertNamedApart);
});

for (
  const { numRuns, test } of [
    { numRuns: 50, test: Deno.test },
    { numRuns: 300, test: slowTest },
  ]
) {
  test(`nameCell() names the cells of any study differently (${numRuns} studies)`, () => {
    fc.assert(fc.property(manyStudies, assertNamedApart), { numRuns });
  });
}

Deno.test("nameCell() leaves out what is usual, and what is said elsewhere", () => {
  const study = parseStudy({
    name: "x",
    policy: ["class-biased"],
    ratios: [0, 1],
    mode: ["add", "replace"],
    dedup: ["none", "near"],
  });
  const names = planCells(study, "wasm").map(({ config }) =>
    nameCell(config, { omit: ["model", "backend"] })
  );
  assertEquals(names, [
    "standard training, ratio 0, seed 1",
    "standard training, class-biased, equal steps, ratio 1, seed 1",
    "standard training, near duplicates removed, ratio 0, seed 1",
    "standard training, class-biased, equal steps, near duplicates removed, ratio 1, seed 1",
  ]);
});

Deno.test("axes every name of a value has a title, a meaning and a mark", () => {
  for (const { key, entry, terms } of axes as readonly Terms[]) {
    for (const name of entry.options ?? []) {
      const { title = "", meaning = "", mark = "" } = terms?.[name] ?? {};
      assertEquals(
        [title, meaning, mark].every((text) => text !== ""),
        true,
        `${key} ${name}`,
      );
    }
  }
});

interface Terms {
  key: string;
  entry: { options?: readonly string[] };
  terms?: Record<string, { title: string; meaning: string; mark: string }>;
}

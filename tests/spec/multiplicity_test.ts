import { assertEquals, assertThrows } from "@std/assert";
import { digestOf } from "../../src/core/digest.ts";
import { configFields } from "../../src/export/config_columns.ts";
import { contentName } from "../../src/spec/content_name.ts";
import { nameCell } from "../../src/spec/name_cell.ts";
import { planCells } from "../../src/spec/plan_cells.ts";
import {
  parseStudy,
  type StudyInput,
  studySchema,
} from "../../src/spec/study.ts";

const parse = (fields: Partial<StudyInput>) =>
  parseStudy({
    name: "sweep",
    policy: ["uniform", "concentrated"],
    ratios: [0, 0.5],
    ...fields,
  });

const idsOf = (fields: Partial<StudyInput>) =>
  planCells(parse(fields), "wasm").map(({ id }) => id);

Deno.test("a study that says one multiplicity has the hash and the cells of earlier versions", () => {
  // Written down with the version in which it was no axis.
  const study = parse({ multiplicity: 7 });
  assertEquals(study.multiplicity, 7);
  assertEquals(
    digestOf(study),
    "93c624be862416e73aaa192811fcbfb2819ea3b4441d3bb690d686339cb8b9e4",
  );
  assertEquals(contentName("sweep", study), "sweep-93c624be");
  assertEquals(idsOf({ multiplicity: 7 }), [
    "62dccf5cd19dedf4",
    "eb238835c1eb3872",
    "2181ecd947654840",
  ]);
  assertEquals(idsOf({ multiplicity: [7] }), idsOf({ multiplicity: 7 }));
  assertEquals(idsOf({ multiplicity: 10 }), idsOf({}));
  assertEquals(studySchema.parse(study), study);
});

Deno.test("a study of several multiplicities multiplies the points of concentrated only", () => {
  const cells = planCells(parse({ multiplicity: [3, 1, 10] }), "wasm");
  assertEquals(
    cells.map(({ config: { duplication } }) => [
      duplication.policy,
      duplication.multiplicity,
    ]),
    [
      ["none", undefined],
      ["uniform", undefined],
      ["concentrated", 3],
      ["concentrated", 1],
      ["concentrated", 10],
    ],
  );
  assertEquals(
    cells.slice(1).map(({ config }) =>
      nameCell(config, { omit: ["model", "training", "budget", "seed"] })
    ),
    [
      "uniform, ratio 0.5, wasm",
      "concentrated, multiplicity 3, ratio 0.5, wasm",
      "concentrated, multiplicity 1, ratio 0.5, wasm",
      "concentrated, ratio 0.5, wasm",
    ],
  );
});

Deno.test("columns have a multiplicity where there is one, as before", () => {
  const { read } = configFields.find(({ name }) => name === "multiplicity")!;
  assertEquals(
    planCells(parse({ multiplicity: [3, 10] }), "wasm").map(({ config }) =>
      read(config) ?? null
    ),
    [null, null, 3, 10],
  );
});

for (
  const [multiplicity, message] of [
    [0, '"multiplicity" must be at least 1, got 0'],
    [[3, 0], '"multiplicity.1" must be at least 1, got 0'],
    [[3, 3], '"multiplicity" must not name a value twice, got [3,3]'],
    [[], '"multiplicity" must have 1 or more entries, got []'],
    [["x"], '"multiplicity.0" must be a number, got "x"'],
    ["x", '"multiplicity" must be a number or a list, got "x"'],
  ]
) {
  Deno.test(`parseStudy() refuses the multiplicity ${JSON.stringify(multiplicity)} in one line`, () => {
    assertThrows(
      () => parse({ multiplicity } as Partial<StudyInput>),
      Error,
      `The study: ${message}`,
    );
  });
}

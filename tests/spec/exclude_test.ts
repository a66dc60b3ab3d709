import { assert, assertEquals, assertThrows } from "@std/assert";
import { UsageError } from "../../src/core/errors.ts";
import { planCells } from "../../src/spec/plan_cells.ts";
import { narrowExclude } from "../../src/spec/exclude.ts";
import { parseStudy, studySchema } from "../../src/spec/study.ts";
import type { Exclusion, StudyInput } from "../../src/spec/study_types.ts";

const product = {
  name: "arms",
  policy: ["uniform", "single-class"],
  standIn: ["copies", "fresh", "weights"],
  class: 3,
  ratios: [0, 0.5, 1],
  seeds: [1, 2, 3],
} satisfies StudyInput;

const plan = (input: Partial<StudyInput>) =>
  planCells(parseStudy({ ...product, ...input }), "wasm");

Deno.test("exclude leaves out the points that have a value of every field of an entry", () => {
  const exclude: StudyInput["exclude"] = [
    { policy: ["single-class"], standIn: ["fresh"] },
    { policy: ["uniform"], standIn: ["weights"] },
    { ratios: [0.5], standIn: ["fresh", "weights"] },
    { standIn: ["weights"], seeds: [3] },
  ];
  const expected = plan({}).filter(({ config: { duplication: d, seed } }) => {
    const standIn = d.standIn ?? "copies";
    if (d.ratio === 0) return true;
    if (d.policy === "single-class" && standIn === "fresh") return false;
    if (d.policy === "uniform" && standIn === "weights") return false;
    if (d.ratio === 0.5 && standIn !== "copies") return false;
    return !(standIn === "weights" && seed === 3);
  });
  const kept = plan({ exclude });
  assertEquals(kept, expected);
  assertEquals(kept.length, 3 + 3 * (2 + 1 + 2 + 1) - 1);
});

Deno.test("exclude keeps ratio 0 as long as any combination of a seed has it", () => {
  const kept = plan({ exclude: [{ policy: ["uniform"], ratios: [0] }] });
  const idsOf = (cells: typeof kept) => cells.map(({ id }) => id).sort();
  assertEquals(idsOf(kept), idsOf(plan({})));
  const without = plan({ exclude: [{ ratios: [0], seeds: [2] }] });
  assertEquals(
    without.filter(({ config }) => config.duplication.ratio === 0)
      .map(({ config }) => config.seed),
    [1, 3],
  );
});

Deno.test("exclude changes no cell that it keeps", () => {
  const ids = new Set(plan({}).map(({ id }) => id));
  for (const { id } of plan({ exclude: [{ standIn: ["fresh"] }] })) {
    assert(ids.has(id));
  }
});

Deno.test("exclude refuses values that the study does not have, and empty entries", () => {
  const error = assertThrows(
    () => plan({ exclude: [{ ratios: [0.25] }] }),
    UsageError,
  );
  assertEquals(
    error.message,
    `The study: "exclude" must name values that "ratios" has, got 0.25`,
  );
  assertThrows(() => plan({ exclude: [{}] }), UsageError, "must name a field");
  assertThrows(
    () => plan({ exclude: [{ nearKinds: ["flip"] } as never] }),
    UsageError,
  );
});

/** What cannot be combined: no cell has both. */
const impossible: Exclusion = { mode: ["replace"], standIn: ["fresh"] };

Deno.test("exclude refuses an entry that matches no cell of a new study, and names it", () => {
  const input: StudyInput = {
    ...product,
    mode: ["add", "replace"],
    ratios: [0, 0.5],
    exclude: [{ policy: ["uniform"], seeds: [2] }, impossible],
  };
  const error = assertThrows(() => parseStudy(input), UsageError);
  assertEquals(
    error.message,
    'The study: "exclude.1" must match at least one cell of the study, got {"mode":["replace"],"standIn":["fresh"]}',
  );
  // Recorded studies took it, and remain readable.
  const recorded = studySchema.safeParse(input);
  assertEquals(recorded.error, undefined);
  // An entry with seeds is one, too.
  assertThrows(
    () => parseStudy({ ...input, exclude: [{ ...impossible, seeds: [1] }] }),
    UsageError,
    '"exclude.0" must match',
  );
});

Deno.test("exclude that matches nothing is not looked for in a study that has too many cells", () => {
  const list = (length: number) =>
    Array.from({ length }, (_, i) => (i + 1) / 1000);
  const error = assertThrows(
    () =>
      parseStudy({
        ...product,
        mode: ["add", "replace"],
        ratios: list(100),
        conflict: list(100),
        seeds: Array.from({ length: 1000 }, (_, seed) => seed),
        exclude: [impossible],
      }),
    UsageError,
  );
  assertEquals(error.message.includes("must leave at most 100000 cells"), true);
});

Deno.test("narrowExclude() drops an entry that matches nothing once the axes are narrowed", () => {
  const study = parseStudy({
    ...product,
    mode: ["add", "replace"],
    ratios: [0, 0.5],
    exclude: [
      { mode: ["replace"], standIn: ["copies", "fresh"] },
      { policy: ["uniform"] },
    ],
  });
  assertEquals(
    narrowExclude({ ...study, standIn: ["copies", "fresh"] }),
    study.exclude,
  );
  assertEquals(
    narrowExclude({ ...study, standIn: ["fresh"] }),
    [{ policy: ["uniform"] }],
  );
});

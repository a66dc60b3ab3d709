import { assert, assertEquals, assertThrows } from "@std/assert";
import { UsageError } from "../../src/core/errors.ts";
import { planCells } from "../../src/spec/plan_cells.ts";
import { parseStudy } from "../../src/spec/study.ts";
import type { StudyInput } from "../../src/spec/study_types.ts";

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

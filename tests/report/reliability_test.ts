import { assertEquals } from "@std/assert";
import { analyse } from "../../src/analysis/analyse.ts";
import { reliabilityOf } from "../../src/report/reliability.ts";
import { reportStudies } from "../../src/report/report_series.ts";
import type { ResultSet } from "../../src/results/result_set.ts";
import { readRecorded } from "../recorded_sets.ts";

const set = await readRecorded("quick");

/** The lines on failed cells, if the first so many failed. */
function linesOn(failed: number): string[] {
  const own: ResultSet = {
    ...set,
    cells: set.cells.map(({ id, config, ...rest }, i) =>
      i < failed
        ? { id, config, status: "failed", error: `no memory ${i}\nat x` }
        : { id, config, ...rest } as ResultSet["cells"][number]
    ),
  };
  const content = {
    studies: reportStudies([own]).map((study) => ({ ...study, figures: [] })),
    analysis: analyse([own], { margin: 1 }),
  };
  return reliabilityOf(
    content as unknown as Parameters<typeof reliabilityOf>[0],
  )
    .filter((line) => /no memory|more/.test(line));
}

Deno.test("reliabilityOf() names five failed cells and counts the others", () => {
  const named = (count: number) =>
    set.cells.slice(0, count).map(({ id }, i) =>
      `quick, cell ${id}: no memory ${i}`
    );
  assertEquals(linesOn(5), named(5));
  assertEquals(linesOn(6), [...named(5), "1 more cell failed"]);
  assertEquals(linesOn(7), [...named(5), "2 more cells failed"]);
});

import { assert, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { sampleCells } from "../../src/verify/sample_cells.ts";
import { finishedCell } from "../results/finished_cell.ts";

const finished = Array.from({ length: 8 }, (_, seed) => finishedCell(seed));
const failed = { ...finishedCell(8), status: "failed", error: "e" } as const;

Deno.test("sampleCells() draws as many finished cells as it is asked for, none twice, in the order of the set", () => {
  fc.assert(fc.property(
    fc.array(fc.boolean(), { minLength: 1, maxLength: 9 }),
    fc.nat({ max: 10 }),
    fc.maxSafeNat(),
    (whole, wanted, seed) => {
      const cells = whole.map((isWhole, i) =>
        isWhole && finished[i] ? finished[i] : failed
      );
      const all = cells.filter(({ status }) => status === "finished");
      const drawn = sampleCells({ cells }, { cells: wanted, seed });
      assertEquals(drawn.length, Math.min(wanted, all.length));
      assertEquals(drawn, all.filter((cell) => drawn.includes(cell as never)));
      assertEquals(drawn, sampleCells({ cells }, { cells: wanted, seed }));
      assertEquals(sampleCells({ cells }, { cells: "all", seed }), all);
    },
  ));
});

Deno.test("sampleCells() draws each cell alike often over seeds", () => {
  const counts = finished.map(() => 0);
  for (let seed = 0; seed < 400; seed++) {
    for (
      const cell of sampleCells({ cells: finished }, { cells: 2, seed })
    ) counts[finished.indexOf(cell)]!++;
  }
  // Binomial(400, 1/4): mean 100, and four standard deviations are 35.
  for (const count of counts) assert(Math.abs(count - 100) <= 35, `${counts}`);
});

Deno.test("sampleCells() refuses a number of cells that is no count", () => {
  for (const cells of [NaN, -1, 1.5]) {
    assertThrows(
      () => sampleCells({ cells: finished }, { cells, seed: 1 }),
      RangeError,
      `"cells" must be "all" or an integer of at least 0, got ${cells}`,
    );
  }
});

import { assert, assertEquals, assertNotEquals } from "@std/assert";
import type { FinishedCell } from "../../src/results/result_set.ts";
import { inFolder, small, sweep } from "../sweep/tiny_sweep.ts";
import { runPlainly } from "../sweep/reference.ts";

/** The cell at a ratio with a dedup. */
function find(cells: FinishedCell[], ratio: number, dedup?: string) {
  return cells.find(({ config }) =>
    config.duplication.ratio === ratio && config.dedup?.method === dedup
  )!;
}

Deno.test("sweep --dedup exact has the outcome of training without copies", () =>
  inFolder(async (folder) => {
    const set = await sweep(folder, { ...small, dedup: "none,exact" });
    const cells = set.cells.filter((cell) => cell.status === "finished");
    const [without, copied, removed] = [
      find(cells, 0),
      find(cells, 1),
      find(cells, 1, "exact"),
    ];
    assertEquals(removed.outcome, without.outcome);
    assertNotEquals(copied.outcome, without.outcome);
    const { originals, copies } = removed.duplication.removed!;
    assertEquals([originals, copies], [0, 60]);
    assertEquals(copied.duplication.removed, undefined);
  }));

Deno.test("sweep --copies near trains on re-encoded copies, with the same digest again", () =>
  inFolder(async (folder) => {
    const flags = {
      ...small,
      ratios: "1",
      copies: "near",
      "near-kinds": "jpeg",
      dedup: "none,near",
    };
    const set = await sweep(folder, flags);
    const [all, found] = set.cells;
    assert(all?.status === "finished" && found?.status === "finished");
    const { duplication, outcome } = all;
    assertEquals(outcome.train!.copies.rows, 60);
    assertEquals(
      duplication.copiesSha256,
      found.duplication.copiesSha256,
      "the copies are the same",
    );
    assert(found.duplication.removed!.copies >= 57);
    assertEquals(found.duplication.removed!.originals, 0);
    assertEquals(
      found.outcome.train!.copies.rows,
      60 - found.duplication.removed!.copies,
    );
    assertEquals(
      (await sweep(folder, { ...flags, jobs: "2" })).digest,
      set.digest,
    );
    const { cells: [exact] } = await runPlainly({
      training: ["standard"],
      trainSteps: 10,
      seeds: [0],
      attacks: ["fgsm"],
      ratios: [1],
    });
    assertEquals(exact!.duplication.planSha256, duplication.planSha256);
    assertNotEquals(exact!.outcome.weightsSha256, outcome.weightsSha256);
  }));

import { assert, assertEquals } from "@std/assert";
import { formatSweep } from "../../src/cli/sweep_table.ts";
import { readRecorded } from "../recorded_sets.ts";

/** Cells of each row of a printed table, without the note below it. */
function rowsOf(table: string): string[][] {
  return table.split("\n\n")[0]!.split("\n").slice(2).map((line) =>
    line.trim().split(/ {2,}/)
  );
}

Deno.test("formatSweep() has a row for each point of a study, told apart by its axes", async () => {
  const set = await readRecorded("corrected-adversarial-mini");
  const table = formatSweep(set);
  const [heading] = table.split("\n");
  const ratioAt = heading!.trim().split(/ {2,}/).indexOf("ratio");
  const points = rowsOf(table).map((row) => row.slice(0, ratioAt + 1).join());
  const seeds = set.study.seeds.length;
  assertEquals(points.length, set.cells.length / seeds);
  assertEquals(new Set(points).size, points.length, table);
});

Deno.test("formatSweep() gives means over seeds, the worst case of several attacks among them", async () => {
  const set = await readRecorded("quick-1e218e0d");
  const table = formatSweep(set);
  const headings = table.split("\n")[0]!.trim().split(/ {2,}/);
  const [first] = rowsOf(table);
  const cells = set.cells.filter(({ config }) =>
    config.training.name === "standard" && config.duplication.ratio === 0
  );
  const mean = cells.reduce(
    (sum, cell) =>
      sum +
      (cell.status === "finished"
        ? cell.outcome.test!.worstCase!.correct / cell.outcome.test!.rows
        : NaN),
    0,
  ) / cells.length;
  assertEquals(
    first![headings.indexOf("worst")]!.split(" ")[0],
    mean.toFixed(3).replace(/^0/, ""),
  );
});

Deno.test("formatSweep() marks rows at chance level and says so below", async () => {
  // Adversarial training on few images, which learns nothing at all.
  const table = formatSweep(await readRecorded("sweep-37c81226"));
  const lines = table.split("\n");
  const last = lines.at(-1)!;
  assert(last.startsWith("* at chance level: "), table);
  assert(last.includes("the most frequent class gives 10.0 %"), last);
  assert(lines.slice(2, -1).some((line) => line.includes(" *")), table);
  const learned = formatSweep(await readRecorded("quick-1e218e0d"));
  assert(!learned.includes("*") && !learned.includes("chance"), learned);
});

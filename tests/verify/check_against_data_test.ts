import { assertEquals, assertMatch } from "@std/assert";
import { loadDataset } from "../../src/data/load_dataset.ts";
import type { ResultSet } from "../../src/results/result_set.ts";
import { planCells } from "../../src/spec/plan_cells.ts";
import { checkAgainstData } from "../../src/verify/check_against_data.ts";
import { planShard } from "../../src/sweep/plan_shard.ts";
import { cellOf, edited, testOf } from "./_frozen.ts";

const limits = { limitTrain: 60, limitTest: 20 };
const dataset = await loadDataset("cifar10-mini", limits);
const planned = planCells(edited().study, "wasm");
const { costs } = await checkAgainstData(edited(), dataset, { planned });

const check = async (edit: (set: ResultSet) => void) => {
  const { faults, notes } = await checkAgainstData(edited(edit), dataset, {
    planned,
  });
  return { faults, notes };
};

Deno.test("checkAgainstData() finds nothing in a set as it was written", async () => {
  assertEquals(await check(() => {}), { faults: [], notes: [] });
});

Deno.test("checkAgainstData() makes every plan again, and names what was edited", async () => {
  const { id } = cellOf(edited(), 2);
  const hash = "0".repeat(64);
  const { planSha256 } = cellOf(edited(), 2).duplication;
  assertEquals(
    (await check((set) => cellOf(set, 2).duplication.planSha256 = hash)).faults,
    [
      `cell ${id}: duplication.planSha256: expected "${
        planSha256.slice(0, 59)
      }… by its plan, got "${hash.slice(0, 59)}… in the file`,
    ],
  );
  const [moved] = (await check((set) => {
    const { copiesPerClass } = cellOf(set).duplication;
    copiesPerClass[0]!--;
    copiesPerClass[9]!++;
  })).faults;
  assertMatch(
    moved!,
    /^cell \w+: duplication.copiesPerClass.0: expected \d+ by its plan, got \d+ in the file$/,
  );
});

Deno.test("checkAgainstData() counts by true class from the bits", async () => {
  const [fault] = (await check((set) => {
    const { correctPerClass } = testOf(set).clean;
    const from = correctPerClass.findIndex((count) => count > 0);
    correctPerClass[from]!--;
    correctPerClass[(from + 1) % 10]!++;
  })).faults;
  assertMatch(
    fault!,
    /^cell \w+: outcome.test.clean.correctPerClass.\d: expected \d by true class, got \d in the file$/,
  );
});

Deno.test("checkAgainstData() says which cells a shard lacks, and which are another's", async () => {
  const own = planShard(planned, costs, { index: 1, count: 2 })
    .map(({ id }) => id);
  const other = planned.find(({ id }) => !own.includes(id))!.id;
  const shard = (keep: (id: string) => boolean) => (set: ResultSet) => {
    set.shard = { index: 1, count: 2 };
    set.cells = set.cells.filter(({ id }) => keep(id));
  };
  assertEquals((await check(shard((id) => own.includes(id)))).faults, []);
  assertEquals((await check(shard((id) => own.slice(1).includes(id)))).faults, [
    `shard 1 of 2: 1 of its ${own.length} cells are missing, the first ${
      own[0]
    }`,
  ]);
  const swapped = shard((id) => [...own.slice(1), other].includes(id));
  assertEquals((await check(swapped)).faults, [
    `shard 1 of 2: 1 of its ${own.length} cells are missing, the first ${
      own[0]
    }`,
    `shard 1 of 2: 1 of the ${own.length} cells belong to another shard, the first ${other}`,
  ]);
  // Another version may estimate costs otherwise, and so deal otherwise.
  const older = await check((set) => {
    swapped(set);
    set.provenance.dupbench = "0.0.9";
  });
  assertEquals([older.faults.length, older.notes.length], [0, 2]);
});

Deno.test("checkAgainstData() names a cell that the data set cannot give", async () => {
  const [cell] = planned as [typeof planned[0]];
  const config = {
    ...cell.config,
    duplication: { policy: "single-class", ratio: 1, mode: "add", class: 11 },
  } as const;
  const { faults } = await checkAgainstData(edited(), dataset, {
    planned: [{ ...cell, config }],
  });
  assertMatch(
    faults[0]!,
    /^cell \w+ cannot run on this data set: "class" must be /,
  );
});

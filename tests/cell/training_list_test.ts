import { assert, assertEquals, assertNotEquals } from "@std/assert";
import { loadDataset } from "../../src/data/load_dataset.ts";
import { changePixels } from "../../src/data/pixel_change.ts";
import {
  planDuplication,
  trainingRows,
} from "../../src/duplication/plan_duplication.ts";
import { planNearCopies } from "../../src/duplication/plan_near_copies.ts";
import { planCells } from "../../src/spec/plan_cells.ts";
import { type StudyInput, studySchema } from "../../src/spec/study.ts";
import { makeTrainingList } from "../../src/cell/training_list.ts";

const dataset = await loadDataset("cifar10-mini", {
  limitTrain: 100,
  limitTest: 10,
});
const nearKinds = ["flip", "shift", "brightness"] as const;

/** The training list of a study's only cell, and its config. */
async function listOf(input: Partial<StudyInput>) {
  const study = studySchema.parse({ name: "x", ratios: [0.5], ...input });
  const [cell, ...others] = planCells(study, "wasm");
  assertEquals(others, []);
  const { config } = cell!;
  return { config, ...await makeTrainingList(dataset, config) };
}

/** Pixels of a slot. */
function slot(list: Awaited<ReturnType<typeof listOf>>, at: number) {
  const row = list.imageRows[at]!;
  return list.images.pixels.slice(row * 3072, (row + 1) * 3072);
}

const plan = planDuplication(dataset.train.labels, 10, {
  policy: "uniform",
  ratio: 0.5,
  mode: "add",
  seed: 1,
});

Deno.test("makeTrainingList() of exact copies is the plan, with the pixels of the originals", async () => {
  const list = await listOf({});
  assertEquals(list.rows, trainingRows(plan));
  assertEquals(list.imageRows, list.rows);
  assert(list.images === dataset.train);
  assertEquals(list.originals, 100);
  assertEquals(Object.keys(list.record), [
    "originals",
    "copies",
    "copiesPerClass",
    "distinctCopied",
    "planSha256",
  ]);
});

Deno.test("makeTrainingList() of near copies has the same plan and the changed pixels", async () => {
  const list = await listOf({ copies: ["near"], nearKinds: [...nearKinds] });
  assertEquals(list.rows, trainingRows(plan));
  const exact = await listOf({});
  assertEquals(list.record.planSha256, exact.record.planSha256);
  const changes = planNearCopies(50, { seed: 1, kinds: nearKinds });
  for (const [i, row] of plan.copies.entries()) {
    const original = dataset.train.pixels.slice(row * 3072, (row + 1) * 3072);
    const expected = await changePixels(original, [32, 32, 3], changes[i]!);
    assertEquals(slot(list, 100 + i), expected);
    assertNotEquals(slot(list, 100 + i), original);
  }
  for (let at = 0; at < 100; at++) {
    assertEquals(slot(list, at), slot(exact, at));
  }
});

Deno.test("makeTrainingList() without exact duplicates is the set without copies", async () => {
  for (const mode of ["add", "replace"] as const) {
    const list = await listOf({ dedup: ["exact"], mode: [mode] });
    const { originals, copies } = list.record;
    assertEquals(list.rows.length, originals);
    assertEquals(list.originals, originals);
    assertEquals(list.imageRows, list.rows);
    assertEquals(
      [list.record.removed!.originals, list.record.removed!.copies],
      [
        0,
        copies,
      ],
    );
  }
});

Deno.test("makeTrainingList() removes near copies by near search, not by exact search", async () => {
  const near = { copies: ["near"], nearKinds: [...nearKinds] } as const;
  const input = {
    ...near,
    copies: ["near" as const],
    nearKinds: [...near.nearKinds],
  };
  const exact = await listOf({ ...input, dedup: ["exact"] });
  assertEquals(exact.record.removed!.copies, 0);
  assertEquals(exact.rows.length, 150);
  const found = await listOf({ ...input, dedup: ["near"] });
  const { originals, copies } = found.record.removed!;
  assertEquals(originals, 0);
  assert(copies >= 48, `${copies} of 50 were removed`);
  assertEquals(found.rows.length, 150 - copies);
  assertEquals(found.originals, 100);
});

Deno.test("makeTrainingList() anew draws rows, changes, labels and fresh images for each ratio", async () => {
  const reserved = await loadDataset("cifar10-mini", {
    limitTrain: 100,
    limitTest: 10,
    reserve: true,
  });
  const cases: Partial<StudyInput>[] = [
    {},
    { copies: ["near"], nearKinds: ["shift"] },
    { policy: ["whole-copies"], conflict: [0.5] },
    { standIn: ["fresh"] },
  ];
  for (const fields of cases) {
    const of = async (ratio: number, plans: "nested" | "anew") => {
      const study = studySchema.parse({
        name: "x",
        ratios: [ratio],
        plans,
        ...fields,
      });
      const { config } = planCells(study, "wasm")[0]!;
      const { rows, labels, images, imageRows } = await makeTrainingList(
        reserved,
        config,
      );
      const shown = (at: number) =>
        images.pixels.slice(
          imageRows[at]! * 3072,
          imageRows[at]! * 3072 + 3072,
        );
      return Array.from(
        { length: 100 },
        (_, copy) => [rows[100 + copy], labels[100 + copy], shown(100 + copy)],
      );
    };
    assertEquals(await of(1, "nested"), await of(2, "nested"));
    assertNotEquals(await of(1, "anew"), await of(2, "anew"));
    assertNotEquals(await of(1, "anew"), await of(1, "nested"));
    assertEquals(await of(1, "anew"), await of(1, "anew"));
  }
});

Deno.test("makeTrainingList() is the same every time", async () => {
  const input = {
    copies: ["near" as const],
    nearKinds: [...nearKinds],
    dedup: ["near" as const],
  };
  const [once, again] = [await listOf(input), await listOf(input)];
  assertEquals(once.record, again.record);
  assertEquals(once.images.pixels, again.images.pixels);
});

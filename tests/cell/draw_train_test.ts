import { assert, assertEquals, assertThrows } from "@std/assert";
import { openBackend } from "../../src/backend/open_backend.ts";
import { estimateCell } from "../../src/cell/estimate_cell.ts";
import { runCell } from "../../src/cell/run_cell.ts";
import { makeTrainingList, splitFor } from "../../src/cell/training_list.ts";
import { sumWork } from "../../src/cell/work_time.ts";
import { sha256 } from "../../src/core/digest.ts";
import { UsageError } from "../../src/core/errors.ts";
import { drawTraining } from "../../src/data/draw_training.ts";
import { selectRows } from "../../src/data/limit_rows.ts";
import { loadDataset } from "../../src/data/load_dataset.ts";
import { planCells } from "../../src/spec/plan_cells.ts";
import { parseStudy, type StudyInput } from "../../src/spec/study.ts";

const limits = { limitTrain: 120, limitTest: 20 };
const dataset = await loadDataset("cifar10-mini", { ...limits, reserve: true });

const cellsOf = (fields: Partial<StudyInput>) =>
  planCells(
    parseStudy({
      name: "draw",
      ...limits,
      drawTrain: [60],
      ratios: [0.5],
      epochs: 2,
      batch: 20,
      attacks: ["fgsm"],
      ...fields,
    }),
    "wasm",
  );

const cellOf = (fields: Partial<StudyInput>) => cellsOf(fields)[0]!;

for (
  const [name, fields] of Object.entries<Partial<StudyInput>>({
    "copies": {},
    "images held out": { validation: 20, evaluateEvery: 1 },
    "a network that whitens": { model: ["whitened-groups"], epochs: 1 },
  })
) {
  Deno.test(`wasm: runCell() of a drawn set with ${name} is that of a data set of these images, bit for bit`, async () => {
    const backend = await openBackend("wasm");
    const seeds = { seeds: [5] };
    const { outcome, duplication } = await runCell(
      cellOf({ ...fields, ...seeds }),
      dataset,
      { backend },
    );
    const sources = drawTraining(dataset, { count: 60, seed: 5 }).train
      .sourceRows!;
    const images = selectRows(
      dataset.train,
      sources.map((source) => dataset.train.sourceRows!.indexOf(source)),
    );
    const plain = await runCell(
      cellOf({ ...fields, ...seeds, drawTrain: ["all"] }),
      { ...dataset, train: images },
      { backend },
    );
    assertEquals(outcome, plain.outcome);
    assertEquals(duplication, plain.duplication);
    const held = fields.validation ?? 0;
    assertEquals(duplication.originals, 60 - held);
  });
}

Deno.test("splitFor() draws by the seed of the cell, and the same for every arm of it", () => {
  const cells = cellsOf({
    ratios: [0, 0.5],
    standIn: ["copies", "fresh"],
    seeds: [1, 2],
  });
  const sources = Map.groupBy(
    cells,
    ({ config }) =>
      `${[...splitFor(config, dataset).dataset.train.sourceRows!]}`,
  );
  assertEquals(sources.size, 2);
  for (const of of sources.values()) {
    assertEquals(of.length, 3);
    assertEquals(new Set(of.map(({ config }) => config.seed)).size, 1);
  }
});

Deno.test("makeTrainingList() takes fresh images from what is not drawn, and never what is held out", async () => {
  const whole = await loadDataset("cifar10-mini", {
    limitTest: 20,
    reserve: true,
  });
  assertEquals(whole.reserve!.rows, 0);
  const { config } = cellOf({
    limitTrain: undefined,
    drawTrain: [1000],
    standIn: ["fresh"],
    ratios: [0.9],
    validation: 100,
    evaluateEvery: 1,
  });
  const { dataset: own, validation } = splitFor(config, whole);
  const list = await makeTrainingList(own, config);
  assertEquals([list.originals, list.rows.length], [900, 900 + 810]);
  const keyOf = (pixels: Uint8Array, row: number) =>
    sha256(pixels.subarray(row * 3072, (row + 1) * 3072));
  const shown = Array.from(
    list.imageRows,
    (row) => keyOf(list.images.pixels, row),
  );
  assertEquals(new Set(shown).size, shown.length);
  const all = new Set(
    Array.from({ length: 2000 }, (_, row) => keyOf(whole.train.pixels, row)),
  );
  assert(shown.every((key) => all.has(key)));
  const held = new Set(
    Array.from({ length: 100 }, (_, row) => keyOf(validation!.pixels, row)),
  );
  assert(shown.every((key) => !held.has(key)));
});

Deno.test("estimateCell() refuses to draw more than there are, and names the field", () => {
  const error = assertThrows(
    () =>
      estimateCell(
        cellOf({ limitTrain: undefined, drawTrain: [121] }),
        dataset,
      ),
    UsageError,
    '"drawTrain" must be at most 120',
  );
  assert(error.fields.includes("drawTrain"));
  assertThrows(
    () => estimateCell(cellOf({ validation: 60, evaluateEvery: 1 }), dataset),
    UsageError,
    '"validation" must leave some of the 60 training images',
  );
  assertThrows(
    () => cellsOf({ drawTrain: ["all", 121] }),
    UsageError,
    '"drawTrain" must be at most limitTrain, 120, got 121',
  );
  assertThrows(
    () => cellsOf({ drawTrain: ["some" as "all"] }),
    UsageError,
    '"drawTrain.0" must be all or a number, got "some"',
  );
});

Deno.test("sumWork() and estimateCell() count the images that are drawn", () => {
  const [drawn, all] = cellsOf({ drawTrain: [60, "all"], attacks: [] });
  const updatesOf = (cell: typeof drawn) =>
    [...sumWork([cell!.config], { train: 120, test: 20 }).values()][0]!.updates;
  assertEquals([updatesOf(drawn), updatesOf(all)], [2 * 60, 2 * 120]);
  assertEquals(
    estimateCell(all!, dataset) - estimateCell(drawn!, dataset),
    // Two epochs of two passes each, and one classification.
    60 * (2 * 2 + 1),
  );
});

Deno.test("planCells() names a drawn set where there is one", () => {
  const [drawn, all, ...none] = cellsOf({ drawTrain: [60, "all"] });
  assertEquals(none, []);
  assertEquals(drawn!.config, { ...all!.config, drawTrain: 60 });
  assertEquals(cellsOf({ drawTrain: undefined }), [all!]);
});

import { assert, assertEquals } from "@std/assert";
import { parseAttack } from "../../src/attacks/parse_attack.ts";
import { openBackend } from "../../src/backend/open_backend.ts";
import { cellWork } from "../../src/cell/cell_cost.ts";
import { evaluate } from "../../src/cell/evaluate.ts";
import { runCell } from "../../src/cell/run_cell.ts";
import { makeTrainingList } from "../../src/cell/training_list.ts";
import { sha256 } from "../../src/core/digest.ts";
import { countPerClass, type Dataset } from "../../src/data/dataset.ts";
import { joinImages } from "../../src/data/join_images.ts";
import { selectRows } from "../../src/data/limit_rows.ts";
import { loadDataset } from "../../src/data/load_dataset.ts";
import { conflictingLabels } from "../../src/duplication/conflicting_labels.ts";
import { planCells } from "../../src/spec/plan_cells.ts";
import { parseStudy, type StudyInput } from "../../src/spec/study.ts";

const limits = { limitTrain: 60, limitTest: 20 };
const dataset = await loadDataset("cifar10-mini", limits);

const cellOf = (fields: Partial<StudyInput>) =>
  planCells(
    parseStudy({
      name: "conflict",
      ...limits,
      ratios: [1],
      conflict: [0.5],
      epochs: 2,
      batch: 20,
      attacks: ["fgsm"],
      ...fields,
    }),
    "wasm",
  )[0]!;

const listOf = (fields: Partial<StudyInput>) =>
  makeTrainingList(dataset, cellOf(fields).config);

Deno.test("makeTrainingList() trains conflicting copies as another class, originals as their own", async () => {
  const plain = await listOf({ conflict: [0] });
  const { labels, record, ...list } = await listOf({});
  assertEquals(labels.subarray(0, 60), dataset.train.labels);
  const copies = list.rows.subarray(60);
  const expected = conflictingLabels(copies, dataset.train.labels, {
    share: 0.5,
    classes: 10,
    seed: 1,
  });
  assertEquals(labels.subarray(60), expected);
  const { labels: own, record: plainRecord, ...rest } = plain;
  assertEquals(list, rest);
  const { conflicting, ...others } = record;
  assertEquals(others, plainRecord);
  assertEquals(conflicting, {
    copies: expected.filter((label, i) => label !== own[60 + i]).length,
    copiesPerLabel: countPerClass(expected, 10),
    labelsSha256: sha256(expected),
  });
  assert(conflicting!.copies > 20 && conflicting!.copies < 40);
});

Deno.test("makeTrainingList() nests conflicting copies in ratio and in share", async () => {
  const labelsOf = async (ratio: number, share: number) => {
    const { labels, rows } = await listOf({
      ratios: [ratio],
      conflict: [share],
    });
    return { labels: labels.subarray(60), rows: rows.subarray(60) };
  };
  const large = await labelsOf(1, 0.5);
  const fewer = await labelsOf(0.5, 0.5);
  assertEquals(fewer.labels, large.labels.slice(0, 30));
  const less = await labelsOf(1, 0.2);
  const differing = [...less.labels.entries()].filter(([i, label]) =>
    label !== dataset.train.labels[less.rows[i]!]
  );
  assert(differing.length > 0);
  for (const [i, label] of differing) assertEquals(label, large.labels[i]);
});

Deno.test("makeTrainingList() prior-restored counts a slot by its label as trained, to 1e-6", async () => {
  const list = await listOf({
    policy: ["class-biased"],
    standIn: ["prior-restored"],
    conflict: [1],
  });
  const sums = new Float64Array(10);
  list.labels.forEach((label, slot) => sums[label]! += list.weights![slot]!);
  countPerClass(dataset.train.labels, 10).forEach((n, label) =>
    assert(Math.abs(sums[label]! / 120 - n / 60) < 1e-6)
  );
});

Deno.test("makeTrainingList() removes conflicting duplicates as any, and keeps the first label", async () => {
  const list = await listOf({ dedup: ["exact"] });
  assertEquals(list.record.removed!.copies, 60);
  assertEquals(list.labels, dataset.train.labels);
  assert(list.record.conflicting!.copies > 0, "as planned");
});

/** The slots of a list as originals of a data set, each with its own label. */
async function plainly(fields: Partial<StudyInput>): Promise<Dataset> {
  const { images, imageRows, labels } = await listOf(fields);
  return {
    ...dataset,
    train: { ...selectRows(joinImages([images]), imageRows), labels },
  };
}

for (
  const [name, fields] of Object.entries<Partial<StudyInput>>({
    "standard training, near copies": {
      copies: ["near"],
      nearKinds: ["flip", "shift"],
    },
    "label smoothing": { labelSmoothing: 0.2 },
    "adversarial training": { training: ["adversarial"], trainSteps: 2 },
    "n-fgsm": { training: ["n-fgsm"] },
  })
) {
  Deno.test(`wasm: runCell() ${name} of conflicting copies is that of images with these labels, bit for bit`, async () => {
    const backend = await openBackend("wasm");
    const common: Partial<StudyInput> = { budget: ["epochs"], ...fields };
    const { outcome } = await runCell(cellOf(common), dataset, { backend });
    const plain = cellOf({
      ...common,
      copies: ["exact"],
      nearKinds: undefined,
      ratios: [0],
      conflict: [0],
    });
    const expected = (await runCell(plain, await plainly(fields), { backend }))
      .outcome;
    assertEquals(outcome.weightsSha256, expected.weightsSha256);
    assertEquals(
      outcome.epochs.map(({ loss }) => loss),
      expected.epochs.map(({ loss }) => loss),
    );
    assertEquals(outcome.test, expected.test);
    const { unique, copies } = outcome.train!;
    assertEquals(unique.rows, 60);
    assertEquals(
      [unique.rows + copies.rows, unique.correct + copies.correct],
      [expected.train!.unique.rows, expected.train!.unique.correct],
    );
  });
}

for (const copies of ["exact", "near"] as const) {
  Deno.test(`wasm: runCell() scores ${copies} training images, clean and attacked, by the label trained on`, async () => {
    const backend = await openBackend("wasm");
    const attacks = ["pgd-2", "apgd-ce-2"];
    const cell = cellOf({
      copies: [copies],
      ...(copies === "near" && { nearKinds: ["flip", "shift"] }),
      attacks,
      attackTraining: true,
      epsilon: 1 / 255,
      epochs: 6,
      optimizer: "adam",
      learningRate: 0.002,
      augment: "none",
    });
    const expected: Record<string, number[]> = {};
    let byOwnLabel = 0;
    const { outcome } = await runCell(cell, dataset, {
      backend,
      async onTrained(classifier, { images, imageRows, labels, originals }) {
        // One by one: nothing is shared.
        const correctOf = async (
          name: string | undefined,
          labels: Uint8Array | undefined,
        ) =>
          (await evaluate(classifier, { ...dataset, train: images }, {
            backend,
            split: "train",
            rows: imageRows,
            labels,
            batch: 1,
            seed: 1,
            attack: name === undefined
              ? undefined
              : parseAttack(name, cell.config.evaluation),
          })).correct;
        const count = (right: boolean[]) => [
          right.slice(0, originals).filter(Boolean).length,
          right.slice(originals).filter(Boolean).length,
        ];
        const clean = await correctOf(undefined, labels);
        expected["clean"] = count(clean);
        byOwnLabel = count(await correctOf(undefined, undefined))[1]!;
        for (const name of attacks) {
          const robust = await correctOf(name, labels);
          expected[name] = count(
            robust.map((right, slot) =>
              right && (!name.startsWith("apgd") || clean[slot]!)
            ),
          );
        }
      },
    });
    const { unique, copies: ofCopies, byAttack } = outcome.train!;
    assertEquals([unique.correct, ofCopies.correct], expected["clean"]);
    for (const name of attacks) {
      const score = byAttack![name]!;
      assertEquals(
        [score.unique.correct, score.copies.correct],
        expected[name],
      );
      assertEquals([score.unique.rows, score.copies.rows], [60, 60]);
    }
    assert(byOwnLabel !== ofCopies.correct, "labels make a difference");
  });
}

Deno.test("wasm: runCell() memorises conflicting labels of near copies", async () => {
  const backend = await openBackend("wasm");
  const { outcome } = await runCell(
    cellOf({
      copies: ["near"],
      nearKinds: ["flip"],
      conflict: [1],
      model: ["linear"],
      networks: {
        linear: { layers: [{ type: "flatten" }, { type: "dense" }] },
      },
      optimizer: "adam",
      learningRate: 0.003,
      augment: "none",
      epochs: 200,
      batch: 60,
      attacks: [],
    }),
    dataset,
    { backend },
  );
  const { unique, copies } = outcome.train!;
  assert(unique.correct > 50, `${unique.correct}`);
  assert(copies.correct > 50, `${copies.correct} of the labels trained on`);
});

Deno.test("cellWork() counts an image once for each label that it may have", () => {
  const rows = { train: 60, slots: 120, test: 20 };
  const attacked = (fields: Partial<StudyInput>) => {
    const workOf = (attackTraining: boolean) =>
      cellWork(
        cellOf({ attacks: ["pgd-2"], attackTraining, ...fields }).config,
        rows,
      ).attackSteps;
    return (workOf(true) - workOf(false)) / 2;
  };
  assertEquals(attacked({ conflict: [0] }), 60);
  assertEquals(attacked({ conflict: [0.25] }), 60 + 15);
  assertEquals(attacked({ conflict: [1] }), 120);
});

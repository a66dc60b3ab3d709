import { assert, assertEquals } from "@std/assert";
import { openBackend } from "../../src/backend/open_backend.ts";
import {
  evaluateEpoch,
  flagOverfitting,
} from "../../src/cell/evaluate_epoch.ts";
import { runCell } from "../../src/cell/run_cell.ts";
import type { Dataset } from "../../src/data/dataset.ts";
import { loadDataset } from "../../src/data/load_dataset.ts";
import { buildClassifier } from "../../src/models/classifier.ts";
import { writeParameters } from "../../src/models/parameters.ts";
import { hasOverfit } from "../../src/results/catastrophic_overfitting.ts";
import { checkCounts } from "../../src/results/check_result_set.ts";
import { defineNetwork } from "../../src/spec/network.ts";
import { planCells } from "../../src/spec/plan_cells.ts";
import { parseStudy, type StudyInput } from "../../src/spec/study.ts";

const epsilon = 0.1;
const shape = [8, 8, 3] as const;
const size = 8 * 8 * 3;

/** Grey images of class 0. */
function greyImages(rows: number): Dataset {
  const images = {
    pixels: new Uint8Array(rows * size).fill(128),
    labels: new Uint8Array(rows),
    rows,
  };
  return {
    name: "grey",
    shape,
    classNames: ["a", "b"],
    train: images,
    test: images,
  };
}

/**
 * A network of the mean pixel m that calls grey images a, and those lighter by
 * epsilon, too, but not those in between: the score of b is
 * -1 + slope (m - grey) up to half of epsilon, and falls as steeply beyond. One
 * step of length epsilon goes to where it is right, PGD stops halfway.
 *
 * @param kink Where the score begins to fall, beyond grey, in epsilons; 2: where
 * no attack gets, so that all of them make it wrong.
 */
function plantedNetwork(kink: number) {
  const classifier = buildClassifier(
    defineNetwork(
      { type: "flatten" },
      { type: "dense", units: 2 },
      { type: "relu" },
      { type: "dense" },
    ),
    { input: { shape, classes: 2 }, seed: 0 },
  );
  const grey = 128 / 255;
  const slope = 8 / epsilon;
  const mean = new Float32Array(size * 2).fill(1 / size);
  // Hidden units: m - (grey - epsilon), and what m is beyond the kink.
  const from = [-(grey - epsilon), -(grey + kink * epsilon)];
  // In [inputs, outputs]: nothing for class a.
  const scores = [0, slope, 0, -2 * slope];
  writeParameters(classifier, [
    mean,
    Float32Array.from(from),
    Float32Array.from(scores),
    Float32Array.of(0, -1 - slope * epsilon),
  ]);
  return classifier;
}

/** A config of N-FGSM that looks for overfitting on so many images. */
function configOf(fields: Partial<StudyInput> = {}) {
  const study = parseStudy({
    name: "x",
    training: ["n-fgsm"],
    ratios: [0],
    epsilon,
    epochs: 1,
    ...fields,
  });
  return planCells(study, "wasm")[0]!.config;
}

async function look(
  kink: number,
  { images, overfittingImages }: { images: number; overfittingImages: number },
) {
  const backend = await openBackend("wasm");
  const dataset = greyImages(images);
  const classifier = plantedNetwork(kink);
  const { overfitting } = await evaluateEpoch(classifier, dataset, 0, {
    config: configOf({ overfittingImages }),
    list: {
      images: dataset.train,
      imageRows: Uint32Array.from({ length: images }, (_, row) => row),
      originals: images,
    },
    validation: undefined,
    backend,
    reportWork: () => {},
  });
  classifier.dispose();
  return overfitting!;
}

Deno.test("wasm: evaluateEpoch() tells a network that resists single steps only, and a flag says so", async () => {
  const counts = await look(0.5, { images: 70, overfittingImages: 60 });
  assertEquals(counts, { images: 60, singleStep: 60, pgd: 0 });
  const flags: unknown[] = [];
  const robust = { images: 60, singleStep: 60, pgd: 60 };
  const epochs = [{}, { overfitting: robust }, { overfitting: counts }, {
    overfitting: counts,
  }];
  flagOverfitting(epochs, (...flag) => flags.push(flag));
  assertEquals(flags, [["catastrophic-overfitting", "epoch 2", 0]]);
});

Deno.test("wasm: evaluateEpoch() does not tell a network so that no attack leaves right", async () => {
  const counts = await look(2, { images: 55, overfittingImages: 60 });
  assertEquals(counts, { images: 55, singleStep: 0, pgd: 0 });
  flagOverfitting([{ overfitting: counts }], () => {
    throw new Error("flagged");
  });
});

Deno.test("hasOverfit() needs PGD at 5 % or less and a single step 20 % above, of 50 images", () => {
  const of = (singleStep: number, pgd: number) =>
    hasOverfit({ images: 100, singleStep, pgd });
  assertEquals(of(25, 5), true);
  assertEquals(of(90, 0), true);
  assertEquals(of(24, 5), false);
  assertEquals(of(90, 6), false);
  assertEquals(of(19, 0), false);
  assertEquals(hasOverfit({ images: 49, singleStep: 49, pgd: 0 }), false);
  assertEquals(hasOverfit({ images: 50, singleStep: 50, pgd: 0 }), true);
});

const limits = { limitTrain: 40, limitTest: 20 };

for (
  const [name, fields, looked] of [
    ["n-fgsm, by default after the last epoch", {}, [0, 0, 30]],
    [
      "n-fgsm, after epochs that are evaluated",
      { evaluateEvery: 2, overfittingImages: 7 },
      [0, 7, 7],
    ],
    [
      "adversarial, by default never",
      { training: ["adversarial"], trainSteps: 1 },
      [0, 0, 0],
    ],
    [
      "adversarial, where the study asks",
      { training: ["adversarial"], trainSteps: 1, overfittingImages: 5 },
      [0, 0, 5],
    ],
  ] as const
) {
  Deno.test(`wasm: runCell() looks for catastrophic overfitting: ${name}`, async () => {
    const backend = await openBackend("wasm");
    const dataset = await loadDataset("cifar10-mini", limits);
    const study = parseStudy({
      name: "x",
      ...limits,
      training: ["n-fgsm"],
      // Originals that are displaced are not trained on.
      mode: ["replace"],
      ratios: [0.25],
      epochs: 3,
      batch: 20,
      attacks: [],
      ...fields,
    } as StudyInput);
    const cell = await runCell(planCells(study, "wasm").at(-1)!, dataset, {
      backend,
    });
    const { epochs, flags } = cell.outcome;
    assertEquals(
      epochs.map(({ overfitting }) => overfitting?.images ?? 0),
      [...looked],
    );
    assertEquals(flags, []);
    const testPerClass = cell.outcome.test!.rowsPerClass;
    assertEquals(checkCounts(cell, { testPerClass }), []);
    const found = epochs.at(-1)!.overfitting;
    if (found === undefined) return;
    assert(found.pgd <= found.images && found.singleStep <= found.images);
    const edited = structuredClone(cell);
    delete edited.outcome.epochs.at(-1)!.overfitting;
    assertEquals(checkCounts(edited, { testPerClass }), [
      "outcome.epochs.2.overfitting: expected counts, got none in the file",
    ]);
  });
}

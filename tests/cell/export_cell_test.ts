import {
  assert,
  assertEquals,
  assertGreater,
  assertLess,
  assertMatch,
} from "@std/assert";
import { openBackend } from "../../src/backend/open_backend.ts";
import { exportCell } from "../../src/cell/export_cell.ts";
import { runCell } from "../../src/cell/run_cell.ts";
import { loadDataset } from "../../src/data/load_dataset.ts";
import { decodeSafetensors } from "../../src/results/safetensors.ts";
import { planCells } from "../../src/spec/plan_cells.ts";
import type { NetworkInput } from "../../src/spec/network_types.ts";
import { parseStudy, type StudyInput } from "../../src/spec/study.ts";
import { fromFileUrl } from "../sweep/paths.ts";
import { runTorch, torchTest } from "../torch_available.ts";

/** Runs the last cell of a study with its export, and gives its folder. */
async function exportOf(
  dir: string,
  fields: Partial<StudyInput>,
): Promise<string> {
  const study = parseStudy({
    name: "export",
    limitTrain: 500,
    limitTest: 200,
    ratios: [0.5],
    batch: 50,
    epochs: 10,
    attacks: [],
    ...fields,
  });
  const { limitTrain, limitTest } = study;
  const dataset = await loadDataset("cifar10-mini", {
    limitTrain,
    limitTest,
    reserve: true,
  });
  const backend = await openBackend("wasm");
  const cell = planCells(study, "wasm").at(-1)!;
  const files = exportCell(dir, cell, dataset);
  files.finish(await runCell(cell, dataset, { backend, ...files.listener }));
  return `${dir}/${cell.id}`;
}

async function inFolder(work: (dir: string) => Promise<void>): Promise<void> {
  const dir = await Deno.makeTempDir();
  try {
    await work(dir);
  } finally {
    await Deno.remove(dir, { recursive: true });
  }
}

const readTensors = async (path: string) =>
  new Map(
    decodeSafetensors(await Deno.readFile(path)).tensors.map((tensor) => [
      tensor.name,
      tensor,
    ]),
  );

Deno.test("exportCell() has the labels that slots are trained as, and their weights", async () => {
  await inFolder(async (dir) => {
    const fields: Partial<StudyInput> = {
      conflict: [0.5],
      standIn: ["prior-restored"],
    };
    const folder = await exportOf(dir, { ...fields, epochs: 1 });
    const training = await readTensors(`${folder}/training.safetensors`);
    const of = (name: string) => training.get(name)!.data;
    const { train } = await loadDataset("cifar10-mini");
    const differs = [...of("labels").entries()].filter(([slot, label]) =>
      train.labels[of("sourceRows")[slot]!] !== label
    );
    const { outcome: _, config } = JSON.parse(
      await Deno.readTextFile(`${folder}/cell.json`),
    );
    assertEquals(config.duplication.conflict, 0.5);
    assert(differs.length > 100 && differs.length < 150);
    assert(differs.every(([slot]) => of("isCopy")[slot] === 1));
    assertEquals(of("weights").length, 750);
  });
});

Deno.test("exportCell() names the pixels that fresh images show, and their rows before the limit", async () => {
  await inFolder(async (dir) => {
    const folder = await exportOf(dir, { standIn: ["fresh"], epochs: 1 });
    const training = await readTensors(`${folder}/training.safetensors`);
    const [imageRows, isCopy, labels, sourceRows] = [
      "imageRows",
      "isCopy",
      "labels",
      "sourceRows",
    ].map((name) => training.get(name)!.data);
    assertEquals(imageRows!.length, 750);
    assertEquals(isCopy!.filter((flag) => flag === 1).length, 250);
    // Every slot shows an image of its own: nothing is repeated.
    assertEquals(new Set(imageRows).size, 750);
    // The rows of the whole split have these labels and, where the slot is an
    // original, these pixels.
    const { train } = await loadDataset("cifar10-mini");
    const images = training.get("images")!.data;
    const size = 32 * 32 * 3;
    labels!.forEach((label, slot) => {
      const row = sourceRows![slot]!;
      assertEquals(train.labels[row], label);
      const at = imageRows![slot]! * size;
      const isSame = images.subarray(at, at + size).every((byte, i) =>
        byte === train.pixels[row * size + i]
      );
      assertEquals(isSame, isCopy![slot] === 0);
    });
  });
});

Deno.test("exportCell() writes the loss of every step, whose means are the epochs' losses", async () => {
  await inFolder(async (dir) => {
    const folder = await exportOf(dir, { epochs: 2, batch: 64 });
    const losses: number[] = JSON.parse(
      await Deno.readTextFile(`${folder}/losses.json`),
    );
    const { outcome } = JSON.parse(
      await Deno.readTextFile(`${folder}/cell.json`),
    );
    const lines = (await Deno.readTextFile(`${folder}/batches.jsonl`)).trim()
      .split("\n").map((line) => JSON.parse(line));
    assertEquals(losses.length, lines.length);
    for (const [epoch, { loss, steps }] of outcome.epochs.entries()) {
      const own = losses.filter((_, step) => lines[step].epoch === epoch);
      assertEquals(own.length, steps);
      const mean = own.reduce((a, b) => a + b) / own.length;
      assert(Math.abs(mean - loss) < 1e-12, "full batches weigh the same");
    }
  });
});

Deno.test("exportCell() writes the losses of an epoch of more steps than a call takes arguments", async () => {
  await inFolder(async (dir) => {
    const study = parseStudy({ name: "export", limitTrain: 20, limitTest: 20 });
    const cell = planCells(study, "wasm")[0]!;
    const dataset = await loadDataset("cifar10-mini", {
      limitTrain: 20,
      limitTest: 20,
    });
    const { listener, finish } = exportCell(dir, cell, dataset);
    const losses = Float32Array.from({ length: 200_000 }, (_, step) => step);
    listener.onLosses!(losses);
    finish({ ...cell, outcome: {} } as unknown as Parameters<typeof finish>[0]);
    assertEquals(
      JSON.parse(await Deno.readTextFile(`${dir}/${cell.id}/losses.json`)),
      Array.from(losses),
    );
  });
});

/** A network that has every kind of layer and of shortcut. */
const everyLayer: NetworkInput = {
  layers: [
    { type: "scale", factor: 2, offset: -1 },
    { type: "conv", filters: 6, kernel: 4, stride: 2, padding: 1 },
    { type: "batchNorm" },
    { type: "relu" },
    { type: "dropout", rate: 0.2 },
    {
      type: "residual",
      shortcut: "project",
      layers: [
        { type: "conv", filters: 8, stride: 2, bias: false },
        { type: "batchNorm", shift: false },
        { type: "relu" },
        { type: "conv", filters: 8, name: "second", frozen: true },
      ],
    },
    {
      type: "residual",
      layers: [{ type: "conv", filters: 8, kernel: 5 }, { type: "relu" }],
    },
    {
      type: "residual",
      shortcut: "pad",
      layers: [{ type: "conv", filters: 12 }, { type: "maxPool" }],
    },
    { type: "avgPool", size: 2, stride: 1 },
    { type: "flatten" },
    { type: "batchNorm", momentum: 0.3 },
    { type: "dropout", rate: 0.3 },
    { type: "relu" },
    { type: "dense", units: 16 },
    { type: "relu" },
    { type: "dropout", rate: 0.1 },
    { type: "dense", bias: false },
  ],
};

/**
 * Every stand-in, policy, kind of copy, mode, budget, augmentation, optimizer,
 * schedule and training, in some cell. A small learning rate keeps rounding from
 * growing beyond the tolerance within 100 steps: that it grows is a property of
 * training, not of either program.
 */
const cases: Record<string, Partial<StudyInput>> = {
  "uniform copies, SGD, crop and flip": {},
  "crop and flip with a reflected border and cutout, augmented test images": {
    border: "reflect",
    cutout: 9,
    testFlip: true,
    testAugment: true,
  },
  "alternating flips with a wider black border, copies as their originals": {
    flip: "alternating",
    cropPadding: 9,
    augmentCopies: "same",
  },
  "class-biased weights": { policy: ["class-biased"], standIn: ["weights"] },
  "near copies with conflicting labels, class weights restored": {
    policy: ["class-biased"],
    standIn: ["prior-restored"],
    copies: ["near"],
    nearKinds: ["flip", "shift"],
    conflict: [0.4],
  },
  "fresh images of one class": {
    policy: ["single-class"],
    class: 3,
    standIn: ["fresh"],
    ratios: [0.2],
  },
  "concentrated near copies, Adam, augmented as their originals": {
    policy: ["concentrated"],
    multiplicity: 7,
    copies: ["near"],
    nearKinds: ["flip", "shift", "brightness"],
    optimizer: "adam",
    learningRate: 0.0002,
    augmentCopies: "same",
  },
  "replacing, near duplicates removed, a partial last batch, no augmentation": {
    mode: ["replace"],
    dedup: ["near"],
    augment: "none",
    batch: 64,
    batching: "partial-last",
    epochs: 13,
  },
  "whole copies, equal epochs, step schedule, augmented test images": {
    policy: ["whole-copies"],
    ratios: [1],
    budget: ["epochs"],
    schedule: "step",
    scheduleEvery: 2,
    testAugment: true,
    epochs: 5,
  },
  "a residual network with batch normalisation, dropout on images and vectors":
    {
      model: ["mine"],
      networks: { mine: everyLayer },
      optimizer: "sgd",
    },
  "averaged weights, batch normalisation included": {
    model: ["mine"],
    networks: { mine: everyLayer },
    optimizer: "sgd",
    averageDecay: 0.95,
  },
  "the larger network, Adam, cosine schedule": {
    model: ["published-adversarial"],
    learningRate: 0.0002,
    schedule: "cosine",
  },
  "Nesterov, decay of weights alone, a rate of biases, smoothed labels": {
    model: ["mine"],
    networks: { mine: everyLayer },
    optimizer: "sgd",
    learningRate: 0.001,
    nesterov: true,
    weightDecay: 0.01,
    decayOn: "weights",
    biasRate: 4,
    labelSmoothing: 0.2,
    standIn: ["weights"],
  },
  "AdamW, decay of weights alone": {
    optimizer: "adamw",
    // At .0002 PyTorch in float64 is as far from the recorded losses (3.5e-3).
    learningRate: 0.0001,
    weightDecay: 0.5,
    decayOn: "weights",
    biasRate: 2,
  },
  "one cycle from step to step": { schedule: "one-cycle" },
  "cosine after a warm-up": { schedule: "cosine", scheduleWarmup: 0.3 },
};

/**
 * Units of this network stay alive. In `everyLayer` most die, and where a gradient
 * is exactly 0, Winograd's transforms leave rounding, whose sign is a step.
 */
const normalised: NetworkInput = {
  layers: [
    { type: "conv", filters: 8 },
    { type: "batchNorm" },
    { type: "relu" },
    {
      type: "residual",
      shortcut: "project",
      layers: [
        { type: "conv", filters: 12, stride: 2, bias: false },
        { type: "batchNorm" },
        { type: "relu" },
        { type: "conv", filters: 12, bias: false },
        { type: "batchNorm" },
      ],
    },
    { type: "relu" },
    { type: "globalAvgPool" },
    { type: "dense" },
  ],
};

const adversarial: Record<string, Partial<StudyInput>> = {
  "adversarial training, random start": {
    model: ["published-adversarial"],
    learningRate: 0.0002,
    training: ["adversarial"],
    trainSteps: 5,
  },
  "N-FGSM of a network with batch normalisation": {
    model: ["mine"],
    networks: { mine: normalised },
    optimizer: "sgd",
    training: ["n-fgsm"],
  },
  "N-FGSM with a shorter step and more noise": {
    training: ["n-fgsm"],
    trainAlpha: 0.01,
    noise: 4,
  },
  "adversarial training as published": {
    training: ["adversarial"],
    randomStart: false,
    attackLowest: 0.5,
    standIn: ["weights"],
  },
  "adversarial training on conflicting labels, class weights restored": {
    policy: ["single-class"],
    class: 5,
    training: ["adversarial"],
    trainSteps: 3,
    standIn: ["prior-restored"],
    conflict: [0.5],
  },
  "adversarial training on smoothed labels": {
    training: ["adversarial"],
    trainSteps: 3,
    labelSmoothing: 0.4,
  },
};

/** Runs docs/repeat_cell.py on an exported cell. */
async function repeatCell(folder: string, ...options: string[]) {
  const script = new URL("../../docs/repeat_cell.py", import.meta.url);
  const { code, stdout, stderr } = await runTorch([
    fromFileUrl(script),
    folder,
    ...options,
  ]);
  const decode = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  return { code, text: decode(stdout), errors: decode(stderr) };
}

function repeats(
  name: string,
  fields: Partial<StudyInput>,
  steps: number,
  inFloat64 = false,
) {
  torchTest(
    `docs/repeat_cell.py repeats ${name}`,
    () =>
      inFolder(async (dir) => {
        const folder = await exportOf(dir, { learningRate: 0.002, ...fields });
        const { code, text, errors } = await repeatCell(
          folder,
          "--steps",
          String(steps),
          ...(inFloat64 ? ["--float64"] : []),
        );
        console.log(`${name}: ${text.trim().replaceAll("\n", "; ")}`);
        assertMatch(text, new RegExp(`^${steps} steps: `));
        if (inFloat64) {
          const differences = [
            ...text.matchAll(/^from float64, .* at most (.*), relative$/gm),
          ];
          assertEquals(differences.length, 2, text);
          for (const [line, most] of differences) {
            assertLess(Number(most), 1e-3, line);
            assertGreater(Number(most), 0, line);
          }
        }
        assertMatch(
          text,
          /200 test images, final weights: 0 classified otherwise/,
        );
        if (fields.averageDecay !== undefined) {
          assertMatch(text, /averaged weights differ by at most/);
          assertMatch(text, /200 test images, averaged weights: 0 classified/);
        }
        assertEquals(code, 0, text + errors);
      }),
  );
}

for (const [name, fields] of Object.entries(cases)) repeats(name, fields, 100);

repeats("uniform copies, in float64 as well", {}, 20, true);

torchTest(
  "docs/repeat_cell.py compares with float64 where rounding in float32 has grown",
  () =>
    inFolder(async (dir) => {
      const folder = await exportOf(dir, {
        optimizer: "adam",
        learningRate: 0.0002,
      });
      // On a processor with AVX-512, PyTorch's losses in float32 differ by 4.6e-4.
      const repeat = () => repeatCell(folder, "--tolerance", "1e-5");
      const same = await repeat();
      console.log(same.text.trim());
      assertEquals(same.code, 0, same.text);
      // Another rule, by a tenth of a percent, differs from float64 as well.
      const path = `${folder}/cell.json`;
      const cell = JSON.parse(await Deno.readTextFile(path));
      assertEquals(cell.adam.beta2, 0.999);
      cell.adam.beta2 = 0.998;
      await Deno.writeTextFile(path, JSON.stringify(cell));
      const other = await repeat();
      console.log(other.text.trim());
      assertMatch(other.text, /^from float64, recorded losses differ by/m);
      assertEquals(other.code, 1, other.text);
    }),
);

torchTest(
  "docs/repeat_cell.py --all trains to the end and compares accuracies",
  () =>
    inFolder(async (dir) => {
      const folder = await exportOf(dir, {
        epochs: 3,
        averageDecay: 0.9,
        testFlip: true,
      });
      const repeat = () => repeatCell(folder, "--all");
      const { code, text } = await repeat();
      for (
        const name of [
          "final weights",
          "final weights, mirror images",
          "averaged weights",
        ]
      ) {
        assertMatch(
          text,
          new RegExp(`${name} trained here: [\\d.]+ % correct, recorded`),
        );
      }
      assertEquals(code, 0, text);
      // Other labels to test with: the accuracy is another one.
      await Deno.copyFile(
        `${folder}/training.safetensors`,
        `${folder}/test.safetensors`,
      );
      assertEquals((await repeat()).code, 1);
    }),
);

for (const [name, fields] of Object.entries(adversarial)) {
  repeats(name, { epochs: 2, ...fields }, 20);
}

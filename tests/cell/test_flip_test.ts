import { assert, assertEquals, assertRejects } from "@std/assert";
import { parseAttack } from "../../src/attacks/parse_attack.ts";
import { openBackend } from "../../src/backend/open_backend.ts";
import { evaluate } from "../../src/cell/evaluate.ts";
import { runCell } from "../../src/cell/run_cell.ts";
import { loadDataset } from "../../src/data/load_dataset.ts";
import { buildClassifier } from "../../src/models/classifier.ts";
import { checkCounts } from "../../src/results/check_result_set.ts";
import { defineNetwork } from "../../src/spec/network.ts";
import { planCells } from "../../src/spec/plan_cells.ts";
import { parseStudy, type StudyInput } from "../../src/spec/study.ts";
import { webgpuTest } from "../webgpu_available.ts";

const limits = { limitTrain: 100, limitTest: 100 };
const dataset = await loadDataset("cifar10-mini", limits);
const [height, width, channels] = dataset.shape;
const size = height * width * channels;

/** Whether a linear network is right, by sums in float64 over its weights. */
function judge(weights: ArrayLike<number>, mirrors: boolean): boolean[] {
  const { pixels, labels, rows } = dataset.test;
  return Array.from({ length: rows }, (_, row) => {
    const scores = new Array<number>(10).fill(0);
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        for (let c = 0; c < channels; c++) {
          const place = (at: number) => (y * width + at) * channels + c;
          const byte = (at: number) => pixels[row * size + place(at)]!;
          const pixel = mirrors
            ? (byte(x) + byte(width - 1 - x)) / 2 / 255
            : byte(x) / 255;
          for (let k = 0; k < 10; k++) {
            scores[k]! += pixel * weights[place(x) * 10 + k]!;
          }
        }
      }
    }
    const sorted = scores.toSorted((a, b) => b - a);
    assert(sorted[0]! - sorted[1]! > 1e-4, "no tie for float32 to decide");
    return scores.indexOf(sorted[0]!) === labels[row];
  });
}

/** A linear network is as right on means of images as on means of logits. */
async function checkLinear(name: "cpu" | "wasm" | "webgpu"): Promise<void> {
  const backend = await openBackend(name);
  const classifier = buildClassifier(
    defineNetwork({ type: "flatten" }, { type: "dense", bias: false }),
    { input: { shape: dataset.shape, classes: 10 }, seed: 3 },
  );
  const weights = await classifier.parameters[0]!.data();
  const { correct, flipped } = await evaluate(classifier, dataset, {
    backend,
    split: "test",
    batch: 32,
    seed: 0,
    withMirror: true,
  });
  classifier.dispose();
  assertEquals(correct, judge(weights, false));
  assertEquals(flipped, judge(weights, true));
  assert(flipped!.some((right, row) => right !== correct[row]));
}

for (const name of ["cpu", "wasm"] as const) {
  Deno.test(`${name}: evaluate() judges an image with its mirror image by the mean of their logits`, () =>
    checkLinear(name));
}
webgpuTest(
  "evaluate() judges an image with its mirror image by the mean of their logits",
  () => checkLinear("webgpu"),
);

const run = async (fields: Partial<StudyInput>) => {
  const [cell] = planCells(
    parseStudy({
      name: "flip",
      ...limits,
      ratios: [0],
      epochs: 1,
      attacks: ["fgsm"],
      ...fields,
    }),
    "wasm",
  );
  return await runCell(cell!, dataset, { backend: await openBackend("wasm") });
};

Deno.test("wasm: runCell() adds what mirror images give, and changes nothing else", async () => {
  const plain = await run({});
  const flipped = await run({ testFlip: true });
  const { flipped: score, ...test } = flipped.outcome.test!;
  assert(score !== undefined);
  assertEquals({ ...flipped.outcome, test }, plain.outcome);
  assertEquals(plain.config.evaluation.flip, undefined);
  assertEquals((await run({ testFlip: false })).id, plain.id);
});

Deno.test("wasm: checkCounts() finds counts of mirror images that are missing, wrong or not asked for", async () => {
  const counts = { testPerClass: new Array<number>(10).fill(10) };
  const cell = await run({ testFlip: true });
  const test = cell.outcome.test!;
  const check = (flipped: typeof test.flipped, config = cell.config) =>
    checkCounts(
      {
        ...cell,
        config,
        outcome: { ...cell.outcome, test: { ...test, flipped } },
      },
      counts,
    );
  assertEquals(check(test.flipped), []);
  assertEquals(check(undefined), [
    "outcome.test.flipped: expected counts, got none in the file",
  ]);
  const { evaluation: { flip: _, ...evaluation } } = cell.config;
  assertEquals(check(test.flipped, { ...cell.config, evaluation }), [
    "outcome.test.flipped: expected none, got counts in the file",
  ]);
  const [fault] = check({ ...test.flipped!, correct: 101 });
  assertEquals(fault?.startsWith("outcome.test.flipped.correct"), true);
});

Deno.test("wasm: evaluate() refuses mirror images under an attack", async () => {
  const backend = await openBackend("wasm");
  const classifier = buildClassifier(
    defineNetwork({ type: "flatten" }, { type: "dense" }),
    { input: { shape: dataset.shape, classes: 10 }, seed: 3 },
  );
  await assertRejects(
    () =>
      evaluate(classifier, dataset, {
        backend,
        split: "test",
        batch: 32,
        seed: 0,
        withMirror: true,
        attack: parseAttack("fgsm", { epsilon: 0.1, alpha: 0.1 }),
      }),
    RangeError,
    "without an attack",
  );
  classifier.dispose();
});

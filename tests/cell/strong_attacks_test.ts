import { assert, assertEquals } from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import { parseAttack } from "../../src/attacks/parse_attack.ts";
import { pgd } from "../../src/attacks/pgd.ts";
import type { BackendName } from "../../src/spec/backends.ts";
import type { Backend } from "../../src/backend/backend.ts";
import { openBackend } from "../../src/backend/open_backend.ts";
import { loadDataset } from "../../src/data/load_dataset.ts";
import { evaluate } from "../../src/cell/evaluate.ts";
import {
  buildClassifier,
  type Classifier,
} from "../../src/models/classifier.ts";
import { publishedNetwork } from "../../src/spec/networks.ts";
import { train } from "../../src/train/train.ts";
import { webgpuTest } from "../webgpu_available.ts";

const dataset = await loadDataset("cifar10-mini", {
  limitTrain: 400,
  limitTest: 200,
});
const threat = { epsilon: 8 / 255, alpha: 2 / 255 };

/** Models on WebAssembly that several tests attack. */
const onWasm = new Map<number, Promise<Classifier>>();

function robustOnWasm(backend: Backend, seed: number): Promise<Classifier> {
  const trained = onWasm.get(seed) ?? robustModel(backend, seed);
  onWasm.set(seed, trained);
  return trained;
}

/** A small model that withstands some attacks, trained in seconds. */
async function robustModel(
  backend: Backend,
  seed: number,
): Promise<Classifier> {
  const classifier = buildClassifier(
    publishedNetwork({ filters: [8, 8], hidden: 32, dropout: 0 }),
    { input: { shape: dataset.shape, classes: 10 }, seed },
  );
  await train(classifier, dataset, {
    rows: Uint32Array.from({ length: 400 }, (_, row) => row),
    batch: 25,
    epochs: 6,
    budget: "epochs",
    seed,
    augmentation: { name: "none", copies: "own" },
    optimizer: { name: "adam", learningRate: 0.002, weightDecay: 0 },
    schedule: { name: "constant" },
    attack: pgd({
      epsilon: 4 / 255,
      stepSize: 2 / 255,
      steps: 2,
      randomStart: true,
    }),
  }, { backend });
  return classifier;
}

/** Which test images withstand an attack; only those classified correctly. */
async function withstand(
  classifier: Classifier,
  name: string | undefined,
  { backend, batch = 250, seed = 1, rows }: {
    backend: Backend;
    batch?: number;
    seed?: number;
    rows?: Uint32Array | undefined;
  },
): Promise<boolean[]> {
  const { correct } = await evaluate(classifier, dataset, {
    backend,
    split: "test",
    rows,
    batch,
    seed,
    attack: name === undefined ? undefined : parseAttack(name, threat),
  });
  return correct;
}

async function rightRows(
  backend: Backend,
  classifier: Classifier,
): Promise<Uint32Array> {
  const clean = await withstand(classifier, undefined, { backend });
  return Uint32Array.from(clean.keys()).filter((row) => clean[row]);
}

const count = (list: boolean[]) => list.filter(Boolean).length;

async function checkRepeats(name: BackendName, attacks: string[]) {
  const backend = await openBackend(name);
  const classifier = name === "wasm"
    ? await robustOnWasm(backend, 1)
    : await robustModel(backend, 1);
  const rows = await rightRows(backend, classifier);
  for (const attack of attacks) {
    const before = tf.memory().numTensors;
    const first = await withstand(classifier, attack, { backend, rows });
    const again = await withstand(classifier, attack, { backend, rows });
    assertEquals(again, first, `${attack} again`);
    assertEquals(tf.memory().numTensors, before, attack);
    assert(count(first) < rows.length, `${attack} fools nobody`);
  }
  if (name !== "wasm") classifier.dispose();
}

Deno.test("wasm: evaluate() under strong attacks gives the same images every time, and leaks nothing", () =>
  checkRepeats("wasm", ["apgd-ce-10", "apgd-t-5", "square-60"]));

webgpuTest(
  "evaluate() under strong attacks gives the same images every time, and leaks nothing",
  () => checkRepeats("webgpu", ["apgd-ce-5", "apgd-t-2", "square-20"]),
  { isSlow: true },
);

Deno.test("wasm: evaluate() under strong attacks gives the same images for any batch size", async () => {
  const backend = await openBackend("wasm");
  const classifier = await robustOnWasm(backend, 2);
  // Enough for batches that end at different times, and few for batches of one.
  const rows = (await rightRows(backend, classifier)).subarray(0, 30);
  assert(rows.length > 25, `${rows.length} right`);
  for (const attack of ["apgd-ce-10", "apgd-t-5", "square-60"]) {
    const together = await withstand(classifier, attack, { backend, rows });
    // One that resists lies in every batch, so that searches end at different
    // times in different batches.
    assert(count(together) > 3, `${attack}: ${count(together)} withstand`);
    for (const batch of [1, 7]) {
      const apart = await withstand(classifier, attack, {
        backend,
        rows,
        batch,
      });
      assertEquals(apart, together, `${attack}, batches of ${batch}`);
    }
  }
});

Deno.test("wasm: evaluate() under APGD-CE of 20 iterations is at most a point above PGD-20", async () => {
  const backend = await openBackend("wasm");
  for (const seed of [1, 2, 3]) {
    const classifier = await robustOnWasm(backend, seed);
    const rows = await rightRows(backend, classifier);
    const [apgd, plain] = [
      await withstand(classifier, "apgd-ce-20", { backend, rows, seed }),
      await withstand(classifier, "pgd-20", { backend, rows, seed }),
    ];
    assert(count(plain) < rows.length, "PGD fools some");
    assert(
      count(apgd) <= count(plain) + 0.01 * dataset.test.rows,
      `seed ${seed}: ${count(apgd)} withstand APGD, ${count(plain)} PGD`,
    );
  }
});

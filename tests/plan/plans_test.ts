import { assert, assertEquals } from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import fc from "fast-check";
import { nFgsm, pgd } from "../../src/attacks/pgd.ts";
import type { Classify } from "../../src/plan/classify.ts";
import { openBackend } from "../../src/backend/open_backend.ts";
import { openStream } from "../../src/core/stream.ts";
import {
  buildClassifier,
  type Classifier,
  compiledOf,
} from "../../src/models/classifier.ts";
import { networks } from "../../src/spec/networks.ts";
import { readParameters } from "../../src/models/parameters.ts";
import { type Average, buildAverage } from "../../src/train/average.ts";
import { compiledSteps } from "../../src/train/compiled_steps.ts";
import { type Optimizer, optimizerOf } from "../../src/train/optimizer.ts";
import type { Steps } from "../../src/train/steps.ts";
import { tapeSteps } from "../../src/train/tape_steps.ts";
import type { OptimizerSpec } from "../../src/spec/optimizers.ts";
import { webgpuTest } from "../webgpu_available.ts";
import { drawBatch } from "./_batch.ts";
import { anyNetworks, exactNetworks, type NetworkCase } from "./_networks.ts";

/** What a test of plans is given. */
interface PlanTest {
  /** Compares with the tape: to the bit on wasm, to 1e-4 on webgpu. */
  readonly assertSame: AssertSame;
  /** Random networks to try: fewer where shaders are compiled for each. */
  readonly share: number;
}

/**
 * A test of what plans promise on every backend that has them.
 *
 * @param options `isLarge`: whether it is slow where shaders are compiled.
 */
function planTest(
  name: string,
  run: (test: PlanTest) => void | Promise<void>,
  { isLarge = false }: { isLarge?: boolean } = {},
): void {
  const runOn = async (backend: "wasm" | "webgpu", test: PlanTest) => {
    const { settle } = await openBackend(backend);
    await run(test);
    await settle();
  };
  Deno.test(
    `wasm: ${name}`,
    () => runOn("wasm", { assertSame: assertEquals, share: 1 }),
  );
  const onWebgpu = (share: number) => () =>
    runOn("webgpu", {
      assertSame: (actual, expected, what) =>
        assertNear(actual, expected, { tolerance: 1e-4, what }),
      share,
    });
  webgpuTest(name, onWebgpu(0.05), { isSlow: isLarge });
  webgpuTest(`${name}, more networks`, onWebgpu(0.5), { isSlow: true });
}

type AssertSame = (
  actual: Float32Array,
  expected: Float32Array,
  what: string,
) => void;

function assertNear(
  actual: Float32Array,
  expected: Float32Array,
  { tolerance, what }: { tolerance: number; what: string },
) {
  assertEquals(actual.length, expected.length, what);
  actual.forEach((value, i) =>
    assert(
      Object.is(value, expected[i]!) ||
        Math.abs(value - expected[i]!) <= tolerance,
      `${what}[${i}]: ${value}, expected ${expected[i]}`,
    )
  );
}

const sgd: OptimizerSpec = {
  name: "sgd",
  learningRate: 0.1,
  momentum: 0.9,
  weightDecay: 1e-3,
};
const adam: OptimizerSpec = {
  name: "adam",
  learningRate: 0.01,
  weightDecay: 0,
};

const adamw: OptimizerSpec = {
  name: "adamw",
  learningRate: 0.01,
  weightDecay: 0.1,
};
/** Biases, scales and shifts have numbers of their own. */
const nesterov: OptimizerSpec = {
  ...sgd,
  nesterov: true,
  decayOn: "weights",
  biasRate: 3,
};

/** Seeded images, from which networks that whiten begin. */
function drawImages({ shape }: NetworkCase["input"], rows: number) {
  const stream = openStream(4, "init", "images");
  const size = shape.reduce((product, side) => product * side, rows);
  const pixels = new Uint8Array(size).map(() => 255 * stream.uniform());
  return { pixels, rows };
}

/** Trains two equal classifiers, by plans and on the tape. */
async function trainBoth(
  { network, input }: NetworkCase,
  { spec, sizes, attack, decay }: {
    spec: OptimizerSpec;
    sizes: readonly number[];
    decay?: number;
    attack?: ReturnType<typeof pgd>;
  },
) {
  const run = async (
    open: (
      classifier: Classifier,
      optimizer: Optimizer,
      average: Average | undefined,
    ) => Steps,
  ) => {
    const images = drawImages(input, 300);
    const classifier = buildClassifier(network, { input, seed: 3, images });
    const optimizer = optimizerOf(spec, classifier);
    const average = decay === undefined
      ? undefined
      : buildAverage(classifier, decay);
    const steps = open(classifier, optimizer, average);
    steps.beginEpoch(sizes.length);
    for (const [step, rows] of sizes.entries()) {
      steps.load(drawBatch(classifier, { rows, step }));
      if (attack !== undefined) {
        steps.attack(attack, (row) => openStream(step, "attack", row));
      }
      // The rate stays for some steps and then changes, as schedules have it.
      steps.update(spec.learningRate / Math.ceil((step + 1) / 2));
    }
    const losses = await steps.readLosses();
    const weights = await Promise.all(
      classifier.parameters.map((variable) => variable.data()),
    );
    const averages = await average?.read() ?? [];
    steps.dispose();
    optimizer.dispose();
    average?.dispose();
    classifier.dispose();
    return [losses, ...weights, ...averages] as Float32Array[];
  };
  const compiled = await run((classifier, optimizer, average) => {
    assert(compiledOf(classifier) !== undefined, classifier.notCompiled);
    return compiledSteps({ classifier, optimizer, average });
  });
  const tape = await run((classifier, optimizer, average) =>
    tapeSteps({ classifier, optimizer, average })
  );
  return { compiled, tape };
}

/** Averages of the parameters after each of some steps, in float64. */
function averageOf(steps: readonly Float32Array[][], decay: number) {
  const [initial, ...after] = steps;
  return initial!.map((values, parameter) =>
    Array.from(values, (value, i) =>
      after.reduce((average, weights, t) => {
        const d = Math.min(decay, (1 + t) / (10 + t));
        return d * average + (1 - d) * weights[parameter]![i]!;
      }, value))
  );
}

planTest(
  "averages of any network follow its weights and statistics after each step",
  async ({ share }) => {
    await fc.assert(
      fc.asyncProperty(
        exactNetworks,
        fc.constantFrom(0.2, 0.9),
        async ({ network, input }, decay) => {
          const sizes = [4, 3, 4, 4];
          const classifier = buildClassifier(network, { input, seed: 3 });
          const optimizer = optimizerOf(sgd, classifier);
          const average = buildAverage(classifier, decay);
          const steps = compiledSteps({ classifier, optimizer, average });
          const seen = [await readParameters(classifier)];
          steps.beginEpoch(sizes.length);
          for (const [step, rows] of sizes.entries()) {
            steps.load(drawBatch(classifier, { rows, step }));
            steps.update(0.1);
            seen.push(await readParameters(classifier));
          }
          const found = await average.read();
          averageOf(seen, decay).forEach((expected, i) =>
            assertNear(found[i]!, Float32Array.from(expected), {
              tolerance: 1e-5 * Math.max(1, ...expected.map(Math.abs)),
              what: classifier.network.parameters[i]!.name,
            })
          );
          steps.dispose();
          optimizer.dispose();
          average.dispose();
          classifier.dispose();
        },
      ),
      { numRuns: Math.ceil(30 * share), seed: 15 },
    );
  },
);

planTest(
  "training steps and averages of any network update as on the tape",
  async ({ assertSame, share }) => {
    await fc.assert(
      fc.asyncProperty(
        exactNetworks,
        fc.constantFrom(sgd, nesterov, adam, adamw),
        async (net, spec) => {
          const { compiled, tape } = await trainBoth(net, {
            spec,
            sizes: [4, 4, 3, 4],
            decay: 0.9,
          });
          compiled.forEach((values, i) =>
            assertSame(
              values,
              tape[i]!,
              i === 0 ? "loss" : `parameter ${i - 1}`,
            )
          );
        },
      ),
      { numRuns: Math.ceil(60 * share), seed: 15 },
    );
  },
);

/** Scores, gradients for the images and a loss, by plans and on the tape. */
async function classifyBoth({ network, input }: NetworkCase, step: number) {
  const classifier = buildClassifier(network, { input, seed: 3 });
  assert(compiledOf(classifier) !== undefined, classifier.notCompiled);
  const batch = drawBatch(classifier, { rows: 3, step });
  const { pixels } = batch.images as { pixels: Float32Array };
  const images = tf.tensor4d(pixels, [3, ...input.shape]);
  const weights = tf.randomUniform([3, input.classes], -1, 1, "float32", 7);
  const find = async (classify: Classify) => {
    const facts = tf.tidy(() => {
      const { grad } = tf.valueAndGrad((x) =>
        tf.sum(tf.mul(tf.square(classify(x as tf.Tensor4D)), weights))
      )(images);
      return { scores: classify(images), gradient: grad };
    });
    const scores = await facts.scores.data() as Float32Array;
    const gradient = await facts.gradient.data() as Float32Array;
    tf.dispose(facts);
    return { scores, gradient };
  };
  const compiled = await find(classifier.classify);
  const tape = await find((x) => classifier.logits(x));
  tf.dispose([images, weights]);
  classifier.dispose();
  return { compiled, tape };
}

planTest(
  "scores and their gradients for the images are those of the tape",
  async ({ assertSame, share }) => {
    await fc.assert(
      fc.asyncProperty(exactNetworks, fc.nat(100), async (net, step) => {
        const { compiled, tape } = await classifyBoth(net, step);
        assertSame(compiled.scores, tape.scores, "scores");
        assertSame(compiled.gradient, tape.gradient, "gradient");
      }),
      { numRuns: Math.ceil(40 * share), seed: 15 },
    );
  },
);

planTest(
  "networks of all layers compute what the tape does, to 1e-3 of the largest",
  async ({ share }) => {
    await fc.assert(
      fc.asyncProperty(anyNetworks, fc.nat(100), async (net, step) => {
        const { compiled, tape } = await classifyBoth(net, step);
        assertClose(compiled.scores, tape.scores, "scores");
        assertClose(compiled.gradient, tape.gradient, "gradient");
        // One step: errors of several would add up.
        const trained = await trainBoth(net, { spec: sgd, sizes: [6] });
        trained.compiled.forEach((values, i) =>
          assertClose(values, trained.tape[i]!, `${i}`)
        );
      }),
      { numRuns: Math.ceil(80 * share), seed: 15 },
    );
  },
);

/** Normalisation by a small deviation enlarges the rounding of what it is given. */
function assertClose(
  actual: Float32Array,
  expected: Float32Array,
  what: string,
) {
  const largest = expected.reduce((most, v) => Math.max(most, Math.abs(v)), 0);
  const tolerance = 1e-3 * Math.max(largest, 1e-3);
  assertNear(actual, expected, { tolerance, what });
}

planTest(
  "PGD takes the steps of the tape, from the image or a random start in or beyond the ball, above a lowest pixel",
  async ({ assertSame, share }) => {
    await fc.assert(
      fc.asyncProperty(
        exactNetworks,
        fc.record({
          steps: fc.constantFrom(1, 2, 4),
          randomStart: fc.boolean(),
          lowest: fc.constantFrom(0, 0.5),
          noise: fc.constantFrom(undefined, 0.05, 0.3),
        }),
        async ({ network, input }, options) => {
          const classifier = buildClassifier(network, { input, seed: 3 });
          const batch = drawBatch(classifier, { rows: 5, step: 0 });
          const { pixels } = batch.images as { pixels: Float32Array };
          const images = tf.tensor4d(pixels, [5, ...input.shape]);
          const labels = tf.tensor2d(batch.labels, [5, input.classes]);
          const attack = pgd({ epsilon: 0.1, stepSize: 0.03, ...options });
          const find = async (classify: Classify) => {
            const found = attack.perturb(classify, {
              images,
              labels,
              streamOf: (row) => openStream(1, "attack", row),
            });
            const values = await Promise.all([
              found.images.data(),
              found.zeroGradients.data(),
            ]);
            tf.dispose([found.images, found.zeroGradients]);
            return values as Float32Array[];
          };
          const compiled = await find(classifier.classify);
          const tape = await find((x) => classifier.logits(x));
          assertSame(compiled[0]!, tape[0]!, "images");
          assertEquals(compiled[1], tape[1]);
          tf.dispose([images, labels]);
          classifier.dispose();
        },
      ),
      { numRuns: Math.ceil(40 * share), seed: 15 },
    );
  },
);

for (const [name, { network }] of Object.entries(networks)) {
  planTest(
    `adversarial training of ${name} updates as on the tape`,
    async ({ assertSame }) => {
      const steps = pgd({
        epsilon: 8 / 255,
        stepSize: 2 / 255,
        steps: 2,
        randomStart: true,
      });
      const step = nFgsm({ noise: 16 / 255, stepSize: 8 / 255 });
      const input = { shape: [32, 32, 3] as const, classes: 10 };
      for (const [spec, attack] of [[sgd, steps], [adam, step]] as const) {
        const { compiled, tape } = await trainBoth(
          { network, input },
          { spec, sizes: [5, 5, 1], attack },
        );
        compiled.forEach((values, i) => assertSame(values, tape[i]!, `${i}`));
      }
    },
    { isLarge: name === "resnet-20" },
  );
}

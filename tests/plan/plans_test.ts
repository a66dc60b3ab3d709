import { assert, assertEquals } from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import fc from "fast-check";
import { pgd } from "../../src/attacks/pgd.ts";
import type { Classify } from "../../src/plan/classify.ts";
import { openBackend } from "../../src/backend/open_backend.ts";
import { openStream } from "../../src/core/stream.ts";
import {
  buildClassifier,
  type Classifier,
} from "../../src/models/classifier.ts";
import { networks } from "../../src/spec/networks.ts";
import { compiledSteps } from "../../src/train/compiled_steps.ts";
import { drawDropout } from "../../src/train/dropout.ts";
import { buildOptimizer } from "../../src/train/optimizer.ts";
import type { HostBatch, Steps } from "../../src/train/steps.ts";
import { tapeSteps } from "../../src/train/tape_steps.ts";
import type { OptimizerSpec } from "../../src/spec/optimizers.ts";
import { exactNetworks, type NetworkCase } from "./_networks.ts";

/** Backends that have plans, and how far their numbers may be from the tape's. */
const backends = { wasm: 0 } as const;

/** A test of what plans promise on every backend that has them. */
function planTest(
  name: string,
  run: (assertSame: AssertSame) => void | Promise<void>,
): void {
  for (const [backend, tolerance] of Object.entries(backends)) {
    Deno.test(`${backend}: ${name}`, async () => {
      const { settle } = await openBackend(backend as "wasm");
      await run((actual, expected, what) => {
        if (tolerance === 0) assertEquals(actual, expected, what);
        else assertNear(actual, expected, { tolerance, what });
      });
      await settle();
    });
  }
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

/** A batch of random images with random classes. */
function drawBatch(
  { network }: Classifier,
  { rows, step }: { rows: number; step: number },
): HostBatch {
  const { shape, classes } = network.input;
  const stream = openStream(step, "split", "plan test", rows);
  const size = rows * shape.reduce((a, b) => a * b);
  const labels = new Float32Array(rows * classes);
  for (let row = 0; row < rows; row++) {
    labels[row * classes + stream.below(classes)] = 1;
  }
  return {
    images: {
      pixels: Float32Array.from({ length: size }, () => stream.uniform()),
    },
    labels,
    dropout: drawDropout(network, { seed: 1, step, rows }),
    rows,
  };
}

/** Trains two equal classifiers, by plans and on the tape. */
async function trainBoth(
  { network, input }: NetworkCase,
  { spec, sizes, attack }: {
    spec: OptimizerSpec;
    sizes: readonly number[];
    attack?: ReturnType<typeof pgd>;
  },
) {
  const run = async (
    open: (
      classifier: Classifier,
      optimizer: ReturnType<typeof buildOptimizer>,
    ) => Steps,
  ) => {
    const classifier = buildClassifier(network, { input, seed: 3 });
    const optimizer = buildOptimizer(spec, classifier.weights);
    const steps = open(classifier, optimizer);
    steps.beginEpoch(sizes.length);
    for (const [step, rows] of sizes.entries()) {
      steps.load(drawBatch(classifier, { rows, step }));
      if (attack !== undefined) {
        steps.attack(attack, (row) => openStream(step, "attack", row));
      }
      // The rate changes, as schedules have it.
      steps.update(spec.learningRate / (step + 1));
    }
    const losses = await steps.readLosses();
    const weights = await Promise.all(
      classifier.parameters.map((variable) => variable.data()),
    );
    steps.dispose();
    optimizer.dispose();
    classifier.dispose();
    return [losses, ...weights] as Float32Array[];
  };
  const compiled = await run((classifier, optimizer) => {
    const { compiled, notCompiled } = classifier;
    assert(compiled !== undefined, `${notCompiled} is not compiled`);
    return compiledSteps({ classifier, optimizer, compiled });
  });
  const tape = await run((classifier, optimizer) =>
    tapeSteps({ classifier, optimizer })
  );
  return { compiled, tape };
}

planTest(
  "training steps of any network update as on the tape",
  async (assertSame) => {
    await fc.assert(
      fc.asyncProperty(
        exactNetworks,
        fc.constantFrom(sgd, adam),
        async (net, spec) => {
          const { compiled, tape } = await trainBoth(net, {
            spec,
            sizes: [4, 4, 3],
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
      { numRuns: 60, seed: 15 },
    );
  },
);

planTest(
  "scores and their gradients for the images are those of the tape",
  async (assertSame) => {
    await fc.assert(
      fc.asyncProperty(
        exactNetworks,
        fc.nat(100),
        async ({ network, input }, step) => {
          const classifier = buildClassifier(network, { input, seed: 3 });
          const batch = drawBatch(classifier, { rows: 3, step });
          const images = tf.tensor4d(
            (batch.images as { pixels: Float32Array }).pixels,
            [3, ...input.shape],
          );
          const weights = tf.randomUniform(
            [3, input.classes],
            -1,
            1,
            "float32",
            7,
          );
          const facts = (classify: Classify) =>
            tf.tidy(() => {
              const { value, grad } = tf.valueAndGrad((x) =>
                tf.sum(tf.mul(tf.square(classify(x as tf.Tensor4D)), weights))
              )(images);
              return [classify(images), grad, value];
            });
          const compiled = facts(classifier.classify);
          const tape = facts((x) => classifier.logits(x));
          for (const [i, what] of ["scores", "gradient"].entries()) {
            assertSame(
              await compiled[i]!.data() as Float32Array,
              await tape[i]!.data() as Float32Array,
              what,
            );
          }
          tf.dispose([compiled, tape, images, weights]);
          classifier.dispose();
        },
      ),
      { numRuns: 40, seed: 15 },
    );
  },
);

planTest(
  "PGD takes the steps of the tape, from the image or a random start, above a lowest pixel",
  async (assertSame) => {
    await fc.assert(
      fc.asyncProperty(
        exactNetworks,
        fc.record({
          steps: fc.constantFrom(1, 2, 4),
          randomStart: fc.boolean(),
          lowest: fc.constantFrom(0, 0.5),
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
      { numRuns: 40, seed: 15 },
    );
  },
);

for (const [name, { network }] of Object.entries(networks)) {
  planTest(
    `adversarial training of ${name} updates as on the tape`,
    async (assertSame) => {
      const attack = pgd({
        epsilon: 8 / 255,
        stepSize: 2 / 255,
        steps: 2,
        randomStart: true,
      });
      const input = { shape: [32, 32, 3] as const, classes: 10 };
      for (const spec of [sgd, adam]) {
        const { compiled, tape } = await trainBoth(
          { network, input },
          { spec, sizes: [5, 5, 1], attack },
        );
        compiled.forEach((values, i) => assertSame(values, tape[i]!, `${i}`));
      }
    },
  );
}

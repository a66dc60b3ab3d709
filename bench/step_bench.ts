/**
 * One training step and one PGD iteration on every backend, by plans and on the
 * tape of TensorFlow.js: at batch 4 against plain JavaScript, and at the published
 * batch of 128 without it.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs";
import type { Classify } from "../src/attacks/attack.ts";
import { pgd } from "../src/attacks/pgd.ts";
import { openStream } from "../src/core/stream.ts";
import { buildClassifier } from "../src/models/classifier.ts";
import {
  type NetworkName,
  networks,
  publishedNames,
} from "../src/spec/networks.ts";
import { compiledSteps } from "../src/train/compiled_steps.ts";
import { drawDropout } from "../src/train/dropout.ts";
import { buildOptimizer } from "../src/train/optimizer.ts";
import { updateWeights } from "../src/train/update_weights.ts";
import { backends, benchOn } from "./_bench.ts";

/** How a step runs. */
const modes = ["compiled", "tape"] as const;
const tapeOnly = ["tape"] as const;

/** Calls before the first that is measured, on the fast backends. */
const WARMUP = 5;

for (const batch of [4, 128]) {
  for (const model of publishedNames) {
    for (const job of ["training step", "PGD iteration"] as const) {
      for (const backend of backends) {
        const isSlow = backend === "cpu";
        for (const mode of isSlow ? tapeOnly : modes) {
          let step: ReturnType<typeof prepare>[typeof job] | undefined;
          benchOn(backend, {
            group: `${job} of ${model}, batch ${batch}`,
            name: mode === "tape" && !isSlow ? `${backend}, tape` : backend,
            baseline: isSlow ||
              (batch === 128 && backend === "wasm" && mode === "compiled"),
            ...(isSlow && { n: 1 }),
            tooSlow: isSlow && batch === 128
              ? "a minute and more a call"
              : undefined,
            async run(clock, { settle }) {
              if (step === undefined) {
                step = prepare(model, { batch, mode })[job];
                for (let i = 0; i < WARMUP && !isSlow; i++) step();
              }
              await settle();
              clock.start();
              step();
              await settle();
              clock.end();
            },
          });
        }
      }
    }
  }
}

/** The two jobs, on random images that are on the backend already. */
function prepare(
  model: NetworkName,
  { batch, mode }: { batch: number; mode: typeof modes[number] },
) {
  const [shape, classes] = [[32, 32, 3] as const, 10];
  const input = { shape, classes };
  const classifier = buildClassifier(networks[model].network, {
    input,
    seed: 0,
  });
  const optimizer = buildOptimizer({
    name: "sgd",
    learningRate: 0.01,
    momentum: 0.9,
    weightDecay: 5e-4,
  }, classifier.weights);
  const stream = openStream(0, "split", "step bench");
  const pixels = Float32Array.from(
    { length: batch * 3072 },
    () => stream.uniform(),
  );
  const oneHot = new Float32Array(batch * classes);
  for (let row = 0; row < batch; row++) {
    oneHot[row * classes + stream.below(classes)] = 1;
  }
  const factors = drawDropout(classifier.network, {
    seed: 0,
    step: 0,
    rows: batch,
  });
  const images = tf.tensor4d(pixels, [batch, ...shape]);
  const labels = tf.tensor2d(oneHot, [batch, classes]);
  const dropout = factors.map(({ shape, values }) =>
    tf.tensor(values, [...shape])
  );
  const steps = mode === "compiled"
    ? compiledSteps({ classifier, optimizer })
    : undefined;
  steps?.load({
    images: { pixels },
    labels: oneHot,
    dropout: factors,
    rows: batch,
  });
  const classify: Classify = mode === "compiled"
    ? classifier.classify
    : (x) => classifier.logits(x);
  const attack = pgd({
    epsilon: 8 / 255,
    stepSize: 2 / 255,
    steps: 1,
    randomStart: false,
  });
  return {
    "training step": () => {
      if (steps !== undefined) {
        steps.beginEpoch(1);
        steps.update(0.01);
        return;
      }
      const parts = { images, labels, dropout };
      updateWeights(classifier, optimizer, parts, 0.01).dispose();
    },
    "PGD iteration": () => {
      const found = attack.perturb(classify, {
        images,
        labels,
        streamOf: () => stream,
      });
      tf.dispose([found.images, found.zeroGradients]);
    },
  };
}

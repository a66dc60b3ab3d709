/**
 * One training step and one PGD iteration on every backend: at batch 4 against
 * plain JavaScript, and at the published batch of 128 without it.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs";
import { pgd } from "../src/attacks/pgd.ts";
import { openStream } from "../src/core/stream.ts";
import { buildClassifier } from "../src/models/classifier.ts";
import {
  type NetworkName,
  networkNames,
  networks,
} from "../src/spec/networks.ts";
import { drawDropout } from "../src/train/dropout.ts";
import { buildOptimizer } from "../src/train/optimizer.ts";
import { updateWeights } from "../src/train/update_weights.ts";
import { backends, benchOn } from "./_bench.ts";

/** Calls before the first that is measured, on the fast backends. */
const WARMUP = 5;

for (const batch of [4, 128]) {
  for (const model of networkNames) {
    for (const job of ["training step", "PGD iteration"] as const) {
      for (const backend of backends) {
        const isSlow = backend === "cpu";
        let step: ReturnType<typeof prepare>[typeof job] | undefined;
        benchOn(backend, {
          group: `${job} of ${model}, batch ${batch}`,
          name: backend,
          baseline: isSlow || (batch === 128 && backend === "wasm"),
          ...(isSlow && { n: 1 }),
          tooSlow: isSlow && batch === 128
            ? "a minute and more a call"
            : undefined,
          async run(clock, { settle }) {
            if (step === undefined) {
              step = prepare(model, batch)[job];
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

/** The two jobs, on random images that are on the backend already. */
function prepare(model: NetworkName, batch: number) {
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
  const images = tf.tensor4d(
    Float32Array.from({ length: batch * 3072 }, () => stream.uniform()),
    [batch, ...shape],
  );
  const labels = tf.tidy(() => {
    const drawn = Int32Array.from({ length: batch }, () => stream.below(10));
    return tf.oneHot(tf.tensor1d(drawn, "int32"), classes)
      .toFloat() as tf.Tensor2D;
  });
  const dropout = drawDropout(classifier.network, {
    seed: 0,
    step: 0,
    rows: batch,
  }).map(({ shape, values }) => tf.tensor(values, [...shape]));
  const attack = pgd({
    epsilon: 8 / 255,
    stepSize: 2 / 255,
    steps: 1,
    randomStart: false,
  });
  return {
    "training step": () => {
      const parts = { images, labels, dropout };
      updateWeights(classifier, optimizer, parts, 0.01).dispose();
    },
    "PGD iteration": () => {
      const found = attack.perturb((x) => classifier.logits(x), {
        images,
        labels,
        streamOf: () => stream,
      });
      tf.dispose([found.images, found.zeroGradients]);
    },
  };
}

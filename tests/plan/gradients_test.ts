import { assert } from "@std/assert";
import fc from "fast-check";
import { openStream } from "../../src/core/stream.ts";
import { openBackend } from "../../src/backend/open_backend.ts";
import { buildClassifier, compiledOf } from "../../src/models/classifier.ts";
import { defineNetwork } from "../../src/spec/network.ts";
import { buildOptimizer } from "../../src/train/optimizer.ts";
import { openSteps } from "../../src/train/steps.ts";
import { tapeSteps } from "../../src/train/tape_steps.ts";
import { drawBatch } from "./_batch.ts";
import { lossOf } from "./_float64_network.ts";
import { anyNetworks, type NetworkCase } from "./_networks.ts";

/** Small, so that it seldom crosses the edge of relu or pooling. */
const STEP = 1e-6;

/** Coordinates that are checked of each parameter. */
const COORDINATES = 4;

const ways = {
  "wasm: plans": { backend: "wasm", open: openSteps },
  "cpu: the tape": { backend: "cpu", open: tapeSteps },
} as const;

/**
 * Pooling after the block leaves out the last row and column, but the block adds
 * its shortcut to them.
 */
const pooledBlock: NetworkCase = {
  network: defineNetwork(
    { type: "conv", filters: 4 },
    { type: "residual", layers: [{ type: "conv", filters: 4 }] },
    { type: "relu" },
    { type: "maxPool" },
    { type: "flatten" },
    { type: "dense" },
  ),
  input: { shape: [9, 7, 3], classes: 2 },
};

for (const [name, { backend, open }] of Object.entries(ways)) {
  Deno.test(`${name} have the gradients of float64 finite differences to 1e-5`, async () => {
    await openBackend(backend);
    await fc.assert(
      fc.asyncProperty(anyNetworks, async ({ network, input }) => {
        const classifier = buildClassifier(network, { input, seed: 3 });
        assert(
          backend === "cpu" || compiledOf(classifier) !== undefined,
          classifier.notCompiled,
        );
        // A step of rate 1 subtracts the gradient.
        const optimizer = buildOptimizer(
          { name: "sgd", learningRate: 1, momentum: 0, weightDecay: 0 },
          classifier.weights,
        );
        const read = () =>
          Promise.all(classifier.parameters.map((p) => p.data()));
        const before = await read();
        const batch = drawBatch(classifier, { rows: 3, step: 1 });
        const steps = open({ classifier, optimizer });
        steps.beginEpoch(1);
        steps.load(batch);
        steps.update(1);
        const after = await read();
        const [loss] = await steps.readLosses();
        steps.dispose();
        optimizer.dispose();
        classifier.dispose();

        const { layers, parameters } = classifier.network;
        const { pixels } = batch.images as { pixels: Float32Array };
        const size = pixels.length / batch.rows;
        const images = {
          rows: Array.from(
            { length: batch.rows },
            (_, i) =>
              Float64Array.from(pixels.subarray(i * size, (i + 1) * size)),
          ),
          shape: input.shape,
        };
        const values = new Map(
          parameters.map((p, i) => [p, Float64Array.from(before[i]!)]),
        );
        const evaluate = () =>
          lossOf(layers, images, batch.labels, {
            valuesOf: (parameter) => values.get(parameter)!,
            dropout: batch.dropout.map(({ values }) => values),
          });
        const expectedLoss = evaluate();
        assert(
          Math.abs(loss! - expectedLoss) < 1e-5 * Math.max(1, expectedLoss),
        );
        const stream = openStream(1, "init", "coordinates");
        for (const [i, parameter] of parameters.entries()) {
          if (!parameter.isTrained) continue;
          const held = values.get(parameter)!;
          for (let n = 0; n < COORDINATES; n++) {
            const at = stream.below(held.length);
            const value = held[at]!;
            const [up, down] = [STEP, -STEP].map((step) => {
              held[at] = value + step;
              return evaluate();
            });
            held[at] = value;
            const expected = (up! - down!) / (2 * STEP);
            const actual = before[i]![at]! - after[i]![at]!;
            assert(
              Math.abs(actual - expected) <
                1e-5 * Math.max(1, Math.abs(expected)),
              `${parameter.name}[${at}]: ${actual}, expected ${expected}`,
            );
          }
        }
      }),
      { numRuns: 40, seed: 15, examples: [[pooledBlock]] },
    );
  });
}

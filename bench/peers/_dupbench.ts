import { openBackend } from "../../src/backend/open_backend.ts";
import { buildClassifier } from "../../src/models/classifier.ts";
import type { BackendName } from "../../src/spec/backends.ts";
import { resolveOptimizer } from "../../src/spec/optimizers.ts";
import { compiledSteps } from "../../src/train/compiled_steps.ts";
import { buildOptimizer } from "../../src/train/optimizer.ts";
import type { OpenPeer } from "./peer.ts";
import { input, sgd } from "./problem.ts";

/** Steps as dupbench trains. */
export function openDupbench(name: BackendName): OpenPeer {
  return async ({ network, batch, pixels, labels }) => {
    const backend = await openBackend(name);
    const classifier = buildClassifier(network, { input, seed: 0 });
    const { learningRate, momentum } = sgd;
    const optimizer = buildOptimizer(
      resolveOptimizer("sgd", { learningRate, momentum, weightDecay: 0 }),
      classifier.weights,
    );
    const steps = compiledSteps({ classifier, optimizer });
    steps.load({ images: { pixels }, labels, dropout: [], rows: batch });
    return {
      async step() {
        steps.beginEpoch(1);
        steps.update(learningRate);
        await backend.settle();
      },
      loss: async () => (await steps.readLosses())[0]!,
    };
  };
}

import { assertAlmostEquals, assertEquals } from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import { openBackend } from "../../src/backend/open_backend.ts";
import { buildOptimizer } from "../../src/train/optimizer.ts";
import type { OptimizerSpec } from "../../src/spec/optimizers.ts";

const gradients = [[0.5, -1], [0.25, 2], [-1.5, 0.125]];

// What PyTorch 1.13 gave: torch.optim.SGD(lr=.1, momentum=.9, weight_decay=.01)
// and torch.optim.Adam(lr=.1, weight_decay=.01) on the weights (1, -2).
const torch: [OptimizerSpec, number[][]][] = [
  [
    { name: "sgd", learningRate: 0.1, momentum: 0.9, weightDecay: 0.01 },
    [
      [0.9490000009536743, -1.8980000019073486],
      [0.8771510124206543, -2.0043020248413086],
      [0.9616097807884216, -2.1104695796966553],
    ],
  ],
  [
    { name: "adam", learningRate: 0.1, weightDecay: 0.01 },
    [
      [0.9000000357627869, -1.899999976158142],
      [0.8065550923347473, -1.93550443649292],
      [0.8403716087341309, -1.965945839881897],
    ],
  ],
];

for (const backend of ["cpu", "wasm"] as const) {
  for (const [spec, expected] of torch) {
    Deno.test(`${backend}: buildOptimizer() ${spec.name} steps as PyTorch's does`, async () => {
      await openBackend(backend);
      const before = tf.memory().numTensors;
      const weight = tf.tidy(() => tf.variable(tf.tensor1d([1, -2])));
      const optimizer = buildOptimizer(spec, [weight]);
      for (const [step, gradient] of gradients.entries()) {
        const tensor = tf.tensor1d(gradient);
        optimizer.update([tensor], spec.learningRate);
        tensor.dispose();
        const values = await weight.data();
        expected[step]!.forEach((want, i) =>
          assertAlmostEquals(values[i]!, want, 1e-6)
        );
      }
      optimizer.dispose();
      weight.dispose();
      assertEquals(tf.memory().numTensors, before);
    });
  }
}

import { assertAlmostEquals, assertEquals } from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import { openBackend } from "../../../src/backend/open_backend.ts";
import { softmaxCrossEntropy } from "../../../src/kernels/ops/softmax_cross_entropy.ts";

const logits = [[1, 2, 3], [-1000, 0, 1000], [0.5, 0.5, 0.5]];
const labels = [2, 0, 1];

for (const backend of ["cpu", "wasm"] as const) {
  Deno.test(`${backend}: softmaxCrossEntropy() is log-sum-exp minus the true logit`, async () => {
    await openBackend(backend);
    const losses = await tf.tidy(() =>
      softmaxCrossEntropy(tf.tensor2d(logits), oneHot())
    ).data();
    // Calculated by hand: log(1 + e^-1 + e^-2), 2000 (exactly, where exp underflows), log 3.
    const expected = [0.40760596444, 2000, 1.09861228867];
    expected.forEach((want, i) =>
      assertAlmostEquals(losses[i]!, want, 1e-6 * Math.max(1, want))
    );
  });

  Deno.test(`${backend}: softmaxCrossEntropy() has the gradient softmax minus label`, async () => {
    await openBackend(backend);
    const before = tf.memory().numTensors;
    const gradient = tf.tidy(() =>
      tf.grad((x) =>
        tf.sum(
          tf.mul(softmaxCrossEntropy(x as tf.Tensor2D, oneHot()), [1, 2, 3]),
        )
      )(tf.tensor2d(logits))
    );
    const values = [...await gradient.data()];
    gradient.dispose();
    assertEquals(tf.memory().numTensors, before);
    const expected = [
      [0.09003057, 0.24472847, 0.66524096 - 1],
      [2 * -1, 0, 2],
      [1, 3 * (1 / 3 - 1), 1],
    ].flat();
    expected.forEach((want, i) => assertAlmostEquals(values[i]!, want, 1e-6));
  });
}

function oneHot(): tf.Tensor2D {
  return tf.oneHot(labels, 3).toFloat() as tf.Tensor2D;
}

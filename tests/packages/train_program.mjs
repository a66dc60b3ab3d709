/**
 * A user's program: trains a small convolutional network with the kernels of
 * the package that is installed next to it, and prints the losses and what the
 * weights are, to the bit.
 */
import * as tf from "@tensorflow/tfjs";
import "@tensorflow/tfjs-backend-wasm";
import { registerTrainingKernels } from "@dupbench/wasm-training";

const STEPS = 12;

/** The same numbers in [-1, 1) on every engine (Park and Miller 1988). */
function draw(shape, seed) {
  let state = seed;
  const values = Float32Array.from(
    { length: tf.util.sizeFromShape(shape) },
    () => {
      state = state * 48271 % 2147483647;
      return state / 2147483647 * 2 - 1;
    },
  );
  return tf.tensor(values, shape);
}

export async function train(options) {
  await registerTrainingKernels(options);
  if (!await tf.setBackend("wasm")) throw new Error("no wasm");
  const weights = [[3, 3, 3, 8], [3, 3, 8, 16], [256, 4]].map((shape, i) =>
    tf.variable(tf.mul(draw(shape, i + 1), 0.3))
  );
  const x = draw([16, 16, 16, 3], 7);
  const y = tf.oneHot(
    tf.tensor1d(Array.from({ length: 16 }, (_, i) => i % 4), "int32"),
    4,
  );
  const loss = () => {
    const [first, second, last] = weights;
    const a = tf.maxPool(tf.relu(tf.conv2d(x, first, 1, "same")), 2, 2, "same");
    const b = tf.maxPool(
      tf.relu(tf.conv2d(a, second, 1, "same")),
      2,
      2,
      "same",
    );
    return tf.losses.softmaxCrossEntropy(
      y,
      tf.matMul(tf.reshape(b, [16, 256]), last),
    );
  };
  const optimizer = tf.train.sgd(0.1);
  const losses = [];
  for (let step = 0; step < STEPS; step++) {
    const cost = optimizer.minimize(loss, true, weights);
    losses.push((await cost.data())[0]);
    cost.dispose();
  }
  // FNV-1a of the bytes of the weights.
  let hash = 0x811c9dc5;
  for (const weight of weights) {
    for (const byte of new Uint8Array((await weight.data()).slice().buffer)) {
      hash = Math.imul(hash ^ byte, 0x01000193) >>> 0;
    }
  }
  return { losses, hash: hash.toString(16).padStart(8, "0") };
}

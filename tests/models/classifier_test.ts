import { assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import { openBackend } from "../../src/backend/open_backend.ts";
import { openStream } from "../../src/core/stream.ts";
import { softmaxCrossEntropy } from "../../src/kernels/ops/softmax_cross_entropy.ts";
import { buildClassifier } from "../../src/models/classifier.ts";
import {
  networks,
  publishedNames,
  publishedNetwork,
} from "../../src/spec/networks.ts";
import { inferNetwork } from "../../src/spec/infer_network.ts";
import { initialValues } from "../../src/models/initial_weights.ts";
import {
  publishedWidths,
  referenceLogits,
  referenceLoss,
} from "./reference_classifier.ts";

const cifar = { shape: [32, 32, 3], classes: 10 } as const;

Deno.test("inferNetwork() counts the parameters of the published models", () => {
  const parameters = publishedNames.map((name) =>
    inferNetwork(networks[name].network, cifar).parameters
      .reduce((sum, { shape }) => sum + shape.reduce((a, b) => a * b), 0)
  );
  // Summed by hand from the layer shapes in the paper's notebooks.
  assertEquals(parameters, [268_650, 1_070_794]);
});

Deno.test("inferNetwork() refuses images too small to be pooled twice", () => {
  assertThrows(
    () =>
      inferNetwork(networks["published-standard"].network, {
        shape: [3, 32, 1],
        classes: 2,
      }),
    RangeError,
    "layer 7 (maxPool) leaves nothing of its input of shape [1, 16, 32]",
  );
});

Deno.test("initialValues() is uniform within PyTorch's bound 1/sqrt(fan_in)", () => {
  const [, , , , fc1] = inferNetwork(
    networks["published-standard"].network,
    cifar,
  ).parameters;
  const values = initialValues(fc1!, 0);
  const bound = 1 / Math.sqrt(2048);
  assertEquals(values.every((v) => Math.abs(v) <= bound), true);
  const squares = values.reduce((sum, v) => sum + v * v, 0) / values.length;
  // A uniform on ±b has variance b²/3; 262,144 draws give it to 0.5 %.
  assertAlmostEquals(squares / (bound ** 2 / 3), 1, 0.005);
});

Deno.test("initialValues() of one layer does not depend on another's width", () => {
  const [narrow, wide] = [4, 8].map((second) =>
    inferNetwork(
      publishedNetwork({ filters: [4, second], hidden: 8, dropout: 0 }),
      cifar,
    ).parameters
  );
  assertEquals(
    initialValues(narrow![0]!, 5),
    initialValues(wide![0]!, 5),
  );
});

for (const name of publishedNames) {
  Deno.test(`wasm: buildClassifier() ${name} has the logits of the float64 reference`, async () => {
    await openBackend("wasm");
    const { classifier, weights, image, images } = example(name);
    const logits = classifier.logits(images);
    const expected = referenceLogits(
      publishedWidths[name],
      cifar,
      weights,
      image,
    );
    const actual = await logits.data();
    expected.forEach((want, i) => assertAlmostEquals(actual[i]!, want, 2e-6));
    tf.dispose([logits, images]);
    classifier.dispose();
  });

  Deno.test(`wasm: buildClassifier() ${name} has the gradients of float64 finite differences`, async () => {
    await openBackend("wasm");
    const { classifier, weights, image, images } = example(name);
    const label = 3;
    const labels = tf.oneHot([label], 10).toFloat() as tf.Tensor2D;
    const lossOf = (x: tf.Tensor4D) =>
      tf.mean(softmaxCrossEntropy(classifier.logits(x), labels)) as tf.Scalar;
    const reference = () =>
      referenceLoss(
        referenceLogits(publishedWidths[name], cifar, weights, image),
        label,
      );
    const { grads } = tf.variableGrads(() => lossOf(images), [
      ...classifier.weights,
    ]);
    const inputGradient = tf.grad((x) => lossOf(x as tf.Tensor4D))(images);
    const parameters: [Float64Array, tf.Tensor][] = [
      ...classifier.weights.map((weight, i): [Float64Array, tf.Tensor] => [
        weights[i]!,
        grads[weight.name]!,
      ]),
      [image, inputGradient],
    ];
    const stream = openStream(1, "split", "finite-differences");
    for (const [values, gradient] of parameters) {
      const actual = Array.from(await gradient.data());
      const norm = Math.sqrt(
        actual.reduce((sum, v) => sum + v * v, 0) / actual.length,
      );
      for (let draw = 0; draw < 4; draw++) {
        const at = stream.below(values.length);
        const expected = difference(values, at, reference);
        // Relative to the gradient's size: 1e-4 allows float32 sums and what
        // is left of a kink between the two points.
        assertAlmostEquals(
          actual[at]!,
          expected,
          1e-4 * Math.max(norm, Math.abs(expected)),
        );
      }
    }
    tf.dispose([inputGradient, images, labels, ...Object.values(grads)]);
    classifier.dispose();
  });
}

function example(name: typeof publishedNames[number]) {
  const { network } = networks[name];
  const classifier = buildClassifier(network, { input: cifar, seed: 2 });
  const weights = inferNetwork(network, cifar).parameters.map((parameter) =>
    Float64Array.from(initialValues(parameter, 2))
  );
  const stream = openStream(3, "split", "image");
  const pixels = Float32Array.from({ length: 3072 }, stream.uniform);
  return {
    classifier,
    weights,
    image: Float64Array.from(pixels),
    images: tf.tensor4d(pixels, [1, 32, 32, 3]),
  };
}

/** Central difference of the loss for one entry. */
function difference(values: Float64Array, at: number, loss: () => number) {
  const step = 1e-6;
  const old = values[at]!;
  values[at] = old + step;
  const above = loss();
  values[at] = old - step;
  const below = loss();
  values[at] = old;
  return (above - below) / (2 * step);
}

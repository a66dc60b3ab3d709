import { assert } from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import { openStream } from "../../../src/core/stream.ts";
import { buildClassifier } from "../../../src/models/classifier.ts";
import { networks, publishedNames } from "../../../src/spec/networks.ts";
import { softmaxCrossEntropy } from "../../../src/kernels/wasm/mod.ts";
import { publishedWidths } from "../../models/reference_classifier.ts";
import { referenceLoss } from "./_reference_classifier.ts";
import { drawValues, relativeError, useWasm } from "./_wasm.ts";

const LABELS = [3, 8];
/** Small enough that hardly any relu or maximum changes sides. */
const STEP = 1e-6;

for (const model of publishedNames) {
  Deno.test(`wasm: gradients of ${model} equal central differences in float64`, async () => {
    await useWasm();
    const classifier = buildClassifier(networks[model].network, {
      input: { shape: [32, 32, 3], classes: 10 },
      seed: 1,
    });
    const pixels = drawValues(2 * 3072, 5).map((v) => (v + 1) / 2);
    const gradients = tf.tidy(() => {
      const x = tf.tensor4d(pixels, [2, 32, 32, 3]);
      const y = tf.cast(tf.oneHot(LABELS, 10), "float32") as tf.Tensor2D;
      const loss = (x: tf.Tensor4D) =>
        tf.mean(softmaxCrossEntropy(classifier.logits(x), y)) as tf.Scalar;
      const { grads } = tf.variableGrads(() => loss(x), [
        ...classifier.weights,
      ]);
      return [
        ...classifier.weights.map((w) => grads[w.name]!.dataSync()),
        tf.grad((x: tf.Tensor) => loss(x as tf.Tensor4D))(x).dataSync(),
      ];
    });
    const operands = [
      ...classifier.weights.map((w) => Float64Array.from(w.dataSync())),
      Float64Array.from(pixels),
    ];
    const lossNow = () =>
      referenceLoss(
        publishedWidths[model],
        operands.slice(0, -1),
        operands.at(-1)!,
        LABELS,
      );
    const stream = openStream(1, "init", "central-differences");
    operands.forEach((operand, k) => {
      const actual: number[] = [];
      const expected: number[] = [];
      // The largest entries of a sample: a weight that feeds a dead unit would
      // compare zero with zero.
      const candidates = Array.from(
        { length: 40 },
        () => stream.below(operand.length),
      ).sort((a, b) =>
        Math.abs(gradients[k]![b]!) - Math.abs(gradients[k]![a]!)
      );
      for (const i of candidates.slice(0, 6)) {
        const value = operand[i]!;
        operand[i] = value + STEP;
        const above = lossNow();
        operand[i] = value - STEP;
        const below = lossNow();
        operand[i] = value;
        expected.push((above - below) / (2 * STEP));
        actual.push(gradients[k]![i]!);
      }
      assert(expected.some((g) => g !== 0));
      assert(relativeError(actual, expected) < 1e-4, `operand ${k}`);
    });
    classifier.dispose();
  });
}

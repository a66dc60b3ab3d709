import { assert, assertEquals } from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import type { BackendName } from "../../src/spec/backends.ts";
import { openBackend } from "../../src/backend/open_backend.ts";
import { openStream } from "../../src/core/stream.ts";
import { softmaxCrossEntropy } from "../../src/kernels/ops/softmax_cross_entropy.ts";
import { buildClassifier } from "../../src/models/classifier.ts";
import {
  type NetworkName,
  networks,
  publishedNames,
} from "../../src/spec/networks.ts";
import { relativeError } from "../kernels/webgpu/_values.ts";
import { webgpuTest } from "../webgpu_available.ts";

// One image that is all white, and one that is half so: cpu is slow.
const batch = 2;
const input = { shape: [32, 32, 3], classes: 10 } as const;

/**
 * Images in eighths, one of them all white and each with a white half, as
 * photographs have saturated areas. There neighbouring activations are equal,
 * so that backends agree only if they break ties of max pooling in the same way.
 */
function drawImages(): Float32Array {
  const stream = openStream(3, "attack", "test images");
  return Float32Array.from({ length: batch * 32 * 32 * 3 }, (_, i) => {
    const value = stream.below(9) / 8;
    const image = Math.floor(i / (32 * 32 * 3));
    const row = Math.floor(i / (32 * 3)) % 32;
    return image === 0 || row < 16 ? 1 : value;
  });
}

/** Losses of the rows, and gradients of their mean. */
async function differentiate(name: BackendName, model: NetworkName) {
  const backend = await openBackend(name);
  const classifier = buildClassifier(networks[model].network, {
    input: { ...input, shape: [...input.shape] },
    seed: 0,
  });
  const results = tf.tidy(() => {
    const images = tf.tensor4d(drawImages(), [batch, 32, 32, 3]);
    const classes = Array.from({ length: batch }, (_, i) => i);
    const labels = tf.oneHot(tf.tensor1d(classes, "int32"), 10) as tf.Tensor2D;
    const losses = (x: tf.Tensor) =>
      softmaxCrossEntropy(
        classifier.logits(x as tf.Tensor4D),
        tf.cast(labels, "float32"),
      );
    const { grads } = tf.variableGrads(
      () => tf.mean(losses(images)),
      [...classifier.weights],
    );
    return {
      losses: losses(images),
      inputGradient: tf.grad((x) => tf.mean(losses(x)))(images),
      ...Object.fromEntries(
        classifier.weights.map((
          weight,
          i,
        ) => [`weight ${i}`, grads[weight.name]!]),
      ),
    } as Record<string, tf.Tensor>;
  });
  const values: Record<string, Float32Array> = {};
  for (const [key, tensor] of Object.entries(results)) {
    values[key] = await tensor.data() as Float32Array;
  }
  tf.dispose(results);
  classifier.dispose();
  await backend.settle();
  return values;
}

const references = new Map<NetworkName, ReturnType<typeof differentiate>>();

async function checkAgreement(name: BackendName) {
  for (const model of publishedNames) {
    if (!references.has(model)) {
      references.set(model, differentiate("cpu", model));
    }
    const expected = await references.get(model)!;
    const actual = await differentiate(name, model);
    assertEquals(Object.keys(actual), Object.keys(expected));
    for (const [key, values] of Object.entries(expected)) {
      const error = relativeError(actual[key]!, values);
      assert(error < 1e-4, `${model}, ${key}: ${error}`);
    }
  }
}

Deno.test("wasm: losses and gradients of both models agree with cpu within 1e-4", () =>
  checkAgreement("wasm"));

webgpuTest(
  "losses and gradients of both models agree with cpu within 1e-4",
  () => checkAgreement("webgpu"),
);

webgpuTest(
  "losses and gradients of both models have the same bits every time",
  async () => {
    for (const model of publishedNames) {
      const first = await differentiate("webgpu", model);
      assertEquals(await differentiate("webgpu", model), first);
    }
  },
);

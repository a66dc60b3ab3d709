import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import {
  type ApgdOptions,
  checkpoints,
  searchApgd,
} from "../../src/attacks/apgd_search.ts";
import { pgd } from "../../src/attacks/pgd.ts";
import type { BackendName } from "../../src/spec/backends.ts";
import { openBackend } from "../../src/backend/open_backend.ts";
import { openStream } from "../../src/core/stream.ts";
import { softmaxCrossEntropy } from "../../src/kernels/ops/softmax_cross_entropy.ts";
import { webgpuTest } from "../webgpu_available.ts";
import { referenceApgd } from "./_apgd_reference.ts";
import { bowl, worstOfBowl } from "./_bowl.ts";
import { attacked, batchOf } from "./_linear.ts";

/** Images of six pixels, drawn, so that no two numbers are equal by chance. */
const images = Array.from({ length: 60 }, (_, place) => {
  const stream = openStream(1, "init", "image", place);
  return Array.from({ length: 6 }, () => stream.uniform());
});

/** Best points of a run on the bowl, one array per image. */
async function bestPoints(options: ApgdOptions): Promise<number[][]> {
  const batch = batchOf(images, images.map(() => 0));
  const before = tf.memory().numTensors;
  const { fooled, left, zeroGradients } = await searchApgd(
    bowl,
    {
      ...batch,
      targets: batch.labels,
      streams: images.map((_, i) => batch.streamOf(i)),
    },
    softmaxCrossEntropy,
    options,
  );
  const [all] = left;
  assertEquals(fooled, []);
  assertEquals(all!.places, [...images.keys()]);
  const values = [...await all!.images.data()];
  tf.dispose([all!.images, zeroGradients]);
  assertEquals(tf.memory().numTensors, before);
  tf.dispose([batch.images, batch.labels]);
  return images.map((_, i) => values.slice(6 * i, 6 * i + 6));
}

/** The starting point that the authors' code has, from the image's stream. */
function startOf(image: number[], place: number, epsilon: number): number[] {
  const stream = openStream(0, "attack", place);
  const noise = image.map(() => 2 * stream.uniform() - 1);
  const longest = Math.max(...noise.map(Math.abs));
  return image.map((v, i) =>
    Math.min(1, Math.max(0, v + epsilon * noise[i]! / longest))
  );
}

async function checkReference(name: BackendName) {
  await openBackend(name);
  const epsilon = 0.3;
  for (const iterations of [1, 5, 8, 12, 16, 20]) {
    const found = await bestPoints({ epsilon, iterations });
    let compared = 0;
    images.forEach((image, i) => {
      const { best, closest } = referenceApgd({
        image,
        start: startOf(image, i, epsilon),
        epsilon,
        iterations,
        checks: checkpoints(iterations),
      });
      // Where float32 cannot tell two losses apart, paths may diverge.
      if (closest < 2e-6) return;
      compared++;
      found[i]!.forEach((v, at) =>
        // Some tens of roundings of numbers around 1.
        assert(
          Math.abs(v - best[at]!) < 1e-5,
          `${iterations} iterations, image ${i}, pixel ${at}: ${v} is not ${
            best[at]
          }`,
        )
      );
    });
    assert(compared >= 15, `${compared} images at ${iterations} iterations`);
  }
}

Deno.test("wasm: searchApgd() takes the path of algorithm 1 in float64", () =>
  checkReference("wasm"));

webgpuTest(
  "searchApgd() takes the path of algorithm 1 in float64",
  () => checkReference("webgpu"),
);

Deno.test("wasm: searchApgd() converges to a worst image inside the ball, where PGD oscillates", async () => {
  await openBackend("wasm");
  const epsilon = 0.1;
  const distance = (found: number[], image: number[]) =>
    Math.max(
      ...worstOfBowl(image, epsilon).map((v, i) => Math.abs(v - found[i]!)),
    );
  const stepSize = epsilon / 4;
  const circling = await attacked(
    pgd({ epsilon, stepSize, steps: 100, randomStart: true }),
    batchOf(images, images.map(() => 0)),
    bowl,
  );
  let circled = 0;
  (await bestPoints({ epsilon, iterations: 100 })).forEach((found, i) => {
    const apgd = distance(found, images[i]!);
    const plain = distance(circling.slice(6 * i, 6 * i + 6), images[i]!);
    assert(apgd < 0.005, `image ${i}: APGD ends ${apgd} away`);
    circled += Number(plain > 0.01);
  });
  assert(circled > 10, `PGD circles ${circled} of them`);
});

Deno.test("wasm: searchApgd() keeps the last point that was misclassified on the way", async () => {
  await openBackend("wasm");
  // Wrong below a sum of 3, while the loss, apart from that, grows with the sum:
  // the first step leaves for good what is wrong.
  const sumOf = (x: tf.Tensor) => tf.sum(tf.reshape(x, [x.shape[0], 6]), 1);
  const classify = (x: tf.Tensor4D) =>
    tf.tidy(() => {
      const gap = tf.sub(sumOf(x), 3);
      return tf.stack([gap, tf.neg(gap)], 1) as tf.Tensor2D;
    });
  const batch = batchOf([Array(6).fill(0.4), Array(6).fill(0.6)], [0, 0]);
  const { fooled, left, zeroGradients } = await searchApgd(
    classify,
    {
      ...batch,
      targets: batch.labels,
      streams: [0, 1].map((i) => batch.streamOf(i)),
    },
    (logits) => tf.sum(tf.mul(logits, tf.tensor1d([1, 0])), 1),
    { epsilon: 0.15, iterations: 30 },
  );
  assertEquals(fooled.flatMap(({ places }) => places), [0]);
  assertEquals(left.flatMap(({ places }) => places), [1]);
  const [passed, best] = [fooled[0]!.images, left[0]!.images];
  const sum = (values: ArrayLike<number>) =>
    Array.from(values).reduce((a, b) => a + b, 0);
  assert(sum(await passed.data()) < 3, "the starting point");
  // The corner of the ball, once the steps are short enough.
  assertAlmostEquals(sum(await best.data()), 6 * 0.75, 1e-5);
  tf.dispose([passed, best, zeroGradients, batch.images, batch.labels]);
});

Deno.test("wasm: searchApgd() takes slopes below 2^-23 for 0, as in recorded results", async () => {
  await openBackend("wasm");
  const slopes = [1e-3, 1e-7, -1e-7, 1.2e-7, -1.2e-7, 0];
  const classify = (x: tf.Tensor4D) =>
    tf.tidy(() => {
      const pixels = tf.reshape(x, [x.shape[0], 6]);
      const score = tf.sum(tf.mul(pixels, tf.tensor1d(slopes)), 1);
      return tf.stack(
        [tf.add(score, 1), tf.zerosLike(score)],
        1,
      ) as tf.Tensor2D;
    });
  const image = Array(6).fill(0.5);
  const places = [0, 1, 2, 3];
  const batch = batchOf(places.map(() => image), places.map(() => 0));
  const { left, zeroGradients } = await searchApgd(
    classify,
    {
      ...batch,
      targets: batch.labels,
      streams: places.map((i) => batch.streamOf(i)),
    },
    (logits) => tf.sum(tf.mul(logits, tf.tensor1d([1, 0])), 1),
    { epsilon: 0.1, iterations: 1 },
  );
  const best = [...await left[0]!.images.data()];
  tf.dispose([left[0]!.images, zeroGradients, batch.images, batch.labels]);
  const starts = places.flatMap((place) => startOf(image, place, 0.1));
  // A start may be where its slope leads.
  const isMoved = slopes.map((_, at) =>
    places.some((i) => Math.abs(best[6 * i + at]! - starts[6 * i + at]!) > 1e-6)
  );
  assertEquals(isMoved, [true, false, false, true, true, false]);
});

Deno.test("checkpoints() of 100 iterations are the published ones", () => {
  assertEquals(checkpoints(100), [22, 41, 57, 70, 80, 87, 93, 99]);
  // Windows of 2, then 1 (torchattacks' default of 10 iterations).
  assertEquals(checkpoints(10), [2, 3, 4, 5, 6, 7, 8, 9, 10]);
  assertEquals(checkpoints(1), [1]);
});

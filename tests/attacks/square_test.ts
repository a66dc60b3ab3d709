import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import { sideOf, square } from "../../src/attacks/square.ts";
import type { BackendName } from "../../src/spec/backends.ts";
import { openBackend } from "../../src/backend/open_backend.ts";
import { openStream } from "../../src/core/stream.ts";
import { webgpuTest } from "../webgpu_available.ts";
import { attacked, batchOf, closedForm, weights } from "./_linear.ts";

Deno.test("sideOf() follows the published schedule", () => {
  // Share .8 halved after 10, 50, 200, 500, ... queries, on 32x32 pixels.
  const sides = [1, 10, 11, 50, 51, 200, 201, 8001].map((query) =>
    sideOf(query, 32, 32)
  );
  const shares = [0.8, 0.8, 0.4, 0.4, 0.2, 0.2, 0.1, 0.8 / 512];
  assertEquals(
    sides,
    shares.map((p) => Math.max(1, Math.round(Math.sqrt(p * 1024)))),
  );
  assertEquals(sideOf(1, 1, 2), 1);
});

async function reachesClosedForm(name: BackendName) {
  await openBackend(name);
  const before = tf.memory().numTensors;
  // Far enough from the boundary that the search never stops for success.
  const image = [0.5, 0.5, 0.5, 0.5, 0.5, 0.9];
  const values = await attacked(
    square({ epsilon: 0.05, queries: 400 }),
    batchOf([image], [0]),
  );
  const score = (image: number[]) =>
    image.reduce((sum, v, i) => sum + v * weights[i]!, 0);
  assertAlmostEquals(score(values), score(closedForm(image, 0, 0.05)), 1e-5);
  assertEquals(tf.memory().numTensors, before);
}

Deno.test("wasm: square() reaches the closed form on a linear model with enough queries", () =>
  reachesClosedForm("wasm"));

webgpuTest(
  "square() reaches the closed form on a linear model with enough queries",
  () => reachesClosedForm("webgpu"),
);

Deno.test("wasm: square() queries one square of the published side at a time, anywhere in the image", async () => {
  await openBackend("wasm");
  const [rows, height, width, channels] = [3, 6, 5, 2];
  const [grey, epsilon, queries] = [0.5, 0.125, 150];
  const asked: tf.Tensor[] = [];
  // A margin that never falls: every query starts from the first point.
  const constant = (x: tf.Tensor4D) => {
    asked.push(tf.keep(tf.clone(x)));
    return tf.tidy(() => tf.oneHot(Array(rows).fill(0), 2).toFloat());
  };
  const images = tf.fill([rows, height, width, channels], grey) as tf.Tensor4D;
  const labels = tf.tidy(() => tf.oneHot([0, 0, 0], 2).toFloat());
  const found = await square({ epsilon, queries }).perturb(
    constant as (x: tf.Tensor4D) => tf.Tensor2D,
    {
      images,
      labels: labels as tf.Tensor2D,
      streamOf: (i) => openStream(2, "attack", i),
    },
  );
  assertEquals(asked.length, queries);
  const points = await Promise.all(asked.map((x) => x.data()));
  const kept = await found.images.data();
  const at = (image: number, y: number, x: number, c: number) =>
    ((image * height + y) * width + x) * channels + c;
  assertEquals([...kept], [...points[0]!], "nothing better was found");
  for (let image = 0; image < rows; image++) {
    const reached = new Set<string>();
    for (let x = 0; x < width; x++) {
      for (let c = 0; c < channels; c++) {
        const first = kept[at(image, 0, x, c)]!;
        assertEquals(Math.abs(first - grey), epsilon);
        for (let y = 1; y < height; y++) {
          assertEquals(kept[at(image, y, x, c)], first, "vertical stripes");
        }
      }
    }
    for (let query = 1; query < queries; query++) {
      const point = points[query]!;
      const changed: [y: number, x: number][] = [];
      for (let y = 0; y < height; y++) {
        for (let x = 0; x < width; x++) {
          for (let c = 0; c < channels; c++) {
            const value = point[at(image, y, x, c)]!;
            assertEquals(
              Math.abs(value - grey),
              epsilon,
              "a corner of the ball",
            );
            if (value !== kept[at(image, y, x, c)]) changed.push([y, x]);
          }
        }
      }
      const side = sideOf(query, height, width);
      for (const axis of [0, 1] as const) {
        const along = changed.map((place) => place[axis]);
        assert(Math.max(...along) - Math.min(...along) < side || !along.length);
      }
      changed.forEach((place) => reached.add(place.join()));
      for (let c = 0; c < channels; c++) {
        const signs = new Set(
          changed.map(([y, x]) => point[at(image, y, x, c)]! - grey),
        );
        assert(signs.size <= 1, "one sign a channel");
      }
    }
    assertEquals(reached.size, height * width, "the last row and column, too");
  }
  tf.dispose([images, labels, found.images, found.zeroGradients, asked]);
});

import { assert } from "@std/assert";
import { averageShare } from "../../src/train/average.ts";

Deno.test("averageShare() is one minus TensorFlow's decay with the number of updates", () => {
  // min(decay, (1 + n) / (10 + n)), tf.train.ExponentialMovingAverage.
  const decays = [0, 1, 8, 90, 1e6].map((step) => 1 - averageShare(0.99, step));
  const expected = [0.1, 2 / 11, 0.5, 0.91, 0.99];
  decays.forEach((decay, i) =>
    assert(Math.abs(decay - expected[i]!) < 1e-12, `${decay}`)
  );
});

import { assert, assertEquals } from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import { useWasm } from "./_wasm.ts";

/** Distance of two float32 numbers around a value. */
function unitAt(value: number): number {
  const exponent = Math.floor(Math.log2(Math.max(Math.abs(value), 2 ** -126)));
  return 2 ** (exponent - 23);
}

Deno.test("wasm: tanh is within .501 of a unit in the last place, for every size", async () => {
  await useWasm();
  // Every power of two, and steps between, of both signs.
  const values = new Float32Array(
    Array.from({ length: 20_001 }, (_, i) => {
      const size = 2 ** (-149 + (i >> 1) * 160 / 10_000);
      return i % 2 === 0 ? size : -size;
    }),
  );
  const y = tf.tidy(() => tf.tanh(tf.tensor1d(values)).dataSync());
  let most = 0;
  values.forEach((x, i) => {
    const exact = Math.tanh(x);
    most = Math.max(most, Math.abs(y[i]! - exact) / unitAt(exact));
  });
  assert(most < 0.501, `${most} units in the last place`);
});

Deno.test("wasm: tanh of zeros, infinities, NaN and of tensors of any length", async () => {
  await useWasm();
  const special = [0, -0, Infinity, -Infinity, NaN, 1e-45, -1e-45, 88, -200];
  for (let length = 0; length <= special.length; length++) {
    const given = special.slice(0, length);
    const y = tf.tidy(() => tf.tanh(tf.tensor1d(given)).dataSync());
    assertEquals(
      [...y],
      [...new Float32Array(given.map(Math.tanh))],
    );
    assertEquals(
      [...y].map((value) => Object.is(value, -0)),
      given.map((value) => Object.is(value, -0)),
    );
  }
});

// Relu, Relu6 and ClipByValue to the bit, on vectors and on the elements after them.
import { assert } from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import { drawValues, useWasm } from "./_wasm.ts";

/** NaN as x86 makes it has its sign set. */
const negativeNaN = new Float32Array(new Uint32Array([0xffc00000]).buffer)[0]!;

const special = [NaN, negativeNaN, Infinity, -Infinity, 0, -0, 1e-42, -1e-42];

/** x between two bounds as IEEE 754's maximum and minimum say, which Math has. */
const clamp = (x: number, [least, most]: [number, number]) =>
  Math.min(Math.max(x, least), most);

const cases: [string, (x: tf.Tensor) => tf.Tensor, [number, number]][] = [
  ["relu", tf.relu, [0, Infinity]],
  ["relu6", tf.relu6, [0, 6]],
  ...([[-0.5, 0.5], [0, 1], [-1, 0], [0.25, 9]] as [number, number][]).map(
    (bounds): typeof cases[number] => [
      `clipByValue to [${bounds}]`,
      (x) => tf.clipByValue(x, ...bounds),
      bounds,
    ],
  ),
];

for (const [name, compute, bounds] of cases) {
  Deno.test(`wasm: ${name} gives the bits of maximum and minimum, for NaN, infinities and zeros, too`, async () => {
    await useWasm();
    for (const size of [1, 3, 8, 31, 32, 67]) {
      const x = drawValues(size, size).map((value) => 8 * value);
      for (let shift = 0; shift < special.length; shift++) {
        special.forEach((value, i) => x[(i * 5 + shift) % size] = value);
        const y = tf.tidy(() => compute(tf.tensor1d(x)).dataSync());
        x.forEach((value, i) =>
          assert(
            Object.is(y[i], Math.fround(clamp(value, bounds))),
            `size ${size}, x[${i}] = ${value}: ${y[i]}`,
          )
        );
      }
    }
  });
}

// Maximum and Minimum by Math.max and Math.min, which IEEE 754's operations are.
import { assert, assertEquals } from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import { drawValues, useWasm } from "./_wasm.ts";

/** NaN as x86 makes it has its sign set. */
const negativeNaN = new Float32Array(new Uint32Array([0xffc00000]).buffer)[0]!;

const special = [
  NaN,
  1,
  -0,
  negativeNaN,
  0,
  Infinity,
  -1,
  -Infinity,
  Math.fround(1e-42),
  2,
  NaN,
];

const operations = [
  ["maximum", tf.maximum, Math.max],
  ["minimum", tf.minimum, Math.min],
] as const;

/** All pairs of special numbers and some ordinary ones. */
const pairs = [...special, ...drawValues(5, 1)].flatMap((a, _, all) =>
  all.map((b) => [a, b] as const)
);

function assertSame(actual: ArrayLike<number>, expected: number[]): void {
  assertEquals(actual.length, expected.length);
  expected.forEach((value, i) =>
    assert(Object.is(actual[i], value), `${i}: ${actual[i]}, not ${value}`)
  );
}

for (const [name, compute, exact] of operations) {
  Deno.test(`wasm: ${name} keeps NaN of either side, and orders zeros`, async () => {
    await useWasm();
    // Whole vectors, and what is left after them.
    for (const size of [1, 3, 4, 7, pairs.length]) {
      for (let from = 0; from + size <= pairs.length; from += size) {
        const some = pairs.slice(from, from + size);
        const y = tf.tidy(() =>
          compute(
            tf.tensor1d(some.map(([a]) => a)),
            tf.tensor1d(some.map(([, b]) => b)),
          ).dataSync()
        );
        assertSame(y, some.map(([a, b]) => exact(a, b)));
      }
    }
  });

  Deno.test(`wasm: ${name} with a single number on either side`, async () => {
    await useWasm();
    const values = [...special, ...drawValues(20, 2)];
    for (const one of special) {
      const [left, right] = tf.tidy(() => [
        compute(tf.scalar(one), tf.tensor1d(values)).dataSync(),
        compute(tf.tensor1d(values), tf.tensor2d([[one]])).dataSync(),
      ]);
      const expected = values.map((value) => exact(value, one));
      assertSame(left!, expected);
      assertSame(right!, expected);
    }
  });

  Deno.test(`wasm: ${name} of tensors that are broadcast keeps no tensor`, async () => {
    await useWasm();
    const rows = special;
    const columns = [...special].reverse();
    const before = [tf.memory().numTensors, tf.backend().numDataIds()];
    const y = tf.tidy(() => {
      const [a, b] = [tf.tensor2d(rows, [11, 1]), tf.tensor1d(columns)];
      return [compute(a, b), compute(b, a)].map((y) => {
        assertEquals(y.shape, [11, 11]);
        return [...y.dataSync()];
      });
    });
    const expected = rows.flatMap((a) => columns.map((b) => exact(a, b)));
    y.forEach((values) => assertSame(values, expected));
    tf.tidy(() => {
      assertEquals(compute(tf.zeros([0, 3]), tf.ones([3])).shape, [0, 3]);
      assertEquals(compute(tf.zeros([0, 3]), 1).shape, [0, 3]);
      const whole = compute(
        tf.tensor1d([1, 5], "int32"),
        tf.scalar(3, "int32"),
      );
      assertEquals([whole.dtype, ...whole.dataSync()], [
        "int32",
        exact(1, 3),
        exact(5, 3),
      ]);
    });
    assertEquals([tf.memory().numTensors, tf.backend().numDataIds()], before);
  });

  Deno.test(`wasm: gradients of ${name} go to a where both are equal, and to none for NaN`, async () => {
    await useWasm();
    const a = [1, 2, 3, NaN, 5, -0, Infinity];
    const b = [2, 2, 2, 1, NaN, 0, Infinity];
    const dy = [1, 2, 3, 4, 5, 6, 7];
    const toA = (i: number) =>
      name === "maximum" ? a[i]! >= b[i]! : a[i]! <= b[i]!;
    const toB = (i: number) =>
      name === "maximum" ? a[i]! < b[i]! : a[i]! > b[i]!;
    const [da, db] = tf.tidy(() =>
      tf.grads((a, b) => compute(a, b))(
        [tf.tensor1d(a), tf.tensor1d(b)],
        tf.tensor1d(dy),
      ).map((gradient) => [...gradient.dataSync()])
    );
    assertEquals(da, dy.map((value, i) => toA(i) ? value : 0));
    assertEquals(db, dy.map((value, i) => toB(i) ? value : 0));
  });
}

for (
  const [name, compute, ofA, ofB] of [
    [
      "maximum",
      tf.maximum,
      (a: number, b: number) => a >= b ? 1 : 0,
      (a: number, b: number) => a < b ? 1 : 0,
    ],
    [
      "minimum",
      tf.minimum,
      (a: number, b: number) => a <= b ? 1 : 0,
      (a: number, b: number) => a > b ? 1 : 0,
    ],
    [
      "squaredDifference",
      tf.squaredDifference,
      (a: number, b: number) => 2 * (a - b),
      (a: number, b: number) => 2 * (b - a),
    ],
  ] as const
) {
  for (const backend of ["wasm", "cpu"]) {
    Deno.test(`${backend}: gradients of ${name} are summed where it broadcasts`, async () => {
      await useWasm();
      await tf.setBackend(backend);
      const [a, b] = [[1, 4, 2], [2, 3]];
      const dy = [1, 2, 3, 4, 5, 6];
      const [da, db] = tf.tidy(() =>
        tf.grads((a, b) => compute(a, b))(
          [tf.tensor2d(a, [3, 1]), tf.tensor1d(b)],
          tf.tensor2d(dy, [3, 2]),
        ).map((gradient) => [gradient.shape, [...gradient.dataSync()]])
      );
      const sum = (values: number[]) => values.reduce((x, y) => x + y, 0);
      assertEquals(da, [
        [3, 1],
        a.map((v, i) => sum(b.map((w, j) => dy[2 * i + j]! * ofA(v, w)))),
      ]);
      assertEquals(db, [
        [2],
        b.map((w, j) => sum(a.map((v, i) => dy[2 * i + j]! * ofB(v, w)))),
      ]);
      await useWasm();
    });
  }
}

Deno.test("wasm: the activation relu6 of a layer keeps NaN", async () => {
  await useWasm();
  const y = tf.tidy(() => {
    const layer = tf.layers.activation({ activation: "relu6" });
    return [
      ...(layer.apply(tf.tensor2d([[NaN, 7, -1, 2]])) as tf.Tensor).dataSync(),
    ];
  });
  assertEquals(y, [NaN, 6, 0, 2]);
});

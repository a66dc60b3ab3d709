// Complex numbers on the wasm backend, which the official one cannot hold, against
// sums in float64.
import { assert, assertEquals, assertThrows } from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import { drawValues, relativeError, useWasm } from "./_wasm.ts";

/** Complex numbers as real and imaginary parts by turns. */
function drawComplex(shape: number[], seed: number) {
  const size = tf.util.sizeFromShape(shape);
  const [real, imag] = [drawValues(size, seed), drawValues(size, seed + 1)];
  return {
    pairs: Array.from(
      { length: 2 * size },
      (_, i) => (i % 2 === 0 ? real : imag)[i >> 1]!,
    ),
    tensor: () => tf.complex(tf.tensor(real, shape), tf.tensor(imag, shape)),
  };
}

/** The discrete Fourier transform of rows of `n` numbers by its definition. */
function transform(
  pairs: readonly number[],
  n: number,
  sign: 1 | -1,
): number[] {
  const out = new Array<number>(pairs.length).fill(0);
  for (let row = 0; row < pairs.length / 2 / n; row++) {
    for (let k = 0; k < n; k++) {
      const to = 2 * (row * n + k);
      for (let j = 0; j < n; j++) {
        const angle = sign * 2 * Math.PI * ((j * k) % n) / n;
        const at = 2 * (row * n + j);
        const [re, im] = [pairs[at]!, pairs[at + 1]!];
        out[to]! += re * Math.cos(angle) - im * Math.sin(angle);
        out[to + 1]! += re * Math.sin(angle) + im * Math.cos(angle);
      }
      if (sign === 1) {
        out[to]! /= n;
        out[to + 1]! /= n;
      }
    }
  }
  return out;
}

/** The values of a computation; complex ones as parts by turns. */
async function valuesOf(compute: () => tf.Tensor): Promise<number[]> {
  await useWasm();
  const { numTensors, numDataBuffers } = tf.memory();
  const held = [tf.backend(), tf.findBackend("cpu")].map((b) => b.numDataIds());
  const y = tf.tidy(compute);
  const values = [...await y.data()];
  y.dispose();
  assertEquals(tf.memory().numTensors, numTensors);
  assertEquals(tf.memory().numDataBuffers, numDataBuffers);
  assertEquals(
    [tf.backend(), tf.findBackend("cpu")].map((b) => b.numDataIds()),
    held,
  );
  return values;
}

for (const shape of [[1], [2], [8], [3, 5], [2, 3, 16], [2, 12], [1, 100]]) {
  const n = shape.at(-1)!;
  Deno.test(`wasm: fft and ifft of [${shape}] are the transform by its definition`, async () => {
    const { pairs, tensor } = drawComplex(shape, 3);
    for (
      const [run, sign] of [[tf.fft, -1], [tf.ifft, 1]] as const
    ) {
      const actual = await valuesOf(() => run(tensor()));
      assert(relativeError(actual, transform(pairs, n, sign)) < 1e-5);
    }
  });

  Deno.test(`wasm: rfft of [${shape}] is half of the transform, irfft its inverse`, async () => {
    const values = drawValues(tf.util.sizeFromShape(shape), 5);
    const pairs = [...values].flatMap((value) => [value, 0]);
    const whole = transform(pairs, n, -1);
    const half = Math.floor(n / 2) + 1;
    const expected = whole.filter((_, i) => (i >> 1) % n < half);
    const x = () => tf.tensor(values, shape);
    const actual = await valuesOf(() => tf.spectral.rfft(x()));
    assert(relativeError(actual, expected) < 1e-5);
    if (n % 2 === 1 || n < 4) return;
    const back = await valuesOf(() =>
      tf.reshape(tf.spectral.irfft(tf.spectral.rfft(x())), shape)
    );
    assert(relativeError(back, values) < 1e-5);
  });
}

Deno.test("wasm: stft is the transform of windowed frames", async () => {
  const values = drawValues(64, 7);
  const [length, step] = [16, 8];
  const frames = [0, 1, 2, 3, 4, 5, 6].flatMap((frame) => {
    const pairs = Array.from({ length: 2 * length }, (_, i) => {
      const hann = 0.5 - 0.5 * Math.cos(2 * Math.PI * (i >> 1) / length);
      return i % 2 === 0 ? values[frame * step + (i >> 1)]! * hann : 0;
    });
    return transform(pairs, length, -1).slice(0, 2 * (length / 2 + 1));
  });
  const actual = await valuesOf(() =>
    tf.signal.stft(tf.tensor1d(values), length, step)
  );
  assert(relativeError(actual, frames) < 1e-5);
});

Deno.test("wasm: sums, differences, products and absolute values of complex numbers", async () => {
  const [a, b] = [drawComplex([2, 3], 1), drawComplex([3], 4)];
  const pairwise = (
    f: (re: number, im: number, r: number, i: number) => [number, number],
  ) =>
    Array.from({ length: 6 }, (_, at) => {
      const [x, y] = [2 * at, 2 * (at % 3)];
      return f(a.pairs[x]!, a.pairs[x + 1]!, b.pairs[y]!, b.pairs[y + 1]!);
    }).flat();
  const cases = [
    [
      () => tf.add(a.tensor(), b.tensor()),
      pairwise((p, q, r, s) => [p + r, q + s]),
    ],
    [
      () => tf.sub(a.tensor(), b.tensor()),
      pairwise((p, q, r, s) => [p - r, q - s]),
    ],
    [
      () => tf.mul(a.tensor(), b.tensor()),
      pairwise((p, q, r, s) => [p * r - q * s, p * s + q * r]),
    ],
    [
      () => tf.abs(a.tensor()),
      pairwise((p, q) => [Math.hypot(p, q), 0]).filter((_, i) => i % 2 === 0),
    ],
  ] as const;
  for (const [compute, expected] of cases) {
    assert(relativeError(await valuesOf(compute), expected) < 1e-6);
  }
});

Deno.test("wasm: slices, parts, copies and transposes of complex numbers", async () => {
  const { pairs, tensor } = drawComplex([4, 3], 1);
  const pick = (places: number[]) =>
    places.flatMap((place) => [pairs[2 * place]!, pairs[2 * place + 1]!]);
  const cases: [() => tf.Tensor, number[]][] = [
    [() => tf.slice(tensor(), [1, 1], [2, 2]), pick([4, 5, 7, 8])],
    [
      () => tf.split(tensor(), [1, 3], 0)[1]!,
      pick([3, 4, 5, 6, 7, 8, 9, 10, 11]),
    ],
    [() => tf.unstack(tensor(), 1)[2]!, pick([2, 5, 8, 11])],
    [
      () => tf.concat([tf.slice(tensor(), 0, 1), tf.slice(tensor(), 3, 1)]),
      pick([0, 1, 2, 9, 10, 11]),
    ],
    [() => tf.tile(tf.slice(tensor(), 0, 1), [2, 1]), pick([0, 1, 2, 0, 1, 2])],
    [
      () => tf.transpose(tensor()),
      pick([0, 3, 6, 9, 1, 4, 7, 10, 2, 5, 8, 11]),
    ],
    [() => tf.reshape(tensor(), [12]), pairs],
    [() => tf.cast(tf.tensor1d([1, -2]), "complex64"), [1, 0, -2, 0]],
  ];
  for (const [compute, expected] of cases) {
    assertEquals(await valuesOf(compute), [...new Float32Array(expected)]);
  }
  assertEquals(
    await valuesOf(() => tf.real(tensor())),
    [...new Float32Array(pairs.filter((_, i) => i % 2 === 0))],
  );
  assertEquals(
    await valuesOf(() => tf.imag(tensor())),
    [...new Float32Array(pairs.filter((_, i) => i % 2 === 1))],
  );
});

Deno.test("wasm: complex numbers have no gradients, as on TensorFlow.js's other backends", async () => {
  const compute = () =>
    tf.grad((x) => tf.sum(tf.abs(tf.spectral.rfft(x))))(tf.ones([8]));
  await useWasm();
  for (const backend of ["cpu", "wasm"]) {
    await tf.setBackend(backend);
    assertThrows(() => tf.tidy(compute), Error);
  }
});

import {
  assert,
  assertAlmostEquals,
  assertEquals,
  assertThrows,
} from "@std/assert";
import { openStream } from "../../src/core/stream.ts";
import { loadCifar10Mini } from "../../src/data/cifar10_mini.ts";
import {
  initialParameters,
  initialValues,
} from "../../src/models/initial_weights.ts";
import { eigen, whiteningFilters } from "../../src/models/whitening.ts";
import { inferNetwork } from "../../src/spec/infer_network.ts";
import { defineNetwork } from "../../src/spec/network.ts";
import type { LayerInput } from "../../src/spec/layers.ts";

const input = { shape: [32, 32, 3], classes: 10 } as const;

Deno.test("eigen() finds the eigenvalues of a matrix whose spectrum is known", () => {
  // The second difference on n points has eigenvalues 2 - 2 cos(k pi / (n + 1)).
  const n = 12;
  const matrix = Array.from({ length: n }, (_, i) =>
    Float64Array.from(
      { length: n },
      (_, j) => i === j ? 2 : Math.abs(i - j) === 1 ? -1 : 0,
    ));
  const { values, vectors } = eigen(matrix);
  values.toSorted().forEach((value, k) =>
    assertAlmostEquals(
      value,
      2 - 2 * Math.cos((k + 1) * Math.PI / (n + 1)),
      1e-12,
    )
  );
  vectors.forEach((vector, k) =>
    matrix.forEach((line, i) =>
      assertAlmostEquals(dot(line, vector), values[k]! * vector[i]!, 1e-12)
    )
  );
});

/** Filters for patches 2x2 of three channels, and the same negated. */
const filters = 24;

/**
 * Means and products of the outputs of the first half of the filters, over all
 * patches that they are made from.
 */
function moments(
  { pixels, rows }: { pixels: Uint8Array; rows: number },
  { weight, bias }: ReturnType<typeof whiteningFilters>,
  scaling: { factor: number; offset: number },
) {
  const means = new Float64Array(12);
  const products = Array.from({ length: 12 }, () => new Float64Array(12));
  let count = 0;
  for (let row = 0; row < rows; row++) {
    for (let y = 0; y + 2 <= 32; y += 3) {
      for (let x = 0; x + 2 <= 32; x += 3) {
        const out = Float64Array.from({ length: 12 }, (_, f) => {
          let sum = bias[f]!;
          for (let i = 0; i < 12; i++) {
            const [dy, dx] = [Math.floor(i / 6), Math.floor(i / 3) % 2];
            const at = ((row * 32 + y + dy) * 32 + x + dx) * 3 + i % 3;
            const pixel = pixels[at]! / 255;
            sum += weight[i * filters + f]! *
              (scaling.factor * pixel + scaling.offset);
          }
          return sum;
        });
        out.forEach((value, a) => {
          means[a]! += value;
          out.forEach((other, b) => products[a]![b]! += value * other);
        });
        count++;
      }
    }
  }
  return {
    means: means.map((sum) => sum / count),
    products: products.map((line) => line.map((sum) => sum / count)),
  };
}

/** Requires that the second half of the filters is the first, negated. */
function requireNegated(weight: Float32Array) {
  weight.forEach((value, at) => {
    const filter = at % filters;
    const other = (filter + 12) % filters;
    assertEquals(value, -weight[at - filter + other]!);
  });
}

for (const scaling of [{ factor: 1, offset: 0 }, { factor: 4, offset: -2 }]) {
  Deno.test(`whiteningFilters() decorrelate patches of pixels times ${scaling.factor} plus ${scaling.offset}`, async () => {
    const { train, shape } = await loadCifar10Mini();
    const made = whiteningFilters(train, {
      shape,
      kernel: 2,
      filters,
      scaling: { name: "whitening", ...scaling },
    });
    // Outputs have mean 0; two of one half have no covariance, and a variance of
    // at most 1.
    const { means, products } = moments(train, made, scaling);
    products.forEach((line, a) => {
      assertAlmostEquals(means[a]!, 0, 1e-4);
      line.forEach((product, b) => {
        if (a !== b) assertAlmostEquals(product, 0, 1e-4);
      });
    });
    // The ridge of 5e-4 is small against the largest eigenvalue of a patch.
    assertAlmostEquals(products[0]![0]!, 1, 0.01);
    requireNegated(made.weight);
  });
}

Deno.test("whiteningFilters() of grey images have a signal in each filter, and no two are the same", async () => {
  const { train, shape } = await loadCifar10Mini();
  // All three channels have the green one, so 8 of 12 eigenvalues are 0.
  const pixels = train.pixels.map((_, i) => train.pixels[i - i % 3 + 1]!);
  const grey = { pixels, rows: train.rows };
  const scaling = { factor: 1, offset: 0 };
  const made = whiteningFilters(grey, {
    shape,
    kernel: 2,
    filters,
    scaling: { name: "whitening", ...scaling },
  });
  const { means, products } = moments(grey, made, scaling);
  products.forEach((line, a) => {
    assertAlmostEquals(means[a]!, 0, 1e-4);
    const variance = line[a]!;
    assert(variance > 0.1 && variance < 1.0001, `filter ${a}: ${variance}`);
    line.forEach((product, b) => {
      const correlation = product / Math.sqrt(variance * products[b]![b]!);
      if (a !== b) assert(Math.abs(correlation) < 0.9, `${a} and ${b}`);
    });
  });
  requireNegated(made.weight);
});

for (const [what, value] of [["black", 0], ["grey", 128]] as const) {
  Deno.test(`whiteningFilters() of images that are all ${what} are finite`, () => {
    const { weight, bias } = whiteningFilters(
      { pixels: new Uint8Array(10 * 32 * 32 * 3).fill(value), rows: 10 },
      {
        shape: [32, 32, 3],
        kernel: 2,
        filters,
        scaling: { name: "whitening", factor: 1, offset: 0 },
      },
    );
    assert([...weight, ...bias].every(Number.isFinite));
  });
}

Deno.test("initialParameters() whitens with training images, and says where there are none", async () => {
  const { train } = await loadCifar10Mini();
  const inferred = inferNetwork(
    defineNetwork(...whitened({ type: "conv", filters: 24 })),
    input,
  );
  const found = new Map(
    initialParameters(inferred, { seed: 1, images: train }),
  );
  const [weight, bias] = inferred.parameters;
  assertEquals(weight!.isTrained, false);
  const expected = whiteningFilters(train, {
    shape: input.shape,
    kernel: 3,
    filters: 24,
    scaling: { name: "whitening", factor: 1, offset: 0 },
  });
  assertEquals(found.get(weight!), expected.weight);
  assertEquals(found.get(bias!), expected.bias);
  assertThrows(
    () => [...initialParameters(inferred, { seed: 1 })],
    RangeError,
    "conv1.weight whitens training images, and there are none",
  );
});

Deno.test("inferNetwork() refuses filters that cannot whiten", () => {
  const infer = (...layers: LayerInput[]) => () =>
    inferNetwork(defineNetwork(...layers), input);
  assertThrows(
    infer(...whitened({ type: "conv", filters: 25 })),
    RangeError,
    "layer 1 (conv) has eigenvectors and the same negated as filters: an even number of at most 54, got 25",
  );
  assertThrows(
    infer({ type: "relu" }, ...whitened({ type: "conv", filters: 24 })),
    RangeError,
    'layer 2 (conv) whitens images, so only layers "scale" may come before it',
  );
});

Deno.test("initialValues() of identity filters hand on each channel, and draw the others", () => {
  const network = (initial?: "identity") =>
    inferNetwork(
      defineNetwork(
        { type: "conv", filters: 5, ...(initial && { initial }) },
        { type: "globalAvgPool" },
        { type: "dense" },
      ),
      input,
    ).parameters[0]!;
  const values = initialValues(network("identity"), 3);
  const drawn = initialValues(network(), 3);
  const stream = openStream(1, "sample");
  const image = Float64Array.from({ length: 27 }, () => stream.uniform());
  for (let filter = 0; filter < 5; filter++) {
    const weights = (of: Float32Array) =>
      Float64Array.from({ length: 27 }, (_, i) => of[i * 5 + filter]!);
    if (filter < 3) {
      // Of a patch 3x3, the channel of the pixel in the middle.
      assertEquals(dot(weights(values), image), image[12 + filter]);
    } else {
      assertEquals(weights(values), weights(drawn));
    }
  }
});

function whitened(conv: LayerInput & { type: "conv" }): LayerInput[] {
  return [
    { ...conv, initial: "whitening", frozen: true },
    { type: "globalAvgPool" },
    { type: "dense" },
  ];
}

function dot(a: Float64Array, b: Float64Array): number {
  return a.reduce((sum, value, i) => sum + value * b[i]!, 0);
}

import {
  assert,
  assertEquals,
  assertLess,
  assertLessOrEqual,
} from "@std/assert";
import { openStream } from "../../src/core/stream.ts";
import { loadCifar10Mini } from "../../src/data/cifar10_mini.ts";
import { pickRows } from "../../src/data/pick_rows.ts";
import { explainMatch } from "../../src/detection/explain_match.ts";
import { differenceImage } from "../../src/detection/difference_image.ts";
import { findFeaturePairs } from "../../src/detection/search/feature_pairs.ts";
import { indexFeatures } from "../../src/detection/search/feature_index.ts";
import {
  baseWindow,
  featureCount,
  openWindowFeatures,
  windows,
} from "../../src/detection/search/window_features.ts";
import { toWorkingImages } from "../../src/detection/search/working_images.ts";
import {
  foundAmongFirst,
  searchDuplicates,
} from "../../src/detection/search_duplicates.ts";
import { shape, size } from "./_images.ts";

const { train } = await loadCifar10Mini();
const originals = pickRows(
  train,
  Uint32Array.from({ length: 900 }, (_, row) => row),
);

/** Part of an image, sampled bilinearly, maybe mirrored and of other contrast. */
function part(
  row: number,
  { top, left, height, width, mirrored = false, gain = 1 }: {
    top: number;
    left: number;
    height: number;
    width: number;
    mirrored?: boolean;
    gain?: number;
  },
): Uint8Array {
  const pixels = originals.pixels.subarray(row * size, (row + 1) * size);
  const out = new Uint8Array(size);
  for (let i = 0; i < size; i++) {
    const c = i % 3;
    const x = Math.floor(i / 3) % 32;
    const y = Math.floor(i / 96);
    const fromY = Math.max(
      0,
      Math.min(31, top + (y + 0.5) * height / 32 - 0.5),
    );
    const at = mirrored ? 31 - x : x;
    const fromX = Math.max(
      0,
      Math.min(31, left + (at + 0.5) * width / 32 - 0.5),
    );
    const [y0, x0] = [Math.floor(fromY), Math.floor(fromX)];
    const [v, u] = [fromY - y0, fromX - x0];
    const value = (row: number, column: number) =>
      pixels[(Math.min(31, row) * 32 + Math.min(31, column)) * 3 + c]!;
    const mixed = (1 - v) * ((1 - u) * value(y0, x0) + u * value(y0, x0 + 1)) +
      v * ((1 - u) * value(y0 + 1, x0) + u * value(y0 + 1, x0 + 1));
    out[i] = Math.round(128 + gain * (mixed - 128));
  }
  return out;
}

const PLANTED = 60;

/** Parts of the first images, planted in the test split. */
const parts = Array.from({ length: PLANTED }, (_, i) => {
  const stream = openStream(2, "shuffle", "parts", i);
  const height = 32 * (0.75 + 0.15 * stream.uniform());
  const width = i % 3 === 0 ? 32 * 0.85 : height;
  return {
    top: (32 - height) * stream.uniform(),
    left: (32 - width) * stream.uniform(),
    height,
    width,
    mirrored: i % 2 === 1,
    gain: i % 4 < 2 ? 1 : 0.6,
  };
});
const planted = {
  shape,
  classNames: ["one"],
  name: "planted",
  train: originals,
  test: {
    pixels: Uint8Array.from(parts.flatMap((how, i) => [...part(10 * i, how)])),
    labels: new Uint8Array(PLANTED),
    rows: PLANTED,
  },
};
const found = await searchDuplicates(planted, {
  search: "features",
  mirrored: true,
});

Deno.test("searchDuplicates() by features finds parts, mirrored and of other contrast, and where they are", async () => {
  let right = 0;
  for (const [i, how] of parts.entries()) {
    const [reference, other] = [10 * i, originals.rows + i];
    const pair = found.near.find((pair) =>
      pair.first === reference && pair.second === other
    );
    if (pair === undefined) continue;
    right++;
    if (pair.alignment === undefined) continue;
    const { reason, difference, change } = await explainMatch(planted, found, {
      reference,
      other,
      files: undefined,
      mirrored: true,
    });
    assertEquals([reason, change!.mirrored], ["near", how.mirrored]);
    assertEquals(difference, pair.difference);
    const { height, width } = change!.enlarged!;
    assertLess(Math.abs(height * how.height / 32 - 1), 0.03, `${i}`);
    assertLess(Math.abs(width * how.width / 32 - 1), 0.03, `${i}`);
    // The middle of the original is so far below the middle of the part.
    const down = (16 - how.top) * 32 / how.height - 16;
    const across = (16 - how.left) * 32 / how.width - 16;
    assertLess(Math.abs(change!.down - down), 1.1, `${i}`);
    // Both ways of mirroring leave the middle on the same column from its edge.
    assertLess(Math.abs(change!.right - across), 1.1, `${i}`);
    assertLess(Math.abs(change!.gain - how.gain), 0.1, `${i}`);
    const unlike = differenceImage(found, shape, {
      reference,
      other,
      mirrored: true,
      amplification: 1,
    });
    const mean = unlike.reduce((sum, v) => sum + Math.abs(v - 128), 0) / size;
    if (how.gain === 1) assertLess(mean, 8, `${i}`);
  }
  assertLessOrEqual(55, right);
});

Deno.test("searchDuplicates() by features pairs no two different photographs of the mini set", () => {
  const sourceOf = (row: number) =>
    row < originals.rows ? row : 10 * (row - originals.rows);
  const others = found.near.filter(({ first, second }) =>
    sourceOf(first) !== sourceOf(second)
  ).map(({ first, second }) => `${sourceOf(first)} ${sourceOf(second)}`);
  // Seen to be one photograph each; hashes find the second.
  assertEquals([...new Set(others)], ["93 729", "222 898"]);
});

Deno.test("searchDuplicates() by features finds all that hashes do, and does not depend on what follows", async () => {
  const byHashes = await searchDuplicates(planted, { mirrored: true });
  const names = new Set(
    found.near.map(({ first, second }) => `${first} ${second}`),
  );
  for (const { first, second } of byHashes.near) {
    assert(names.has(`${first} ${second}`));
  }
  const among = foundAmongFirst(found, originals.rows, { near: true });
  const alone = await searchDuplicates(
    {
      ...planted,
      test: { ...planted.test, pixels: new Uint8Array(), rows: 0 },
    },
    { search: "features", mirrored: true },
  );
  const namesOf = (pairs: readonly { first: number; second: number }[]) =>
    pairs.map(({ first, second }) => `${first} ${second}`);
  assertEquals(namesOf(among.near), namesOf(alone.near));
});

Deno.test("findFeaturePairs() takes images of any size and of one grey", async () => {
  const [height, width] = [40, 57];
  const stream = openStream(3, "shuffle", "sizes");
  const waves = Array.from(
    { length: 4 },
    () =>
      Array.from({ length: 6 }, () => [
        3 * stream.uniform() - 1.5,
        3 * stream.uniform() - 1.5,
        6 * stream.uniform(),
      ]),
  );
  const draw = (i: number, zoom: number) =>
    Uint8Array.from({ length: height * width }, (_, at) => {
      const [y, x] = [Math.floor(at / width) / height, at % width / width];
      const sum = waves[i]!.reduce(
        (sum, [v, h, phase]) =>
          sum + Math.sin(6 * (v! * y + h! * x) * zoom + phase!),
        0,
      );
      return 128 + 20 * sum;
    });
  const images = [
    ...waves.map((_, i) => draw(i, 1)),
    draw(2, 0.85),
    new Uint8Array(height * width).fill(9),
    new Uint8Array(height * width).fill(200),
  ];
  const pairs = await findFeaturePairs({
    pixels: Uint8Array.from(images.flatMap((image) => [...image])),
    rows: images.length,
  }, [height, width, 1]);
  assertEquals(pairs.map(({ first, second }) => [first, second]), [[2, 4]]);
  assertEquals(
    await findFeaturePairs({ pixels: new Uint8Array(), rows: 0 }, [32, 32, 3]),
    [],
  );
});

Deno.test("toWorkingImages() keeps the mean of an image of any size", () => {
  const pixels = originals.pixels.subarray(0, size);
  // The same bytes as an image of 48 x 64 and one channel.
  const { grey } = toWorkingImages({ pixels, rows: 1 }, [48, 64, 1]);
  const mean = (values: Uint8Array) =>
    values.reduce((sum, v) => sum + v, 0) / values.length;
  assertLess(Math.abs(mean(grey) - mean(pixels)), 0.5);
  // Cells of 1.5 x 2 pixels: the first has two whole ones and two halves.
  const expected = (pixels[0]! + pixels[1]! +
    (pixels[64]! + pixels[65]!) / 2) / 3;
  assertEquals(grey[0], Math.round(expected));
});

Deno.test("openWindowFeatures() gives the cosine transform of a window's means, and of its mirror image", () => {
  const images = toWorkingImages({
    pixels: originals.pixels.subarray(0, 20 * size),
    rows: 20,
  }, shape);
  const features = openWindowFeatures(images);
  const mirror = images.grey.map((_, i, all) => all[i - i % 32 + 31 - i % 32]!);
  const mirrored = openWindowFeatures({ ...images, grey: mirror });
  const a = new Float32Array(featureCount);
  const b = new Float32Array(featureCount);
  for (const [index, window] of windows.entries()) {
    // The window as far from the other edge.
    const opposite = windows.findIndex(({ top, left, side }) =>
      top === window.top && side === window.side &&
      Math.abs(left - (1 - window.left - side)) < 1e-9
    );
    features.write(3, { index, mirrored: true }, a, 0);
    mirrored.write(3, { index: opposite, mirrored: false }, b, 0);
    a.forEach((value, i) => assertLess(Math.abs(value - b[i]!), 1e-5));
  }
  // By definition, but for the spread and the norm: ratios over two images.
  const direct = (row: number, v: number, h: number) => {
    const { top, left, side } = baseWindow;
    let sum = 0;
    for (let y = 0; y < 32; y++) {
      for (let x = 0; x < 32; x++) {
        for (let cy = 0; cy < 8; cy++) {
          const tall = overlap(y, 32 * (top + side * cy / 8), 32 * side / 8);
          if (tall === 0) continue;
          for (let cx = 0; cx < 8; cx++) {
            const wide = overlap(x, 32 * (left + side * cx / 8), 32 * side / 8);
            sum += images.grey[row * 1024 + 32 * y + x]! * tall * wide *
              Math.cos(Math.PI * v * (cy + 0.5) / 8) *
              Math.cos(Math.PI * h * (cx + 0.5) / 8);
          }
        }
      }
    }
    return sum;
  };
  const ratios: number[] = [];
  for (const row of [0, 5, 9]) {
    features.writeBase(row, a, 0);
    // The first two features are of frequencies (0, 1) and (0, 2).
    ratios.push(a[0]! / a[1]! / (direct(row, 0, 1) / direct(row, 0, 2)));
  }
  for (const ratio of ratios) {
    assertLess(Math.abs(ratio / ratios[0]! - 1), 0.02);
  }
});

/** Share of a cell that a pixel covers along a line. */
function overlap(pixel: number, from: number, length: number): number {
  return Math.max(
    0,
    Math.min(pixel + 1, from + length) - Math.max(pixel, from),
  ) /
    length;
}

Deno.test("indexFeatures() finds most vectors that a comparison with all does, and no others", () => {
  const [rows, dimensions] = [3000, 12];
  const stream = openStream(5, "shuffle", "vectors");
  const vectors = new Float32Array(rows * dimensions);
  for (let row = 0; row < rows; row++) {
    const vector = Array.from(
      { length: dimensions },
      () => stream.uniform() - 0.5,
    );
    const norm = Math.hypot(...vector);
    vectors.set(vector.map((value) => value / norm), row * dimensions);
  }
  const isIndexed = new Uint8Array(rows).fill(1);
  isIndexed[7] = 0;
  const index = indexFeatures(vectors, dimensions, isIndexed);
  let [all, hits] = [0, 0];
  for (let row = 0; row < 200; row++) {
    const query = vectors.subarray(row * dimensions, (row + 1) * dimensions);
    const near = new Map<number, number>();
    index.forEachNear(query, 0.8, (other, cosine) => near.set(other, cosine));
    assert(!near.has(7));
    for (let other = 0; other < rows; other++) {
      if (other === 7) continue;
      let cosine = 0;
      for (let k = 0; k < dimensions; k++) {
        cosine += query[k]! * vectors[other * dimensions + k]!;
      }
      if (cosine < 0.8 - 1e-6) assert(!near.has(other));
      if (cosine < 0.8 + 1e-6) continue;
      all++;
      if (near.has(other)) hits++;
    }
  }
  assertLess(200, all);
  assertLess(0.8, hits / all);
});

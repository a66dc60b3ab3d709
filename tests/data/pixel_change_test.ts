import {
  assert,
  assertEquals,
  assertLess,
  assertRejects,
  assertStringIncludes,
} from "@std/assert";
import { UsageError } from "../../src/core/errors.ts";
import { loadCifar10Mini } from "../../src/data/cifar10_mini.ts";
import {
  changeImages,
  changePixels,
  type PixelChange,
} from "../../src/data/pixel_change.ts";
import { reencode } from "./_reencode.ts";

/** One image of 2 x 3 pixels and two channels: 0 to 11. */
const small = Uint8Array.from({ length: 12 }, (_, i) => i);
const shape = [2, 3, 2] as const;
const change = async (to: PixelChange) => [
  ...await changePixels(small, shape, to),
];

Deno.test("changePixels() flip puts the last column first", async () => {
  assertEquals(
    await change({ kind: "flip" }),
    [
      [4, 5, 2, 3, 0, 1],
      [10, 11, 8, 9, 6, 7],
    ].flat(),
  );
});

Deno.test("changePixels() shift fills uncovered pixels from the edge", async () => {
  assertEquals(
    await change({ kind: "shift", down: 1, right: -1 }),
    [
      [2, 3, 4, 5, 4, 5],
      [2, 3, 4, 5, 4, 5],
    ].flat(),
  );
  assertEquals(
    await change({ kind: "shift", down: -1, right: 2 }),
    [
      [6, 7, 6, 7, 6, 7],
      [6, 7, 6, 7, 6, 7],
    ].flat(),
  );
});

Deno.test("changePixels() brightness multiplies, rounds and keeps within bytes", async () => {
  const bytes = Uint8Array.of(0, 1, 10, 100, 199, 255);
  const bright = (percent: number) =>
    changePixels(bytes, [1, 2, 3], { kind: "brightness", percent });
  assertEquals([...await bright(130)], [0, 1, 13, 130, 255, 255]);
  assertEquals([...await bright(75)], [0, 1, 8, 75, 149, 191]);
});

Deno.test("changeImages() changes the given rows and keeps their labels", async () => {
  const pixels = Uint8Array.from({ length: 36 }, (_, i) => i);
  const images = { pixels, labels: Uint8Array.of(5, 6, 7), rows: 3 };
  const changed = await changeImages(images, shape, {
    rows: Uint32Array.of(2, 2),
    changes: [{ kind: "brightness", percent: 100 }, { kind: "flip" }],
  });
  assertEquals(changed.rows, 2);
  assertEquals([...changed.labels], [7, 7]);
  const third = pixels.slice(24);
  assertEquals(changed.pixels.slice(0, 12), third);
  assertEquals(
    changed.pixels.slice(12),
    await changePixels(third, shape, { kind: "flip" }),
  );
});

const ffi = await Deno.permissions.query({ name: "ffi" });
Deno.test({
  name:
    "changePixels() jpeg without --allow-ffi says in one line what it needs",
  ignore: ffi.state === "granted",
  async fn() {
    const { message } = await assertRejects(
      () =>
        changePixels(new Uint8Array(3072), [32, 32, 3], {
          kind: "jpeg",
          quality: 50,
        }),
      UsageError,
    );
    assertStringIncludes(message, "--allow-ffi");
    assertEquals(message.split("\n").length, 1);
  },
});

/** Table K.1 of ITU-T T.81: the quantisation of luminance at quality 50. */
const luminance = [
  [16, 11, 10, 16, 24, 40, 51, 61],
  [12, 12, 14, 19, 26, 58, 60, 55],
  [14, 13, 16, 24, 40, 57, 69, 56],
  [14, 17, 22, 29, 51, 87, 80, 62],
  [18, 22, 37, 56, 68, 109, 103, 77],
  [24, 35, 55, 64, 81, 104, 113, 92],
  [49, 64, 78, 87, 103, 121, 120, 101],
  [72, 92, 95, 98, 112, 100, 103, 99],
].flat();

/**
 * How far the transformed blocks of the luma lie from whole multiples of the
 * table, on average, in parts of its steps: a quarter if they know nothing of
 * it. By the definition of T.81, sec. A.3.3.
 */
function distanceFromTable(pixels: Uint8Array): number {
  const luma = Float64Array.from(
    { length: pixels.length / 3 },
    (_, i) =>
      0.299 * pixels[3 * i]! + 0.587 * pixels[3 * i + 1]! +
      0.114 * pixels[3 * i + 2]! - 128,
  );
  let [sum, count] = [0, 0];
  for (let from = 0; from < luma.length; from += 1024) {
    for (let block = 0; block < 16; block++) {
      const corner = from + (block >> 2) * 256 + (block & 3) * 8;
      for (let v = 0; v < 8; v++) {
        for (let u = 0; u < 8; u++) {
          let value = 0;
          for (let y = 0; y < 8; y++) {
            for (let x = 0; x < 8; x++) {
              value += luma[corner + y * 32 + x]! *
                Math.cos((2 * x + 1) * u * Math.PI / 16) *
                Math.cos((2 * y + 1) * v * Math.PI / 16);
            }
          }
          value *= (u ? 1 : Math.SQRT1_2) * (v ? 1 : Math.SQRT1_2) / 4;
          const steps = value / luminance[v * 8 + u]!;
          // Of coefficients near 0 even an unquantised image has many.
          if (Math.abs(steps) < 0.5) continue;
          sum += Math.abs(steps - Math.round(steps));
          count++;
        }
      }
    }
  }
  return sum / count;
}

Deno.test("changePixels() jpeg quantises by the table of the standard, more at lower quality", async () => {
  const { train } = await loadCifar10Mini();
  const pixels = train.pixels.slice(0, 40 * 3072);
  const [coarse, fine] = [
    await reencode(pixels, 50),
    await reencode(pixels, 95),
  ];
  const error = (other: Uint8Array) =>
    Math.sqrt(
      pixels.reduce((sum, p, i) => sum + (p - other[i]!) ** 2, 0) /
        pixels.length,
    );
  assertEquals([coarse.length, fine.length], [pixels.length, pixels.length]);
  assert(distanceFromTable(pixels) > 0.2);
  assert(distanceFromTable(fine) > 0.2, "quality 95 has a finer table");
  assertLess(distanceFromTable(coarse), 0.05);
  assertLess(error(fine), error(coarse));
  assertLess(error(coarse), 15);
});

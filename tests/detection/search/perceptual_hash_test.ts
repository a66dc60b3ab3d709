import { assert, assertEquals, assertThrows } from "@std/assert";
import { loadCifar10Mini } from "../../../src/data/cifar10_mini.ts";
import { hashImages } from "../../../src/detection/search/perceptual_hash.ts";
import { bitCount } from "../../../src/detection/search/hash_index.ts";
import { listPoses } from "../../../src/detection/search/pose.ts";
import { changed, concat, imagesOf, shape, size } from "../_images.ts";

const { train } = await loadCifar10Mini();
const image = (row: number) =>
  train.pixels.subarray(row * size, (row + 1) * size);

/** The 48 bits of an image in a position. */
function bitsOf(pixels: Uint8Array, position = 12): boolean[] {
  const { low, high } = hashImages(imagesOf(pixels), shape);
  return Array.from(
    { length: 48 },
    (_, i) => ((i < 24 ? low : high)[position]! >>> (i % 24) & 1) === 1,
  );
}

/** The left half of an image and its mirror image, enlarged. */
function symmetric(
  pixels: Uint8Array,
  [height, width]: readonly [number, number],
): Uint8Array {
  const result = new Uint8Array(height * width * 3);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const column = Math.floor(Math.min(x, width - 1 - x) * 32 / width);
      const from = (Math.floor(y * 32 / height) * 32 + column) * 3;
      result.set(pixels.subarray(from, from + 3), (y * width + x) * 3);
    }
  }
  return result;
}

/** Coefficients by the definition of the two-dimensional DCT-II, in floats. */
function coefficients(pixels: Uint8Array, position: number): number[] {
  const [top, left] = [Math.floor(position / 5), position % 5];
  const block = (by: number, bx: number) => {
    let sum = 0;
    for (let y = 0; y < 4; y++) {
      for (let x = 0; x < 4; x++) {
        const at = ((top + 4 * by + y) * 32 + left + 4 * bx + x) * 3;
        sum += 77 * pixels[at]! + 150 * pixels[at + 1]! + 29 * pixels[at + 2]!;
      }
    }
    return sum / 16;
  };
  const found = [];
  for (let j = 0; j < 7; j++) {
    for (let k = 0; k < 7; k++) {
      let sum = 0;
      for (let y = 0; y < 7; y++) {
        for (let x = 0; x < 7; x++) {
          sum += block(y, x) * Math.cos(Math.PI * j * (2 * y + 1) / 14) *
            Math.cos(Math.PI * k * (2 * x + 1) / 14);
        }
      }
      found.push(sum);
    }
  }
  return found.slice(1);
}

Deno.test("hashImages() has the signs of the cosine transform in every position", () => {
  let compared = 0;
  for (let position = 0; position < 25; position++) {
    const bits = bitsOf(image(position), position);
    coefficients(image(position), position).forEach((value, bit) => {
      // Cosines of ten bits may turn the sign of what is all but 0.
      if (Math.abs(value) < 3000) return;
      assertEquals(bits[bit], value > 0);
      compared++;
    });
  }
  assert(compared > 1000, `${compared} of 1200 signs were compared`);
});

Deno.test("hashImages() gives a shifted copy the hash of the other position", async () => {
  for (const [down, right] of [[2, -2], [-1, 0], [1, 2]] as const) {
    const copy = await changed(image(9), { kind: "shift", down, right });
    assertEquals(
      bitsOf(copy, (2 + down) * 5 + 2 + right),
      bitsOf(image(9)),
    );
  }
});

Deno.test("hashImages() does not change with gain and offset", () => {
  const dark = image(10).map((byte) => byte >> 2);
  assertEquals(bitsOf(dark.map((byte) => 3 * byte + 60)), bitsOf(dark));
});

Deno.test("hashImages() takes what is 0 in a symmetric image for 0, at any size and brightness", () => {
  for (const [height, width] of [[64, 64], [57, 64], [25, 48]] as const) {
    for (let row = 0; row < 20; row++) {
      const bright = symmetric(image(row), [height, width]);
      const dark = bright.map((byte) => Math.round(0.8 * byte));
      const [one, other] = [bright, dark].map((pixels) =>
        hashImages({ pixels, rows: 1 }, [height, width, 3])
      );
      // At the centre, where both halves of the window are equal.
      const words = [one!.low[12]!, one!.high[12]!];
      words.forEach((word, i) => {
        for (let bit = 0; bit < 24; bit++) {
          const column = (24 * i + bit + 1) % 7;
          if (column % 2 === 1) assertEquals(word >>> bit & 1, 0);
        }
      });
      let distance = 0;
      for (const word of ["low", "high"] as const) {
        distance += bitCount(one![word][12]! ^ other![word][12]!);
      }
      assert(distance <= 7, `${distance} bits of image ${row}`);
    }
  }
});

Deno.test("hashImages() of one image does not depend on the others", () => {
  const { low, high } = hashImages(
    imagesOf(concat(image(0), image(1), image(2))),
    shape,
  );
  const alone = hashImages(imagesOf(image(1)), shape);
  assertEquals(low.slice(25, 50), alone.low);
  assertEquals(high.slice(25, 50), alone.high);
});

Deno.test("listPoses() inverts the bits that mirroring inverts", async () => {
  const mirror = await changed(image(11), { kind: "flip" });
  const there = hashImages(imagesOf(mirror), shape);
  const here = hashImages(imagesOf(image(11)), shape);
  for (const pose of listPoses(true)) {
    // The window of the mirror image that this pose lays on the centre.
    const position = (2 - pose.down) * 5 + 2 - pose.right;
    const expected = pose.mirrored ? there : here;
    assertEquals(
      [
        here.low[pose.position]! ^ pose.low,
        here.high[pose.position]! ^ pose.high,
      ],
      [expected.low[position], expected.high[position]],
    );
  }
});

Deno.test("hashImages() refuses images with less than a pixel per block", () => {
  const tiny = {
    pixels: new Uint8Array(100),
    labels: new Uint8Array(1),
    rows: 1,
  };
  assertThrows(
    () => hashImages(tiny, [10, 10, 1]),
    RangeError,
    "at least 11 x 11 pixels to be hashed, got 10 x 10",
  );
});

import { assertEquals } from "@std/assert";
import { loadCifar10Mini } from "../../src/data/cifar10_mini.ts";
import { differenceImage } from "../../src/detection/difference_image.ts";
import { changed, concat, imagesOf, shape, size } from "./_images.ts";

const { train } = await loadCifar10Mini();
const image = train.pixels.slice(3 * size, 4 * size);

const differ = (other: Uint8Array) =>
  differenceImage(
    {
      images: imagesOf(concat(image, other)),
      firsts: Uint32Array.of(0, 1),
      near: [],
    },
    shape,
    { reference: 0, other: 1, mirrored: true, amplification: 2 },
  );

Deno.test("differenceImage() is grey where an aligned image is equal, and where only one covers", async () => {
  const grey = new Uint8Array(size).fill(128);
  assertEquals(differ(image), grey);
  assertEquals(differ(await changed(image, { kind: "flip" })), grey);
  const shift = { kind: "shift", down: 2, right: -1 } as const;
  assertEquals(differ(await changed(image, shift)), grey);
});

Deno.test("differenceImage() amplifies each change, which is cut off at black and white", () => {
  const other = image.slice();
  const expected = new Uint8Array(size).fill(128);
  for (const [at, change] of [[0, 5], [100, -9], [2000, 90], [3071, -90]]) {
    const byte = image[at!]! + change!;
    other[at!] = Math.max(0, Math.min(255, byte));
    expected[at!] = Math.max(
      0,
      Math.min(255, 128 + 2 * (other[at!]! - image[at!]!)),
    );
  }
  assertEquals(differ(other), expected);
});

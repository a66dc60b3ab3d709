import { assertAlmostEquals, assertEquals } from "@std/assert";
import { loadCifar10Mini } from "../../../src/data/cifar10_mini.ts";
import { pixelDifference } from "../../../src/detection/search/pixel_difference.ts";
import type { Pose } from "../../../src/detection/search/pose.ts";
import {
  allPoses,
  changed,
  concat,
  fittedDifference,
  imageAt,
  imagesOf,
  overlap,
  shape,
  size,
} from "../_images.ts";

const { train } = await loadCifar10Mini();
const image = (row: number) => imageAt(train, row);
const unmoved: Pose = { down: 0, right: 0, mirrored: false };

/** Of two images, the first moved. */
function differ(a: Uint8Array, b: Uint8Array, pose = unmoved): number {
  const { pixels } = imagesOf(concat(a, b));
  return pixelDifference(pixels, shape, { moved: 0, still: 1, pose });
}

Deno.test("pixelDifference() is the residual of a least-squares fit, in every pose", () => {
  for (const pose of allPoses(true)) {
    const [a, b] = overlap(image(1), image(2), pose);
    assertAlmostEquals(
      differ(image(1), image(2), pose),
      fittedDifference(a, b),
      1e-9,
    );
  }
});

Deno.test("pixelDifference() is 0 for a shifted copy in its pose, and only there", async () => {
  const moved = await changed(image(3), { kind: "shift", down: 2, right: -1 });
  for (const pose of allPoses(true)) {
    const isBack = pose.down === -2 && pose.right === 1 && !pose.mirrored;
    assertEquals(differ(moved, image(3), pose) === 0, isBack);
  }
});

Deno.test("pixelDifference() is 0 for a mirrored copy, mirrored", async () => {
  const mirror = await changed(image(4), { kind: "flip" });
  assertEquals(differ(mirror, image(4), { ...unmoved, mirrored: true }), 0);
});

Deno.test("pixelDifference() ignores a gain and an offset per channel, but not an inverted image", () => {
  const dark = image(5).map((byte) => byte >> 1);
  assertAlmostEquals(differ(dark, dark.map((byte) => 2 * byte)), 0, 1e-6);
  assertAlmostEquals(differ(dark, dark.map((byte) => byte + 100)), 0, 1e-6);
  const tinted = dark.map((byte, i) => byte + 40 * (i % 3));
  assertAlmostEquals(differ(dark, tinted), 0, 1e-6);
  assertEquals(differ(dark, dark.map((byte) => 255 - byte)), 1);
});

Deno.test("pixelDifference() is symmetric", () => {
  assertEquals(differ(image(6), image(7)), differ(image(7), image(6)));
});

Deno.test("pixelDifference() is 0 between plain images, and 1 between a plain image and another", () => {
  const plain = (byte: number) => new Uint8Array(size).fill(byte);
  const blue = new Uint8Array(size).map((_, i) => i % 3 === 2 ? 200 : 90);
  assertEquals(differ(plain(3), plain(200)), 0);
  assertEquals(differ(plain(3), blue), 0);
  assertEquals(differ(plain(3), image(8)), 1);
  assertEquals(differ(image(8), plain(3)), 1);
});

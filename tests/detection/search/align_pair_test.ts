import { assertAlmostEquals, assertEquals } from "@std/assert";
import { loadCifar10Mini } from "../../../src/data/cifar10_mini.ts";
import { alignPair } from "../../../src/detection/search/align_pair.ts";
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

const align = (reference: Uint8Array, other: Uint8Array, mirrored = true) =>
  alignPair(imagesOf(concat(reference, other)), shape, {
    reference: 0,
    other: 1,
    mirrored,
  });

Deno.test("alignPair() finds the pose of least difference of all, by the definition", () => {
  for (const mirrored of [false, true]) {
    const { pose, difference } = align(image(8), image(9), mirrored);
    const differences = allPoses(mirrored).map((pose) =>
      fittedDifference(...overlap(image(9), image(8), pose))
    );
    assertAlmostEquals(difference, Math.min(...differences), 1e-9);
    assertAlmostEquals(
      fittedDifference(...overlap(image(9), image(8), pose)),
      difference,
      1e-9,
    );
  }
});

Deno.test("alignPair() undoes a shift and a mirror image, and leaves equal images where they are", async () => {
  const shifted = await changed(image(3), {
    kind: "shift",
    down: 2,
    right: -1,
  });
  assertEquals(align(image(3), shifted).pose, {
    down: -2,
    right: 1,
    mirrored: false,
  });
  const mirror = await changed(image(4), { kind: "flip" });
  assertEquals(align(image(4), mirror).pose, {
    down: 0,
    right: 0,
    mirrored: true,
  });
  const plain = new Uint8Array(size).fill(90);
  for (const same of [image(5), plain]) {
    assertEquals(align(same, same), {
      pose: { down: 0, right: 0, mirrored: false },
      difference: 0,
      gain: 1,
      brighter: 0,
      tint: 0,
    });
  }
});

Deno.test("alignPair() measures contrast, brightness and tint, from the reference to the other image", () => {
  const dark = image(5).map((byte) => byte >> 1);
  const bright = dark.map((byte) => byte + 40);
  const { gain, brighter } = align(dark, bright);
  assertAlmostEquals(gain, 1, 1e-12);
  assertAlmostEquals(brighter, 40, 1e-9);
  const warm = bright.map((byte, i) => i % 3 === 0 ? byte + 30 : byte);
  // A third of the change is one of brightness.
  assertAlmostEquals(align(dark, warm).brighter, 50, 1e-9);
  assertAlmostEquals(align(dark, warm).tint, 20, 1e-9);
  const double = align(dark, dark.map((byte) => 2 * byte));
  assertAlmostEquals(double.gain, 2, 1e-12);
  assertAlmostEquals(align(image(5), dark).gain, 0.5, 0.01);
});

import {
  assert,
  assertEquals,
  assertLessOrEqual,
  assertRejects,
} from "@std/assert";
import { openStream } from "../../src/core/stream.ts";
import { UsageError } from "../../src/core/errors.ts";
import { decodeImage } from "../../src/data/decode_image.ts";
import { encodePng } from "../../fixtures/encode_png.ts";
import { assertRefused, fixture } from "./_files.ts";

// What Pillow 9.4 decodes the files of fixtures/images.py to.
const oracle: Record<string, number[]> = JSON.parse(
  await Deno.readTextFile(fixture("images/expected.json")),
);
const [width, height] = [9, 7];

function distance(pixels: Uint8Array, expected: number[]): number {
  assertEquals(pixels.length, expected.length);
  return Math.max(...expected.map((byte, at) => Math.abs(byte - pixels[at]!)));
}

for (const [name, expected] of Object.entries(oracle)) {
  const bytes = await Deno.readFile(fixture(`images/${name}`));
  // JPEG leaves the rounding of its transforms to the decoder (ITU T.83).
  const tolerance = name.endsWith(".jpg") ? 2 : 0;

  Deno.test(`decodeImage() decodes ${name} as Pillow does, within ${tolerance}`, async () => {
    const image = await decodeImage(bytes, { path: name });
    assertEquals([image.width, image.height], [width, height]);
    assertLessOrEqual(distance(image.pixels, expected), tolerance);
  });

  Deno.test(`decodeImage() refuses ${name} cut off anywhere, or does not need the rest`, async () => {
    let refused = 0;
    for (let length = 0; length < bytes.length; length += 3) {
      try {
        const image = await decodeImage(bytes.subarray(0, length), {
          path: name,
        });
        assertLessOrEqual(distance(image.pixels, expected), tolerance);
      } catch (error) {
        assert(error instanceof UsageError, String(error));
        assert(!error.message.includes("\n"));
        refused++;
      }
    }
    assert(refused > 0);
  });

  Deno.test(`decodeImage() decodes or refuses ${name} with any bytes changed`, async () => {
    const stream = openStream(1, "shuffle", name);
    for (let trial = 0; trial < 100; trial++) {
      const changed = bytes.slice();
      for (let change = 0; change < 3; change++) {
        changed[stream.below(changed.length)] = stream.below(256);
      }
      try {
        const image = await decodeImage(changed, {
          path: name,
          limitPixels: 2 ** 20,
        });
        assertEquals(image.pixels.length, image.width * image.height * 3);
      } catch (error) {
        assert(error instanceof UsageError, String(error));
      }
    }
  });
}

Deno.test("decodeImage() refuses a JPEG of more scans than any picture needs", async () => {
  const bytes = await Deno.readFile(fixture("images/progressive.jpg"));
  const last = bytes.lastIndexOf(0xda) - 1;
  const scan = bytes.subarray(last, bytes.length - 2);
  const scans = new Uint8Array(last + 5000 * scan.length + 2);
  scans.set(bytes.subarray(0, last));
  for (let i = 0; i < 5000; i++) scans.set(scan, last + i * scan.length);
  scans.set([0xff, 0xd9], scans.length - 2);
  const before =
    bytes.subarray(0, last).filter((byte, at) =>
      byte === 0xff && bytes[at + 1] === 0xda
    ).length;
  await assertRefused(
    () => decodeImage(scans, { path: "scans.jpg" }),
    `"scans.jpg" must have at most 100 scans, as decoding takes time for each, got ${
      5000 + before
    }`,
  );
});

Deno.test("decodeImage() counts no scan in what a JPEG holds besides its image, as a thumbnail or a film after it", async () => {
  const bytes = await Deno.readFile(fixture("images/progressive.jpg"));
  const plain = await decodeImage(bytes, { path: "plain.jpg" });
  // The start of a scan, as any two bytes of a film may be.
  const starts = Array(200).fill([0xff, 0xda]).flat();
  const motion = Uint8Array.from([...bytes, ...starts]);
  const length = starts.length + 2;
  const thumbnail = Uint8Array.from([
    ...bytes.subarray(0, 2),
    ...[0xff, 0xe2, length >> 8, length & 255, ...starts],
    ...bytes.subarray(2),
  ]);
  for (const [path, file] of Object.entries({ motion, thumbnail })) {
    assertEquals(await decodeImage(file, { path }), plain);
  }
});

Deno.test("decodeImage() refuses a file that is not an image", async () => {
  const want =
    "must be a PNG, JPEG, GIF, WebP, AVIF, HEIC, BMP or TIFF image, got";
  await assertRefused(
    () => decodeImage(new TextEncoder().encode("hello, world"), { path: "x" }),
    `"x" ${want} another format or a file that is cut off in its header`,
  );
  await assertRefused(
    () => decodeImage(new Uint8Array(0), { path: "x" }),
    `"x" ${want} an empty file`,
  );
});

for (
  const name of [
    "rgb.png",
    "rgb.jpg",
    "progressive.jpg",
    "still.gif",
    "rgb.tif",
  ]
) {
  Deno.test(`decodeImage() refuses ${name} by its header when over the pixel limit`, async () => {
    const bytes = await Deno.readFile(fixture(`images/${name}`));
    await assertRefused(
      () => decodeImage(bytes, { path: name, limitPixels: 62 }),
      `"${name}" must have 1 to 62 pixels, got 9 x 7`,
    );
    await decodeImage(bytes, { path: name, limitPixels: 63 });
  });
}

Deno.test("decodeImage() decodes photographs of as many pixels as cameras have", async () => {
  // 24 megapixels are usual; one colour, so that the file is small.
  const [width, height] = [6000, 4000];
  const pixels = new Uint8Array(width * height * 3).fill(77);
  const bytes = encodePng({ width, height, pixels });
  const image = await decodeImage(bytes, { path: "photo.png" });
  assertEquals([image.width, image.height], [width, height]);
  assertEquals(image.pixels.length, pixels.length);
  assertEquals(image.pixels.at(-1), 77);
});

Deno.test("decodeImage() checks the size that a PNG declares before it allocates memory", async () => {
  const bytes = await Deno.readFile(fixture("images/rgb.png"));
  new DataView(bytes.buffer).setUint32(16, 0x7fffffff);
  new DataView(bytes.buffer).setUint32(20, 0x7fffffff);
  await assertRefused(
    () => decodeImage(bytes, { path: "bomb.png" }),
    '"bomb.png" must have 1 to 67108864 pixels, got 2147483647 x 2147483647',
  );
});

Deno.test("decodeImage() refuses a GIF whose frame declares more than its screen", async () => {
  const bytes = await Deno.readFile(fixture("images/still.gif"));
  const frame = bytes.indexOf(0x2c, 13 + 3 * 16);
  new DataView(bytes.buffer).setUint16(frame + 5, 65535, true);
  new DataView(bytes.buffer).setUint16(frame + 7, 65535, true);
  await assertRejects(
    () => decodeImage(bytes, { path: "frame.gif" }),
    UsageError,
    "got 65535 x 65535",
  );
});

import { assertEquals } from "@std/assert";
import { zlibSync } from "fflate";
import { crc32 } from "node:zlib";
import { paeth } from "../../src/browser/paeth.ts";
import { decodeImage } from "../../src/data/decode_image.ts";

const [height, width, channels] = [5, 7, 3];
const pixels = Uint8Array.from(
  { length: height * width * channels },
  (_, i) => (i * i * 37 + i * 11) % 256,
);

/** A chunk of a PNG file (W3C PNG, section 5.3). */
function chunk(type: string, data: Uint8Array): number[] {
  const body = [...new TextEncoder().encode(type), ...data];
  const bytes = new Uint8Array(8 + data.length + 4);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, data.length);
  bytes.set(body, 4);
  view.setUint32(8 + data.length, crc32(Uint8Array.from(body)));
  return [...bytes];
}

Deno.test("paeth() filters as PNG does: a decoder of PNG gives the pixels", async () => {
  const filtered = paeth(pixels, [height, width, channels], "filter");
  const line = width * channels;
  const lines = Array.from(
    { length: height },
    (_, y) => [4, ...filtered.subarray(y * line, (y + 1) * line)],
  ).flat();
  const png = Uint8Array.from([
    ...[0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a],
    ...chunk(
      "IHDR",
      Uint8Array.of(0, 0, 0, width, 0, 0, 0, height, 8, 2, 0, 0, 0),
    ),
    ...chunk("IDAT", zlibSync(Uint8Array.from(lines))),
    ...chunk("IEND", new Uint8Array()),
  ]);
  const image = await decodeImage(png, { path: "filtered.png" });
  assertEquals([image.height, image.width], [height, width]);
  assertEquals(image.pixels, pixels);
});

Deno.test("paeth() restores what it filtered, each image on its own", () => {
  const shape = [height, width, channels] as const;
  const two = Uint8Array.from([...pixels, ...pixels.toReversed()]);
  const filtered = paeth(two, shape, "filter");
  assertEquals(paeth(filtered, shape, "restore"), two);
  assertEquals(
    filtered.subarray(0, pixels.length),
    paeth(pixels, shape, "filter"),
  );
});

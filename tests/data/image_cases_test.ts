import { assertEquals, assertLessOrEqual, assertRejects } from "@std/assert";
import { UsageError } from "../../src/core/errors.ts";
import { decodeImage } from "../../src/data/decode_image.ts";
import { fixture } from "./_files.ts";

/** What fixtures/image_cases.py says of its files; `null` is to be refused. */
const cases: Record<
  string,
  { width: number; height: number; rgb: string } | null
> = JSON.parse(Deno.readTextFileSync(fixture("image-cases/expected.json")));

/** JPEG and HEIC leave rounding to the decoder; all else is exact. */
function toleranceOf(name: string): number {
  return /\.(jpg|heic)$|^jpeg/.test(name) ? 2 : 0;
}

const reasons: Readonly<Record<string, string>> = {
  "refused-float-to-255.tif": "floating-point samples must be in [0, 1], got 7",
  "refused-lab.tif": "its colours are neither grey, RGB nor CMYK",
  "refused-signed.tif": "its samples are signed integers",
  "refused-zstd.tif": "ZSTD compression support is not configured",
};

for (const [name, expected] of Object.entries(cases)) {
  const read = async () =>
    await decodeImage(await Deno.readFile(fixture(`image-cases/${name}`)), {
      path: name,
    });
  if (expected === null) {
    Deno.test(`decodeImage() refuses ${name} with the reason`, async () => {
      await assertRejects(read, UsageError, reasons[name]!);
    });
    continue;
  }
  const tolerance = toleranceOf(name);
  Deno.test(`decodeImage() decodes ${name} as another reader does, within ${tolerance}`, async () => {
    const { width, height, pixels } = await read();
    assertEquals([width, height], [expected.width, expected.height]);
    const rgb = Uint8Array.fromBase64(expected.rgb);
    assertEquals(pixels.length, rgb.length);
    const distance = Math.max(...rgb.map((v, i) => Math.abs(v - pixels[i]!)));
    assertLessOrEqual(distance, tolerance);
  });
}

import { assertEquals, assertNotEquals } from "@std/assert";
import { decodeImage } from "../../src/data/decode_image.ts";
import { firstOfEach } from "../../src/detection/search/exact_duplicates.ts";
import { joinImages } from "../../src/data/join_images.ts";
import { fixture } from "./_files.ts";

const pixelsOf = async (name: string) =>
  (await decodeImage(await Deno.readFile(fixture(`images/${name}.png`)), {
    path: name,
  })).pixels;

for (const ink of ["black", "white"]) {
  Deno.test(`decodeImage() tells two ${ink} drawings on a transparent ground apart`, async () => {
    const [rising, falling] = [
      await pixelsOf(`${ink}-rising`),
      await pixelsOf(`${ink}-falling`),
    ];
    assertNotEquals(rising, falling);
    const parts = [rising, falling].map((pixels) => ({
      pixels,
      labels: new Uint8Array(1),
      rows: 1,
    }));
    assertEquals([...firstOfEach(joinImages(parts))], [0, 1]);
  });
}

Deno.test("decodeImage() ignores the colour of pixels that cannot be seen", async () => {
  assertEquals(
    await pixelsOf("black-falling"),
    await pixelsOf("black-falling-on-red"),
  );
});

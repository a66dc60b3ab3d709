import { assert, assertEquals } from "@std/assert";
import { encodePng } from "../../fixtures/encode_png.ts";
import { openStream } from "../../src/core/stream.ts";
import { seenSize } from "../../src/data/folder/choose_size.ts";
import { openImageBytes } from "../../src/data/folder/image_bytes.ts";
import { fixture, inTempDir } from "./_files.ts";

/** A JPEG of 200 kB behind its header, and one of 200 kB before it. */
async function largeJpegs(): Promise<
  { after: Uint8Array; before: Uint8Array }
> {
  const bytes = await Deno.readFile(fixture("images/rgb.jpg"));
  const comment = new Uint8Array(50_002);
  comment.set([0xff, 0xfe, 50_000 >> 8, 50_000 & 255]);
  const join = (...parts: Uint8Array[]) =>
    new Uint8Array(parts.flatMap((part) => [...part]));
  return {
    after: join(bytes, ...Array<Uint8Array>(4).fill(comment)),
    before: join(
      bytes.subarray(0, 2),
      ...Array<Uint8Array>(4).fill(comment),
      bytes.subarray(2),
    ),
  };
}

Deno.test("openImageBytes() reads of a large file what its header takes, and then all of it", () =>
  inTempDir(async (dir) => {
    const { after, before } = await largeJpegs();
    const stream = openStream(1, "shuffle", "noise");
    const pixels = new Uint8Array(300 * 300 * 3)
      .map(() => 256 * stream.uniform());
    const png = encodePng({ width: 300, height: 300, pixels });
    assert(png.length > 2 ** 17);
    for (
      const [name, bytes] of Object.entries({
        "after.jpg": after,
        "before.jpg": before,
        "large.png": png,
        "small.png": await Deno.readFile(fixture("images/rgb.png")),
      })
    ) {
      const path = `${dir}/${name}`;
      await Deno.writeFile(path, bytes);
      const image = { path, name, label: 0 };
      const files = openImageBytes();
      const header = await files.header(image);
      assertEquals(
        seenSize(header, { upright: true }),
        seenSize(bytes, { upright: true }),
      );
      assertEquals(header.length < bytes.length, name === "after.jpg");
      // What was read whole is not read again.
      if (header.length === bytes.length) await Deno.remove(path);
      assertEquals(await files.whole(image), bytes);
    }
  }));

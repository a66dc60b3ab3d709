import { crc32 } from "node:zlib";
import { decodeImage } from "../../src/data/decode_image.ts";
import { fixture } from "../data/_files.ts";
import { fuzz } from "./_fuzz.ts";
import { byteEdits } from "./_mutations.ts";

const path = "some/image";

const names = [...Deno.readDirSync(fixture("images"))].map(({ name }) => name)
  .filter((name) => /\.(png|jpg|gif|tif)$/.test(name)).sort();

for (const name of names) {
  const bytes = Deno.readFileSync(fixture(`images/${name}`));
  fuzz(`decodeImage() takes or refuses ${name}, however broken`, {
    runs: 150,
    input: byteEdits,
    names: path,
    read: (damage) => decodeImage(damage(bytes), { path }),
  });
}

for (const name of names.filter((name) => name.endsWith(".png"))) {
  const bytes = Deno.readFileSync(fixture(`images/${name}`));
  fuzz(
    `decodeImage() takes or refuses ${name}, broken with checksums that fit`,
    {
      runs: 300,
      input: byteEdits,
      names: path,
      read: (damage) => decodeImage(mendChecksums(damage(bytes)), { path }),
    },
  );
}

/** Gives every chunk of a PNG the CRC of its content, as a forger would. */
function mendChecksums(bytes: Uint8Array): Uint8Array {
  const mended = bytes.slice();
  const view = new DataView(mended.buffer);
  for (let at = 8; at + 12 <= mended.length;) {
    const end = at + 8 + view.getUint32(at);
    if (end + 4 > mended.length) break;
    view.setUint32(end, crc32(mended.subarray(at + 4, end)));
    at = end + 4;
  }
  return mended;
}

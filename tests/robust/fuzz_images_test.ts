import { crc32 } from "node:zlib";
import { assertLess } from "@std/assert";
import { decodeImage } from "../../src/data/decode_image.ts";
import { readImageHeader } from "../../src/data/image_header.ts";
import { fixture } from "../data/_files.ts";
import { fuzz } from "./_fuzz.ts";
import { byteEdits } from "./_mutations.ts";

const label = "some/image";

/** Most memory that a decoder may take, whatever the image, in bytes. */
const BASE_BYTES = 2 ** 25;

/** And more for each pixel that the header declares, which is limited. */
const BYTES_A_PIXEL = 32;

const { Instance } = WebAssembly;

/** Memories of the WebAssembly instances that the decoder at work has made. */
const memories: WebAssembly.Memory[] = [];

/** Those of decoders that stay, and how much they held before the present image. */
const resident = new Map<WebAssembly.Memory, number>();

/** ImageMagick's memory when it starts, and what it keeps of earlier images. */
const RESIDENT_BYTES = 2 ** 27;

/** `Deno.memoryUsage()` knows nothing of them, so each is noted when it is made. */
class NotedInstance extends Instance {
  constructor(module: WebAssembly.Module, imports?: WebAssembly.Imports) {
    super(module, imports);
    const all = Object.values(this.exports);
    // imagescript's are made for each image; ImageMagick's stays.
    const isResident = all.length > 1000;
    for (const memory of all) {
      if (!(memory instanceof WebAssembly.Memory)) continue;
      if (isResident) resident.set(memory, memory.buffer.byteLength);
      else memories.push(memory);
    }
  }
}

/** Decodes an image, whose decoder must not have taken too much memory. */
async function decode(bytes: Uint8Array): Promise<void> {
  // Only meanwhile: memories that stay noted are never freed.
  WebAssembly.Instance = NotedInstance;
  try {
    await decodeImage(bytes, { path: label });
  } finally {
    WebAssembly.Instance = Instance;
    let taken = memories.reduce(
      (sum, { buffer }) => sum + buffer.byteLength,
      0,
    );
    memories.length = 0;
    for (const [{ buffer }, before] of resident) {
      taken += buffer.byteLength - before;
      assertLess(buffer.byteLength, RESIDENT_BYTES, "ImageMagick's memory");
    }
    for (const memory of resident.keys()) {
      resident.set(memory, memory.buffer.byteLength);
    }
    largest = Math.max(largest, taken);
    const { width, height } = readImageHeader(bytes) ?? { width: 0, height: 0 };
    assertLess(
      taken,
      BASE_BYTES + bytes.length + BYTES_A_PIXEL * Math.max(0, width * height),
      `the decoder took too much memory for ${width} x ${height}`,
    );
  }
}

let largest = 0;

const names = [...Deno.readDirSync(fixture("images"))].map(({ name }) => name)
  .filter((name) => /\.(png|jpg|gif|tif)$/.test(name)).sort();

/** Of formats and kinds of TIFF that ImageMagick decodes. */
const cases = [
  "1.bmp",
  "alpha.png",
  "alpha.webp",
  "bits-group4.tif",
  "cmyk16.tif",
  "float32.tif",
  "jpeg-ycbcr.tif",
  "lossless.avif",
  "lossy.webp",
  "orientation-6.jpg",
  "p.bmp",
  "palette-256.tif",
  "photo.heic",
  "rgb16-tiled-predictor.tif",
  "tiled-planes.tif",
];

/** Loads each decoder: a damaged image may go to another one than the image. */
async function prepare(): Promise<void> {
  for (const path of ["images/rgba.png", "image-cases/1.bmp"]) {
    await decode(Deno.readFileSync(fixture(path)));
  }
}

for (
  const path of [
    ...names.map((name) => `images/${name}`),
    ...cases.map((name) => `image-cases/${name}`),
  ]
) {
  const name = path.slice(path.lastIndexOf("/") + 1);
  const bytes = Deno.readFileSync(fixture(path));
  fuzz(`decodeImage() takes or refuses ${name}, however broken`, {
    runs: 150,
    prepare,
    input: byteEdits,
    names: label,
    read: (damage) => decode(damage(bytes)),
  });
}

for (const name of names.filter((name) => name.endsWith(".png"))) {
  const bytes = Deno.readFileSync(fixture(`images/${name}`));
  fuzz(
    `decodeImage() takes or refuses ${name}, broken with checksums that fit`,
    {
      runs: 300,
      prepare,
      input: byteEdits,
      names: label,
      read: (damage) => decode(mendChecksums(damage(bytes))),
    },
  );
}

Deno.test("the memory of every decoder was looked at", () => {
  assertLess(0, largest);
  console.log(`largest decoder: ${(largest / 2 ** 20).toFixed(1)} MiB`);
});

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

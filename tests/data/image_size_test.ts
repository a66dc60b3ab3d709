import { assertEquals, assertNotEquals } from "@std/assert";
import { encodePng } from "../../fixtures/encode_png.ts";
import { digestDataset } from "../../src/data/dataset.ts";
import { fitImage } from "../../src/data/folder/fit_image.ts";
import { loadImageFolder } from "../../src/data/image_folder.ts";
import { loadDataset } from "../../src/data/load_dataset.ts";
import { assertRefused, fixture, inTempDir } from "./_files.ts";
import { writeGreys } from "./_write_images.ts";

/** An image whose red is 10 times the column and whose green is 10 times the row. */
function grid(height: number, width: number) {
  const pixels = new Uint8Array(height * width * 3);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      pixels.set([10 * x, 10 * y, 7], 3 * (y * width + x));
    }
  }
  return { height, width, pixels };
}

/** Red and green of each pixel, over 10. */
const places = (pixels: Uint8Array) =>
  Array.from(
    { length: pixels.length / 3 },
    (_, i) => [pixels[3 * i]! / 10, pixels[3 * i + 1]! / 10] as const,
  );

Deno.test("fitImage() takes the middle of another aspect ratio", () => {
  // The middle 4 of 8 columns, in blocks of 2 x 2.
  const pixels = fitImage(grid(4, 8), {
    size: { height: 2, width: 2 },
    imageFit: "crop",
  });
  assertEquals(places(pixels), [[2.5, 0.5], [4.5, 0.5], [2.5, 2.5], [
    4.5,
    2.5,
  ]]);
});

Deno.test("fitImage() adds borders of the ground above and below", () => {
  const size = { height: 4, width: 4 };
  for (
    const [imageBackground, level] of [["white", 255], ["black", 0]] as const
  ) {
    const pixels = fitImage(grid(2, 4), {
      size,
      imageFit: "letterbox",
      imageBackground,
    });
    assertEquals(pixels.subarray(12, 36), grid(2, 4).pixels);
    for (const border of [pixels.subarray(0, 12), pixels.subarray(36)]) {
      assertEquals(border, new Uint8Array(12).fill(level));
    }
  }
});

Deno.test("loadImageFolder() gives images the size that is asked for", () =>
  inTempDir(async (dir) => {
    await writeGreys(`${dir}/a`, 4, { width: 50, height: 30 });
    await writeGreys(`${dir}/a`, 2, { width: 9, height: 9 });
    const shapeOf = async (imageSize?: string) =>
      (await loadImageFolder(dir, {
        split: "images",
        reading: imageSize === undefined ? {} : { imageSize },
      })).shape;
    assertEquals(await shapeOf(), [32, 32, 3]);
    assertEquals(await shapeOf("24"), [24, 24, 3]);
    assertEquals(await shapeOf("20x40"), [20, 40, 3]);
  }));

Deno.test("loadImageFolder() finds the most common size, at most 64 pixels long, as images are seen", () =>
  inTempDir(async (dir) => {
    const shape = async () =>
      (await loadImageFolder(dir, {
        split: "images",
        reading: { imageSize: "common" },
      })).shape;
    await writeGreys(`${dir}/a`, 3, { width: 50, height: 30 });
    await writeGreys(`${dir}/b`, 2, { width: 10, height: 10 });
    assertEquals(await shape(), [30, 50, 3]);
    await writeGreys(`${dir}/c`, 4, { width: 256, height: 128 });
    assertEquals(await shape(), [32, 64, 3]);
    // Stored with 8 rows of 12, seen with 12 of 8, which are too few.
    await Deno.mkdir(`${dir}/d`);
    for (let i = 0; i < 5; i++) {
      await Deno.copyFile(
        fixture("image-cases/orientation-6.jpg"),
        `${dir}/d/${i}.jpg`,
      );
    }
    assertEquals(await shape(), [12, 11, 3]);
  }));

Deno.test("loadImageFolder() keeps pixels that have the size, and each choice has a digest of its own", () =>
  inTempDir(async (dir) => {
    await Deno.mkdir(`${dir}/a`);
    for (let i = 0; i < 2; i++) {
      const { pixels, ...size } = grid(12, 20);
      pixels[0] = i;
      await Deno.writeFile(`${dir}/a/${i}.png`, encodePng({ ...size, pixels }));
    }
    const load = async (reading: object) =>
      await loadImageFolder(dir, { split: "images", reading });
    const same = await load({ imageSize: "12x20" });
    assertEquals(
      same.train.pixels.subarray(1),
      grid(12, 20).pixels.subarray(1),
    );
    const digests = await Promise.all([
      {},
      { imageSize: "16" },
      { imageSize: "16", imageFit: "crop" },
      { imageSize: "16", imageFit: "letterbox" },
      { imageSize: "16", imageFit: "letterbox", imageBackground: "black" },
    ].map(async (reading) => digestDataset(await load(reading)).sha256));
    assertEquals(new Set(digests).size, digests.length);
  }));

Deno.test("loadImageFolder() applies EXIF orientation, or takes pixels as stored", () =>
  inTempDir(async (dir) => {
    await Deno.mkdir(`${dir}/a`);
    for (let i = 0; i < 2; i++) {
      await Deno.copyFile(
        fixture("image-cases/orientation-6.png"),
        `${dir}/a/${i}.png`,
      );
    }
    const load = async (reading: object) =>
      (await loadImageFolder(dir, { split: "images", reading })).train.pixels;
    const upright = await load({ imageSize: "12x8" });
    const stored = await load({
      imageSize: "8x12",
      imageOrientation: "stored",
    });
    assertNotEquals(upright, stored);
    // Turned by a quarter: the first row of what is stored is the last column.
    assertEquals(
      Array.from({ length: 12 }, (_, y) => upright[3 * (8 * y + 7)]!),
      Array.from({ length: 12 }, (_, x) => stored[3 * x]!),
    );
  }));

Deno.test("loadDataset() refuses sizes that are none, too small or too large", async () => {
  for (
    const [imageSize, problem] of [
      ["0x9", "a height, a height and a width such as 48x64, or common"],
      ["32x32x3", "a height, a height and a width such as 48x64, or common"],
      ["10x32", "11 to 512 in each direction"],
      ["513", "11 to 512 in each direction"],
    ] as const
  ) {
    await assertRefused(
      () =>
        loadDataset("folder", { dataDir: "photos", reading: { imageSize } }),
      `"reading": "imageSize" must be ${problem}, got "${imageSize}"`,
    );
  }
});

Deno.test("loadDataset() refuses a way of reading for data sets of one size", () =>
  assertRefused(
    () => loadDataset("cifar10-mini", { reading: { imageSize: "48" } }),
    'The data set "cifar10-mini" has images of one size and takes no "imageSize", got "48"',
  ));

Deno.test("loadImageFolder() gives a folder of 32x32 images the same digest by its common size as without", () =>
  inTempDir(async (dir) => {
    await Deno.mkdir(`${dir}/a`);
    for (let i = 0; i < 4; i++) {
      const size = { height: 32, width: 32 };
      const pixels = Uint8Array.from(
        { length: 32 * 32 * 3 },
        (_, at) => 17 * i * at + at * at,
      );
      await Deno.writeFile(`${dir}/a/${i}.png`, encodePng({ ...size, pixels }));
    }
    const digest = async (reading: object) =>
      digestDataset(await loadImageFolder(dir, { reading })).sha256;
    assertEquals(await digest({ imageSize: "common" }), await digest({}));
  }));

import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { encodePng } from "../../fixtures/encode_png.ts";
import { UsageError } from "../../src/core/errors.ts";
import { readParquetRows } from "../../src/data/folder/parquet_rows.ts";
import { loadDataset } from "../../src/data/load_dataset.ts";
import { assertRefused, fixture, inTempDir } from "./_files.ts";
import { greyFiles, writeHubParquet } from "./_hub_parquet.ts";

const load = (dataDir: string, imageSize = "12x14") =>
  loadDataset("folder", { dataDir, split: "images", reading: { imageSize } });

for (const name of ["small", "stored"]) {
  Deno.test(`loadDataset() reads ${name}.npz as NumPy wrote it, with its splits`, async () => {
    const { train, test, classNames, shape, reading } = await load(
      fixture(`array-files/${name}.npz`),
    );
    assertEquals(shape, [12, 14, 3]);
    assertEquals(classNames, ["3", "4"]);
    assertEquals(reading!.leftOut, { "for validation (val)": 2 });
    for (
      const [split, images, rows] of [[0, train, 6], [2, test, 4]] as const
    ) {
      assertEquals(images.rows, rows);
      assertEquals("paths" in images, false);
      for (let i = 0; i < rows; i++) {
        assertEquals(images.labels[i], i % 2);
        const pixels = images.pixels.slice(i * 504, (i + 1) * 504);
        const expected = new Uint8Array(504).fill(
          80 * split + 10 * (i % 2 + 3) + i,
        ).fill(0, 0, 3);
        assertEquals(pixels, expected);
      }
    }
  });
}

Deno.test("loadDataset() refuses archives of other arrays and files that are cut off", () =>
  inTempDir(async (dir) => {
    const floats = fixture("array-files/floats.npz");
    await assertRefused(
      () => load(floats),
      `"${floats}" cannot be read: an array must hold integers or booleans`,
    );
    const bytes = await Deno.readFile(fixture("array-files/stored.npz"));
    const cut = `${dir}/cut.npz`;
    await Deno.writeFile(cut, bytes.subarray(0, 2000));
    await assertRefused(
      () => load(cut),
      `"${cut}" cannot be read: invalid zip data`,
    );
  }));

Deno.test("loadDataset() reads a Parquet file as image hubs keep it", () =>
  inTempDir(async (dir) => {
    const path = `${dir}/train.parquet`;
    const greys = [10, 20, 30, 40, 50, 60];
    const files = greys.map((grey) =>
      encodePng({
        width: 14,
        height: 12,
        pixels: new Uint8Array(504).fill(grey),
      })
    );
    await writeHubParquet(path, files, [0, 2, 0, 2, 0, 2]);
    const { train, test, classNames } = await load(path);
    assertEquals(classNames, ["cat", "emu"]);
    const seen = [train, test].flatMap(({ labels, pixels, rows }) =>
      Array.from(
        { length: rows },
        (_, row) => [pixels[row * 504]!, labels[row]!] as const,
      )
    ).sort(([a], [b]) => a - b);
    assertEquals(seen, greys.map((grey, i) => [grey, i % 2]));
    assertEquals((await load(path, "common")).shape, [12, 14, 3]);

    await writeHubParquet(path, [files[0]!, new Uint8Array([1, 2])], [0, 0]);
    await assertRefused(
      () => load(path),
      `"${path}/1" must be a PNG, JPEG, GIF, WebP, AVIF, HEIC, BMP or TIFF image, got another format or a file that is cut off in its header`,
    );
    await Deno.writeTextFile(path, "no Parquet");
    await assertRefused(
      () => load(path),
      `"${path}" cannot be read: parquet file invalid (footer != PAR1)`,
    );
  }));

Deno.test("loadDataset() refuses an archive whose arrays are too large together, before it unpacks them", () =>
  inTempDir(async (dir) => {
    const bytes = await Deno.readFile(fixture("array-files/small.npz"));
    const view = new DataView(bytes.buffer);
    // The size of each entry of the central directory (APPNOTE, 4.3.12).
    for (let at = 0; at + 4 <= bytes.length; at++) {
      if (view.getUint32(at) === 0x504b0102) {
        view.setUint32(at + 24, 2 ** 30, true);
      }
    }
    await Deno.writeFile(`${dir}/large.npz`, bytes);
    const error = await assertRejects(
      () => load(`${dir}/large.npz`),
      UsageError,
    );
    assertStringIncludes(
      error.message,
      "its arrays must have at most 2147483648 bytes together, got 3221225472 with",
    );
  }));

Deno.test("readParquetRows() refuses more rows than the limit before it reads them", () =>
  inTempDir(async (dir) => {
    const path = `${dir}/train.parquet`;
    await writeHubParquet(path, greyFiles([10, 20, 30]), [0, 1, 2]);
    const bytes = await Deno.readFile(path);
    assertEquals((await readParquetRows(bytes, 3)).rows.length, 3);
    await assertRejects(
      () => readParquetRows(bytes, 2),
      RangeError,
      "it must have at most 2 rows, got 3",
    );
  }));

import { assertEquals } from "@std/assert";
import { loadDataset } from "../../src/data/load_dataset.ts";
import { assertRefused, inTempDir } from "./_files.ts";
import { Compression, greyFiles, writeHubParquet } from "./_hub_parquet.ts";

const load = (dataDir: string) =>
  loadDataset("folder", { dataDir, reading: { imageSize: "12x14" } });

const greysOf = ({ pixels, rows }: { pixels: Uint8Array; rows: number }) =>
  Array.from({ length: rows }, (_, row) => pixels[row * 504]!);

for (
  const name of ["UNCOMPRESSED", "SNAPPY", "GZIP", "BROTLI", "ZSTD"] as const
) {
  Deno.test(`loadDataset() reads Parquet that parquet-wasm compressed: ${name}`, () =>
    inTempDir(async (dir) => {
      const path = `${dir}/rows.parquet`;
      const greys = [10, 200, 30, 140];
      await writeHubParquet(
        path,
        greyFiles(greys),
        [0, 0, 1, 1],
        Compression[name],
      );
      const { train, test, classNames } = await load(path);
      assertEquals(classNames, ["cat", "dog"]);
      const all = [...greysOf(train), ...greysOf(test)].sort((a, b) => a - b);
      assertEquals(all, [10, 30, 140, 200]);
    }));
}

Deno.test("loadDataset() reads a folder of Parquet files by split, also below data/", () =>
  inTempDir(async (dir) => {
    for (const folder of [dir, `${dir}/hub/data`]) {
      await Deno.mkdir(folder, { recursive: true });
      const write = (name: string, greys: number[], labels: number[]) =>
        writeHubParquet(
          `${folder}/${name}.parquet`,
          greyFiles(greys),
          labels,
        );
      await write("train-00000-of-00002", [1, 2], [0, 2]);
      await write("train-00001-of-00002", [3], [2]);
      await write("test-00000-of-00001", [4, 5], [2, 0]);
      await write("validation-00000-of-00001", [6], [0]);
    }
    await Deno.writeTextFile(`${dir}/hub/README.md`, "# A data set");
    for (const path of [`${dir}/hub`, `${dir}/hub/data`]) {
      const { train, test, classNames, reading } = await load(path);
      assertEquals(classNames, ["cat", "emu"]);
      assertEquals([greysOf(train), [...train.labels]], [[1, 2, 3], [0, 1, 1]]);
      assertEquals([greysOf(test), [...test.labels]], [[4, 5], [1, 0]]);
      assertEquals(reading!.leftOut, { "Parquet for validation": 1 });
      const all = await loadDataset("folder", {
        dataDir: path,
        reading: { imageSize: "12x14" },
        whole: true,
      });
      assertEquals(greysOf(all.train).sort(), [1, 2, 3, 4, 5, 6]);
    }
  }));

Deno.test("loadDataset() refuses incomplete or mixed Parquet files and other compressions, with the reason", () =>
  inTempDir(async (dir) => {
    const files = greyFiles([1, 2]);
    const refused = (problem: string) =>
      assertRefused(() => load(dir), `"${dir}" cannot be read: ${problem}`);
    await writeHubParquet(`${dir}/train-00000-of-00002.parquet`, files, [0, 0]);
    await refused(
      '"train-00001-of-00002.parquet" is absent, which "train-00000-of-00002.parquet" counts',
    );
    await Deno.rename(
      `${dir}/train-00000-of-00002.parquet`,
      `${dir}/train.parquet`,
    );
    await writeHubParquet(`${dir}/more.parquet`, files, [0, 0]);
    await refused(
      '"more.parquet" must begin with a split, train, val or test, as "train.parquet" does',
    );
    await Deno.remove(`${dir}/more.parquet`);
    await writeHubParquet(
      `${dir}/train.parquet`,
      files,
      [0, 0],
      Compression.LZ4_RAW,
    );
    await refused(
      '"train.parquet": parquet unsupported compression codec: LZ4_RAW',
    );
  }));

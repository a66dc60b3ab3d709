import { assertEquals } from "@std/assert";
import { recogniseDataset } from "../../src/data/recognise_dataset.ts";
import { loadDataset } from "../../src/data/load_dataset.ts";
import { assertRefused, inTempDir } from "./_files.ts";

Deno.test("recogniseDataset() tells the binary versions of CIFAR from images of one's own", () =>
  inTempDir(async (dir) => {
    const write = async (folder: string, ...names: string[]) => {
      await Deno.mkdir(`${dir}/${folder}`);
      for (const name of names) {
        await Deno.writeTextFile(`${dir}/${folder}/${name}`, "");
      }
    };
    await write("ten", "data_batch_1.bin", "test_batch.bin", "readme.html");
    await write("hundred", "train.bin", "test.bin", "fine_label_names.txt");
    await write("half", "train.bin");
    await Deno.mkdir(`${dir}/folders/test.bin`, { recursive: true });
    await Deno.mkdir(`${dir}/folders/train.bin`);
    const names = (path: string) => recogniseDataset(`${dir}/${path}`);
    assertEquals(await names("ten"), ["cifar10"]);
    assertEquals(await names("hundred"), ["cifar100", "cifar100-coarse"]);
    for (const other of ["half", "folders", "absent", "half/train.bin"]) {
      assertEquals(await names(other), ["folder"]);
    }
  }));

Deno.test("loadDataset() says in one line why a path is no data", () =>
  inTempDir(async (dir) => {
    const refused = async (name: string, bytes: number[], problem: string) => {
      const path = `${dir}/${name}`;
      await Deno.writeFile(path, Uint8Array.from(bytes));
      await assertRefused(
        () => loadDataset("folder", { dataDir: path }),
        `"${path}" ${problem}`,
      );
    };
    await refused(
      "data_batch_1.bin",
      [3, 0, 1],
      "is one file of several: name the folder that holds the files of CIFAR-10 or CIFAR-100",
    );
    await refused(
      "song.mp3",
      [0xff, 0xfb, 0, 0],
      "is not a data set: it must be a folder of images, a manifest (CSV or JSON Lines), a NumPy or a Parquet file",
    );
    await assertRefused(
      () => loadDataset("folder", { dataDir: `${dir}/none` }),
      `"${dir}/none" is absent`,
    );
    await Deno.mkdir(`${dir}/pickles`);
    await Deno.writeTextFile(`${dir}/pickles/data_batch_1`, "");
    await assertRefused(
      () => loadDataset("folder", { dataDir: `${dir}/pickles` }),
      `"${dir}/pickles" holds Python pickles, which are never read: the binary version of CIFAR-10 has the same images`,
    );
  }));

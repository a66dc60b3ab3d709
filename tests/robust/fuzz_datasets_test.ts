import { gunzipSync, gzipSync } from "node:zlib";
import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { encodePng } from "../../fixtures/encode_png.ts";
import { sha256 } from "../../src/core/digest.ts";
import { loadCifar10Binary } from "../../src/data/cifar10_binary.ts";
import { loadCifar10Mini, miniColumns } from "../../src/data/cifar10_mini.ts";
import { layTiles } from "../../src/data/cut_tiles.ts";
import {
  fashionMnistDir,
  loadFashionMnist,
} from "../../src/data/fashion_mnist.ts";
import { loadImageFolder } from "../../src/data/image_folder.ts";
import { fixture, inTempDir } from "../data/_files.ts";
import { fuzz } from "./_fuzz.ts";
import { byteEdits, jsonEdits } from "./_mutations.ts";

const read = (path: string) => Deno.readFileSync(path);

/** The first rows of a real IDX file, with a head that says so. */
function firstRows(path: string, rows: number): Uint8Array {
  const bytes = new Uint8Array(gunzipSync(read(path)));
  const dimensions = bytes[3]!;
  const view = new DataView(bytes.buffer);
  let size = rows;
  for (let i = 1; i < dimensions; i++) size *= view.getUint32(4 + 4 * i);
  view.setUint32(4, rows);
  return bytes.slice(0, 4 + 4 * dimensions + size);
}

const idxNames = ["train", "t10k"].flatMap((split) => [
  `${split}-images-idx3-ubyte.gz`,
  `${split}-labels-idx1-ubyte.gz`,
]);
const hasFashion = (() => {
  try {
    return Deno.statSync(`${fashionMnistDir}/${idxNames[0]}`).isFile;
  } catch {
    return false;
  }
})();
const idxFiles = new Map(
  idxNames.map((name) => [
    name,
    hasFashion ? firstRows(`${fashionMnistDir}/${name}`, 30) : new Uint8Array(),
  ]),
);

for (const isPacked of [false, true]) {
  fuzz(
    `loadFashionMnist() takes or refuses an IDX file, broken ${
      isPacked ? "as packed" : "before it was packed"
    }`,
    {
      ignore: !hasFashion,
      runs: 300,
      input: fc.record({
        name: fc.constantFrom(...idxNames),
        damage: byteEdits,
      }),
      names: "idx",
      read: ({ name, damage }) =>
        inTempDir(async (dir) => {
          for (const [other, bytes] of idxFiles) {
            const isBroken = other === name;
            const content = isBroken && !isPacked ? damage(bytes) : bytes;
            const packed = new Uint8Array(gzipSync(content));
            Deno.writeFileSync(
              `${dir}/${other}`,
              isBroken && isPacked ? damage(packed) : packed,
            );
          }
          await loadFashionMnist(dir);
        }),
    },
  );
}

const miniNames = ["labels.json", "test.png", "train.png"] as const;
type MiniName = typeof miniNames[number] | "manifest.json";

/** The embedded data with one line of images per split: quick to read. */
const mini = new Map<MiniName, Uint8Array>();
const labels = JSON.parse(
  Deno.readTextFileSync(fixture("cifar10-mini/labels.json")),
);
const manifest = JSON.parse(
  Deno.readTextFileSync(fixture("cifar10-mini/manifest.json")),
);
const whole = await loadCifar10Mini();
for (const split of ["train", "test"] as const) {
  const tiles = whole[split].pixels.subarray(0, miniColumns * 32 * 32 * 3);
  const sprite = layTiles(tiles, { side: 32, columns: miniColumns });
  mini.set(`${split}.png`, encodePng(sprite));
  labels[split] = labels[split].slice(0, miniColumns);
  manifest.sourceRows[split] = manifest.sourceRows[split].slice(0, miniColumns);
}
mini.set("labels.json", new TextEncoder().encode(JSON.stringify(labels)));
for (const name of miniNames) manifest.sha256[name] = sha256(mini.get(name)!);
mini.set("manifest.json", new TextEncoder().encode(JSON.stringify(manifest)));

Deno.test("loadCifar10Mini() reads the files that are broken below, whole", () =>
  inTempDir(async (dir) => {
    for (const [name, bytes] of mini) {
      Deno.writeFileSync(`${dir}/${name}`, bytes);
    }
    const { train, test } = await loadCifar10Mini(dir);
    for (const [found, all] of [[train, whole.train], [test, whole.test]]) {
      assertEquals(found!.rows, miniColumns);
      const { length } = found!.pixels;
      assertEquals(found!.pixels, all!.pixels.slice(0, length));
      assertEquals(found!.labels, all!.labels.slice(0, miniColumns));
    }
  }));

async function loadMini(
  name: MiniName,
  content: Uint8Array,
  isSealed: boolean,
) {
  await inTempDir(async (dir) => {
    const sealed = isSealed
      ? new TextEncoder().encode(JSON.stringify({
        ...manifest,
        sha256: { ...manifest.sha256, [name]: sha256(content) },
      }))
      : mini.get("manifest.json")!;
    for (const [other, bytes] of mini) {
      Deno.writeFileSync(
        `${dir}/${other}`,
        other === name ? content : other === "manifest.json" ? sealed : bytes,
      );
    }
    await loadCifar10Mini(dir);
  });
}

fuzz("loadCifar10Mini() takes or refuses a broken file, its hash mended", {
  runs: 40,
  input: fc.record({
    name: fc.constantFrom(...miniNames),
    damage: byteEdits,
    isSealed: fc.boolean(),
  }),
  names: ".",
  read: ({ name, damage, isSealed }) =>
    loadMini(name, damage(mini.get(name)!), isSealed),
});

fuzz(
  "loadCifar10Mini() takes or refuses a changed manifest or list of labels",
  {
    runs: 60,
    input: fc.record({ isManifest: fc.boolean(), change: jsonEdits }),
    names: ".json",
    read: ({ isManifest, change }) =>
      isManifest
        ? loadMini(
          "manifest.json",
          new TextEncoder().encode(change(manifest)),
          false,
        )
        : loadMini(
          "labels.json",
          new TextEncoder().encode(change(labels)),
          true,
        ),
  },
);

const images = ["rgb.png", "rgb.jpg", "still.gif", "lzw.tif"];
const entries = ["broken", "empty", "folder", "loop", "leaving", "absent"];

fuzz(
  "loadImageFolder() takes or refuses a folder with something broken in it",
  {
    runs: 150,
    input: fc.record({
      entry: fc.constantFrom(...entries),
      image: fc.constantFrom(...images),
      label: fc.constantFrom("a", "b"),
      name: fc.string({ minLength: 1, maxLength: 8, unit: "grapheme" })
        .filter((name) => !/[/\0]/.test(name) && ![".", ".."].includes(name)),
      damage: byteEdits,
    }),
    read: ({ entry, image, label, name, damage }) =>
      inTempDir(async (dir) => {
        for (const folder of ["a", "b"]) {
          Deno.mkdirSync(`${dir}/${folder}`);
          for (const image of images) {
            Deno.copyFileSync(
              fixture(`images/${image}`),
              `${dir}/${folder}/${image}`,
            );
          }
        }
        const path = `${dir}/${label}/${name}`;
        switch (entry) {
          case "broken":
            Deno.writeFileSync(path, damage(read(fixture(`images/${image}`))));
            break;
          case "empty":
            Deno.writeFileSync(path, new Uint8Array());
            break;
          case "folder":
            Deno.mkdirSync(path);
            break;
          case "loop":
            Deno.symlinkSync(name, path);
            break;
          case "leaving":
            Deno.symlinkSync(fixture(`images/${image}`), path);
            break;
          case "absent":
            Deno.removeSync(`${dir}/${label}`, { recursive: true });
            Deno.mkdirSync(`${dir}/${label}`);
            break;
        }
        await loadImageFolder(dir);
      }),
  },
);

fuzz("loadCifar10Binary() takes or refuses a batch of another size or label", {
  runs: 3,
  // The 50,000 images and the batches that they are joined from.
  limitBytes: 2 ** 29,
  input: fc.record({
    batch: fc.constantFrom("data_batch_1.bin", "test_batch.bin"),
    size: fc.constantFrom(0, 1, 30_729_999, 30_730_001, 2 ** 40),
  }),
  names: ".bin",
  read: ({ batch, size }) =>
    inTempDir(async (dir) => {
      for (const n of [1, 2, 3, 4, 5]) {
        const path = `${dir}/data_batch_${n}.bin`;
        Deno.createSync(path).close();
        Deno.truncateSync(path, 30_730_000);
      }
      Deno.createSync(`${dir}/test_batch.bin`).close();
      Deno.truncateSync(`${dir}/test_batch.bin`, 30_730_000);
      Deno.truncateSync(`${dir}/${batch}`, size);
      await loadCifar10Binary(dir);
    }),
});

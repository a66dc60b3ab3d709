import { assert, assertEquals } from "@std/assert";
import { clearCache } from "../../src/data/cache/clear_cache.ts";
import { openPixelCache } from "../../src/data/cache/pixel_cache.ts";
import { digestDataset } from "../../src/data/dataset.ts";
import { loadDataset } from "../../src/data/load_dataset.ts";
import { inTempDir } from "./_files.ts";
import { writeGrey, writeGreys } from "./_write_images.ts";

const key = (i: number) => i.toString(16).padStart(64, "0");
const names = (folder: string) =>
  [...Deno.readDirSync(folder)].map(({ name }) => name).sort();

Deno.test("openPixelCache() gives back what was written, to another process too, and not what is damaged", () =>
  inTempDir(async (dir) => {
    const folder = `${dir}/deep/cache`;
    const bytes = Uint8Array.from({ length: 1000 }, (_, i) => i);
    const cache = openPixelCache({ folder, version: "1" });
    assertEquals(await cache.read(key(1), 1000), undefined);
    await cache.write(key(1), bytes);
    const again = openPixelCache({ folder, version: "1" });
    assertEquals(new Uint8Array((await again.read(key(1), 1000))!), bytes);
    assertEquals(await again.read(key(1), 999), undefined);
    assertEquals(await again.read(key(2), 1000), undefined);
    const other = openPixelCache({ folder, version: "2" });
    assertEquals(await other.read(key(1), 1000), undefined);
    const [name] = names(folder);
    const whole = await Deno.readFile(`${folder}/${name}`);
    for (const at of [0, 500, 999, 1000, 1031]) {
      const damaged = whole.slice();
      damaged[at]! ^= 1;
      await Deno.writeFile(`${folder}/${name}`, damaged);
      assertEquals(await again.read(key(1), 1000), undefined, `byte ${at}`);
    }
    await Deno.writeFile(`${folder}/${name}`, whole.subarray(0, 900));
    assertEquals(await again.read(key(1), 1000), undefined);
    // What is damaged is replaced.
    await again.write(key(1), bytes);
    assertEquals(new Uint8Array((await again.read(key(1), 1000))!), bytes);
  }));

Deno.test("openPixelCache() stays within its limit and keeps what was used last", () =>
  inTempDir(async (folder) => {
    const cache = openPixelCache({ folder, limitBytes: 10_000 });
    const long = new Uint8Array(1000);
    for (let i = 0; i < 8; i++) await cache.write(key(i), long);
    for (const [i, name] of names(folder).entries()) {
      await Deno.utime(`${folder}/${name}`, 1e9 + i, 1e9 + i);
    }
    assert(await cache.read(key(3), 1000));
    for (let i = 8; i < 12; i++) await cache.write(key(i), long);
    await cache.trim();
    const sum = names(folder).reduce(
      (bytes, name) => bytes + Deno.statSync(`${folder}/${name}`).size,
      0,
    );
    assert(sum <= 10_000, `${sum} bytes`);
    for (const kept of [3, 8, 11]) {
      assert(await cache.read(key(kept), 1000), `${kept} is kept`);
    }
  }));

Deno.test("clearCache() removes the cache's own files alone", () =>
  inTempDir(async (folder) => {
    const cache = openPixelCache({ folder });
    await cache.write(key(1), new Uint8Array(5));
    await cache.write(key(2), new Uint8Array(6));
    await Deno.writeTextFile(`${folder}/mine.pixels`, "mine");
    assertEquals(await clearCache(folder), { files: 2, bytes: 75 });
    assertEquals(names(folder), ["mine.pixels"]);
    assertEquals(await clearCache(`${folder}/none`), { files: 0, bytes: 0 });
  }));

Deno.test("loadDataset() decodes only what is not kept, and gives the same images", () =>
  inTempDir(async (dir) => {
    const photos = `${dir}/photos`;
    await writeGreys(`${photos}/a`, 150, { width: 40, height: 30 });
    await writeGreys(`${photos}/b`, 50, { first: 160, width: 30, height: 40 });
    const folder = `${dir}/cache`;
    let placed: number[] = [];
    const load = async (reading: object = {}) => {
      placed = [];
      const dataset = await loadDataset("folder", {
        dataDir: photos,
        split: "images",
        reading,
        cache: openPixelCache({ folder }),
        onProgress: (done) => void placed.push(done),
      });
      return digestDataset(dataset).sha256;
    };
    const plain = digestDataset(
      await loadDataset("folder", { dataDir: photos, split: "images" }),
    ).sha256;
    assertEquals(await load(), plain);
    assertEquals(placed.length, 201);
    assertEquals(placed.at(-1), 200);
    assertEquals(await load(), plain);
    // Nothing was decoded: only the end is told.
    assertEquals(placed, [200]);
    // Another way of reading has pixels of its own.
    assert(await load({ imageSize: "16" }) !== plain);
    assertEquals(placed.length, 201);
    // A new image changes the chunk that it is in, and no other.
    await writeGrey(`${photos}/a/75b.png`, 233, { width: 40, height: 30 });
    await load();
    assert(placed.length > 1 && placed.length < 201, `${placed.length}`);
    // Damage is noticed and mended.
    for (const name of names(folder)) {
      const bytes = await Deno.readFile(`${folder}/${name}`);
      bytes[7]! ^= 255;
      await Deno.writeFile(`${folder}/${name}`, bytes);
    }
    await Deno.remove(`${photos}/a/75b.png`);
    assertEquals(await load(), plain);
    assertEquals(await load(), plain);
    assertEquals(placed, [200]);
  }));

Deno.test("loadDataset() loads the same images where nothing can be kept", () =>
  inTempDir(async (dir) => {
    await writeGreys(`${dir}/photos/a`, 4);
    await Deno.writeTextFile(`${dir}/file`, "no folder");
    const load = (folder?: string) =>
      loadDataset("folder", {
        dataDir: `${dir}/photos`,
        split: "images",
        ...(folder !== undefined && { cache: openPixelCache({ folder }) }),
      });
    assertEquals(await load(`${dir}/file/cache`), await load());
  }));

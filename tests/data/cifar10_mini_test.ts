import { assertEquals } from "@std/assert";
import { sha256 } from "../../src/core/digest.ts";
import { loadCifar10Mini } from "../../src/data/cifar10_mini.ts";
import { digestDataset } from "../../src/data/dataset.ts";
import { assertRefused, fixture, inTempDir } from "./_files.ts";

const names = ["labels.json", "manifest.json", "test.png", "train.png"];

/** A copy of the fixture with one file changed, its SHA-256 put right. */
async function writeChanged(
  dir: string,
  name: string,
  change: (bytes: Uint8Array) => Uint8Array,
): Promise<void> {
  for (const name of names) {
    await Deno.copyFile(fixture(`cifar10-mini/${name}`), `${dir}/${name}`);
  }
  const bytes = change(await Deno.readFile(`${dir}/${name}`));
  await Deno.writeFile(`${dir}/${name}`, bytes);
  if (name === "manifest.json") return;
  const path = `${dir}/manifest.json`;
  const manifest = JSON.parse(await Deno.readTextFile(path));
  manifest.sha256[name] = sha256(bytes);
  await Deno.writeTextFile(path, JSON.stringify(manifest));
}

function changeLabels(change: (labels: number[]) => void) {
  return (bytes: Uint8Array) => {
    const labels = JSON.parse(new TextDecoder().decode(bytes));
    change(labels.train);
    return new TextEncoder().encode(JSON.stringify(labels));
  };
}

Deno.test("loadCifar10Mini() loads the same 2,000 and 1,000 balanced images every time", async () => {
  assertEquals(digestDataset(await loadCifar10Mini()), {
    name: "cifar10-mini",
    trainPerClass: Array(10).fill(200),
    testPerClass: Array(10).fill(100),
    sha256: "5f827ab847908f559ed4424cdcd1ec6d643484ec0ee414c30c739b2415290233",
  });
});

Deno.test("loadCifar10Mini() refuses a changed file by its SHA-256", () =>
  inTempDir(async (dir) => {
    await writeChanged(dir, "test.png", (bytes) => bytes);
    const bytes = await Deno.readFile(`${dir}/test.png`);
    const before = sha256(bytes);
    bytes[5000]! ^= 1;
    await Deno.writeFile(`${dir}/test.png`, bytes);
    await assertRefused(
      () => loadCifar10Mini(dir),
      `"${dir}/test.png" must have the SHA-256 ${before}, got ${sha256(bytes)}`,
    );
  }));

Deno.test("loadCifar10Mini() refuses a cut-off sprite", () =>
  inTempDir(async (dir) => {
    await writeChanged(dir, "train.png", (bytes) => bytes.subarray(0, 10_000));
    await assertRefused(
      () => loadCifar10Mini(dir),
      `"${dir}/train.png" is a PNG image that is damaged, cut off or of an unsupported kind (Unexpected end of file)`,
    );
  }));

Deno.test("loadCifar10Mini() refuses a sprite of another size", () =>
  inTempDir(async (dir) => {
    const other = await Deno.readFile(fixture("cifar10-mini/test.png"));
    await writeChanged(dir, "train.png", () => other);
    await assertRefused(
      () => loadCifar10Mini(dir),
      `"${dir}/train.png" must have 1600 x 1280 pixels, got 1600 x 640`,
    );
  }));

Deno.test("loadCifar10Mini() refuses a label out of range", () =>
  inTempDir(async (dir) => {
    await writeChanged(dir, "labels.json", changeLabels((l) => l[7] = 10));
    await assertRefused(
      () => loadCifar10Mini(dir),
      `"${dir}/labels.json" must have an integer in [0, 10) as label 7, got 10`,
    );
  }));

Deno.test("loadCifar10Mini() refuses fewer labels than images", () =>
  inTempDir(async (dir) => {
    await writeChanged(dir, "labels.json", changeLabels((l) => l.pop()));
    await assertRefused(
      () => loadCifar10Mini(dir),
      `"${dir}/labels.json" must have 2000 labels, one per image, got 1999`,
    );
  }));

Deno.test("loadCifar10Mini() refuses labels that are not lists", () =>
  inTempDir(async (dir) => {
    await writeChanged(
      dir,
      "labels.json",
      () => new TextEncoder().encode("null"),
    );
    await assertRefused(
      () => loadCifar10Mini(dir),
      `"${dir}/labels.json" is invalid: Invalid input: expected object, received null`,
    );
  }));

Deno.test("loadCifar10Mini() names a field of the manifest that is wrong, and an absent file", () =>
  inTempDir(async (dir) => {
    await writeChanged(
      dir,
      "manifest.json",
      (bytes) =>
        new TextEncoder().encode(
          new TextDecoder().decode(bytes).replace(
            '"subsetSeed": 0',
            '"subsetSeed": -1',
          ),
        ),
    );
    await assertRefused(
      () => loadCifar10Mini(dir),
      `"${dir}/manifest.json" has an invalid "subsetSeed": Too small: expected number to be >=0`,
    );
    await assertRefused(
      () => loadCifar10Mini(`${dir}/none`),
      `"${dir}/none/manifest.json" is absent`,
    );
  }));

Deno.test("loadCifar10Mini() gives each caller arrays of its own", async () => {
  const first = await loadCifar10Mini();
  const { sha256 } = digestDataset(first);
  for (const { pixels, labels } of [first.train, first.test]) {
    pixels.fill(0);
    labels.fill(0);
  }
  assertEquals(digestDataset(await loadCifar10Mini()).sha256, sha256);
});

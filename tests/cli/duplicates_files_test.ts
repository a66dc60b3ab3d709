import { assert, assertEquals, assertMatch } from "@std/assert";
import { decodeImage } from "../../src/data/decode_image.ts";
import { loadImageFolder } from "../../src/data/image_folder.ts";
import { findDuplicates } from "../../src/detection/find_duplicates.ts";
import { loadDataset } from "../../src/data/load_dataset.ts";
import { writeHubParquet } from "../data/_hub_parquet.ts";
import { inFolder } from "../sweep/tiny_sweep.ts";
import {
  enlarged,
  moved,
  otherPng,
  photo,
  png,
  readFiles,
  writeFiles,
} from "./_photos.ts";
import { fromFileUrl } from "../sweep/paths.ts";
import { runMain } from "./run_main.ts";

const root = fromFileUrl(new URL("../../", import.meta.url));

const [a, b, c, d, e, f] = [1, 2, 3, 4, 5, 6].map(photo) as [
  Uint8Array,
  Uint8Array,
  Uint8Array,
  Uint8Array,
  Uint8Array,
  Uint8Array,
];
const darker = e.map((byte) => Math.round(0.7 * byte));
const noisy = f.map((byte, i) => i % 7 === 0 ? byte ^ 1 : byte);

/** A duplicate of each kind, in two classes. */
const photos = {
  "cat/a.png": png(a),
  "cat/a copy.png": png(a),
  "cat/b.png": png(b),
  "cat/b other.png": otherPng(b),
  "cat/c.png": png(c),
  "cat/c shifted.png": png(moved(c, (y, x) => [y - 2, x + 1])),
  "cat/d.png": png(d),
  "dog/d mirrored.png": png(moved(d, (y, x) => [y, 31 - x])),
  "dog/e.png": png(e),
  "dog/e darker.png": png(darker),
  "dog/f.png": png(f),
  "dog/f noisy.png": png(noisy),
  "dog/f large.png": enlarged(f, 3),
  "dog/g.png": png(photo(7)),
};

const base = ["duplicates", "--dataset=folder", "--data-dir=photos"];
const inPhotos = (test: (folder: string) => Promise<void>) =>
  inFolder(async (folder) => {
    await writeFiles(`${folder}/photos`, photos);
    await test(folder);
  });

interface JsonImage {
  path: string;
  label: string;
  removed?: boolean;
  match?: {
    to: number;
    reason: string;
    difference: number;
    change?: Record<string, unknown>;
  };
}

/** Groups of `--json`, each by the path of its first image. */
async function groupsOf(folder: string, ...words: string[]) {
  const { code, stdout, stderr } = await runMain(
    [...base, "--mirrored", "--json", ...words],
    folder,
  );
  assertEquals([code, stderr], [0, ""]);
  const { groups, summary } = JSON.parse(stdout);
  return { groups: groups as { images: JsonImage[] }[], summary, stdout };
}

Deno.test("duplicates --json names the file of each image and why it is a duplicate", () =>
  inPhotos(async (folder) => {
    const { groups, summary } = await groupsOf(folder);
    const found = Object.fromEntries(groups.map(({ images }) => [
      images.map(({ path }) => path).toSorted().join(),
      images.map(({ match }) => match).filter((match) => match !== undefined),
    ]));
    assertEquals(Object.keys(found).length, 6);
    const [copy] = found["cat/a copy.png,cat/a.png"]!;
    assertEquals([copy!.reason, copy!.difference], ["file", 0]);
    const [other] = found["cat/b other.png,cat/b.png"]!;
    assertEquals([other!.reason, other!.difference], ["pixels", 0]);
    const [shifted] = found["cat/c shifted.png,cat/c.png"]!;
    // Which of the two is first, and so the reference, follows from the split.
    const { down, right, mirrored, resized } = shifted!.change!;
    assert(
      JSON.stringify([down, right]) === "[2,-1]" ||
        JSON.stringify([down, right]) === "[-2,1]",
    );
    assertEquals([shifted!.reason, mirrored, resized], ["near", false, false]);
    const [mirror] = found["cat/d.png,dog/d mirrored.png"]!;
    assertEquals(mirror!.change!.mirrored, true);
    const [dark] = found["dog/e darker.png,dog/e.png"]!;
    const gain = dark!.change!.gain as number;
    assert(Math.abs(gain - 0.7) < 0.02 || Math.abs(gain - 1 / 0.7) < 0.02);
    const three = found["dog/f large.png,dog/f noisy.png,dog/f.png"]!;
    assertEquals(three.length, 2);
    assert(
      three.every(({ reason, difference }) =>
        reason === "near" && difference < 0.05
      ),
    );
    assert(three.some(({ change }) => change!.resized === true));
    assertEquals(summary, {
      groups: 6,
      images: 13,
      leaks: 0,
      leakingImages: 0,
      labelConflicts: 1,
    });
  }));

Deno.test("duplicates says of a PNG made of a JPEG that it has the same pixels", () =>
  inFolder(async (folder) => {
    const jpeg = await Deno.readFile(`${root}fixtures/images/progressive.jpg`);
    const { width, height, pixels } = await decodeImage(jpeg, { path: "" });
    await writeFiles(`${folder}/photos`, {
      "a.jpg": jpeg,
      "b.png": png(pixels, [height, width]),
      "c.png": png(c),
    });
    const { stdout } = await runMain(["duplicates", "photos"], folder);
    assertMatch(stdout, /^group 1: exact, train\n/m);
    assertMatch(stdout, /^ {2}train {2}b\.png .* {2}same pixels$/m);
  }));

Deno.test("duplicates counts images that are equal only after resizing as near ones, each with what it equals", () =>
  inFolder(async (folder) => {
    await writeFiles(`${folder}/photos`, {
      "a.png": png(a),
      "large copy.png": enlarged(a, 3),
      "large.png": enlarged(a, 3),
      "b.png": png(b),
      "c.png": png(c),
      "d.png": png(d),
    });
    const words = ["duplicates", "photos", "--keep=best"];
    const { stdout } = await runMain(words, folder);
    assertMatch(stdout, /^exact +train +1 +2$/m);
    assertMatch(stdout, /^near +train +1 +3$/m);
    assertMatch(stdout, /^1 near pair; /m);
    assertMatch(stdout, /^ {2}remove +train +a\.png +\(no label\)$/m);
    assertMatch(stdout, /large copy\.png +\(no label\) +resized$/m);
    assertMatch(
      stdout,
      /large\.png +\(no label\) +same file \(as large copy\.png\)$/m,
    );
    const equal = await runMain([...words, "--no-near"], folder);
    assertMatch(equal.stdout, /^exact +train +1 +2$/m);
    assertMatch(
      equal.stdout,
      /^group 1: exact, train\n {2}keep .*large copy\.png .*\n {2}remove .*large\.png .* same file$/m,
    );
    assert(!equal.stdout.includes("a.png"));
  }));

Deno.test("duplicates says that colours were changed, and does not call it noise", () =>
  inFolder(async (folder) => {
    const soft = a.map((byte) => 50 + Math.round(0.6 * byte));
    await writeFiles(`${folder}/photos`, {
      "soft.png": png(soft),
      "warm.png": png(soft.map((byte, i) => byte + [25, 0, -25][i % 3]!)),
      "other.png": png(b),
    });
    const { stdout } = await runMain(["duplicates", "photos"], folder);
    assertMatch(
      stdout,
      /^ {2}train {2}warm\.png {2}\(no label\) {2}colours changed by 25$/m,
    );
  }));

Deno.test("duplicates lists groups with labels that disagree first, by their files", () =>
  inPhotos(async (folder) => {
    const { stdout } = await runMain([...base, "--mirrored"], folder);
    assertMatch(stdout, /^groups whose labels disagree: 1 of 6$/m);
    assertMatch(
      stdout,
      /^group 1: near, (train|test), labels disagree.*\n.*cat\/d\.png +cat\n.*dog\/d mirrored\.png +dog +mirrored/m,
    );
    assertMatch(stdout, /cat\/a\.png +cat +same file$/m);
  }));

Deno.test("duplicates --keep best --remove-list lists all but the image of most pixels, as text, CSV and JSON", () =>
  inPhotos(async (folder) => {
    const before = await readFiles(folder);
    for (const extension of ["txt", "csv", "json"]) {
      const { code, stderr } = await runMain([
        ...base,
        "--keep=best",
        `--remove-list=remove.${extension}`,
        "--show=0",
      ], folder);
      assertEquals([code, stderr], [
        0,
        `wrote remove.${extension}: 6 files to remove\n`,
      ]);
    }
    const read = (name: string) => Deno.readTextFile(`${folder}/${name}`);
    const lines = (await read("remove.txt")).trimEnd().split("\n");
    assertEquals(lines.length, 6);
    assert(lines.includes("dog/f.png") && lines.includes("dog/f noisy.png"));
    assert(!lines.includes("dog/f large.png"));
    const entries = JSON.parse(await read("remove.json"));
    // deno-lint-ignore no-explicit-any
    assertEquals(entries.map(({ path }: any) => path), lines);
    for (const { path, kept } of entries) {
      assert(!lines.includes(kept), `${path} for ${kept}`);
    }
    const csv = (await read("remove.csv")).split("\r\n");
    assertEquals(csv[0], "path,kept,reason,difference");
    assert(csv.some((line) => /^cat\/a( copy)?\.png,cat\/a/.test(line)));
    const after = await readFiles(folder);
    for (const name of Object.keys(before)) {
      assertEquals(after[name], before[name], "no image is touched");
    }
  }));

Deno.test("duplicates --json has every name as the folder has it, also of characters that a terminal does not get", () =>
  inFolder(async (folder) => {
    const names = [
      "family \u{1f468}\u200d\u{1f467}.png",
      "\u200eIMG-1.png",
      "line\u2028two\n.png",
      "next\u0085.png",
      "del\x7f.png",
    ];
    await writeFiles(
      `${folder}/photos`,
      Object.fromEntries(names.map((name) => [name, png(a)])),
    );
    const { stdout } = await runMain(
      ["duplicates", "photos", "--json"],
      folder,
    );
    assertEquals(/[\u007f-\u009f\u2028\u200d\u200e]/.test(stdout), false);
    const [{ images }] = JSON.parse(stdout).groups;
    assertEquals(
      images.map(({ path }: JsonImage) => path),
      names.toSorted(),
    );
  }));

Deno.test("duplicates --cleaned writes path, label and split of every image that remains", () =>
  inPhotos(async (folder) => {
    for (const name of ["cleaned.csv", "lists/cleaned.jsonl"]) {
      await runMain([
        ...base,
        "--keep=first",
        `--cleaned=${name}`,
        "--show=0",
      ], folder);
    }
    const csv = (await Deno.readTextFile(`${folder}/cleaned.csv`)).trimEnd()
      .split("\r\n").map((line) => line.split(","));
    assertEquals(csv[0], ["path", "label", "split"]);
    const { train, test } = await loadImageFolder(`${folder}/photos`);
    const splitOf = new Map([
      ...train.paths!.map((path) => [path, "train"] as const),
      ...test.paths!.map((path) => [path, "test"] as const),
    ]);
    // 14 images, of which 6 are copies of one before.
    assertEquals(csv.length, 1 + 8);
    for (const [path, label, split] of csv.slice(1)) {
      const below = path!.replace(/^photos\//, "");
      assertEquals(below.split("/")[0], label);
      assertEquals(splitOf.get(below), split as "train");
    }
    const lines = (await Deno.readTextFile(`${folder}/lists/cleaned.jsonl`))
      .trimEnd().split("\n").map((line) => JSON.parse(line));
    assertEquals(
      lines.map(({ path, label, split }) => [path, label, split]),
      csv.slice(1).map(([path, ...rest]) => [`../${path}`, ...rest]),
    );
  }));

Deno.test("duplicates --cleaned gives images without labels none, so that the manifest reads the same", () =>
  inFolder(async (folder) => {
    await writeFiles(`${folder}/flat`, {
      "a.png": png(a),
      "b.png": png(a),
      "c.png": png(b),
    });
    for (const name of ["cleaned.csv", "cleaned.jsonl"]) {
      const words = ["duplicates", "--keep=first", "--show=0"];
      await runMain([...words, "flat", `--cleaned=${name}`], folder);
      const { code, stdout } = await runMain([...words, name], folder);
      assertEquals(code, 0);
      assertMatch(stdout, /^cleaned.*: 2 training and 0 test images /);
      const text = await Deno.readTextFile(`${folder}/${name}`);
      assertEquals(text.includes("label)"), false);
    }
  }));

Deno.test("duplicates searches classes of one image and of none, too", () =>
  inFolder(async (folder) => {
    await writeFiles(`${folder}/photos`, {
      "cat/a.png": png(a),
      "dog/b.png": png(a),
      "dog/c.png": png(b),
    });
    await Deno.mkdir(`${folder}/photos/emu`);
    const { code, stdout } = await runMain(["duplicates", "photos"], folder);
    assertEquals(code, 0);
    assertMatch(stdout, /^photos: 2 training and 1 test images /);
    assertMatch(stdout, /^ {2}train {2}cat\/a\.png {2}cat$/m);
    assertMatch(stdout, /^groups whose labels disagree: 1 of 1$/m);
  }));

Deno.test("duplicates --move keeps relative paths and every byte, and replaces nothing", () =>
  inPhotos(async (folder) => {
    const before = await readFiles(`${folder}/photos`);
    const call = (target: string) =>
      runMain(
        [...base, "--keep=largest", `--move=${target}`, "--show=0"],
        folder,
      );
    // One file in the way of the last move: nothing is moved.
    await writeFiles(`${folder}/taken`, { "dog/f.png": new Uint8Array(1) });
    const refused = await call("taken");
    assertEquals(refused.code, 2);
    assertMatch(
      refused.stderr,
      /^--move replaces no file, but "taken\/dog\/f\.png" exists already/,
    );
    assertEquals(await readFiles(`${folder}/photos`), before);

    const { code, stderr } = await call("twice");
    assertEquals([code, stderr], [0, "moved 6 files to twice\n"]);
    const moved = await readFiles(`${folder}/twice`);
    const left = await readFiles(`${folder}/photos`);
    assertEquals(Object.keys(moved).length, 6);
    assertEquals({ ...left, ...moved }, before);
    const again = await runMain([...base, "--show=0"], folder);
    assertMatch(again.stdout, /^groups whose labels disagree: 0 of 0$/m);
  }));

Deno.test("duplicates says which lists it has written where a file cannot be moved", () =>
  inPhotos(async (folder) => {
    await Deno.mkdir(`${folder}/known`);
    await Deno.writeTextFile(`${folder}/known/cat`, "A file, not a folder");
    const { code, stderr } = await runMain(
      [...base, "--keep=first", "--move=known", "--remove-list=r.csv"],
      folder,
    );
    assertEquals(code, 2);
    assertMatch(
      stderr,
      /^wrote r\.csv: \d files to remove\nCannot move "photos\/cat\/[^\n]* after 0 of \d files: [^\n]*\n$/,
    );
  }));

Deno.test("duplicates --move refuses groups that a link is part of", () =>
  inPhotos(async (folder) => {
    await Deno.symlink("g.png", `${folder}/photos/dog/link.png`);
    const before = await readFiles(`${folder}/photos`);
    const { code, stderr } = await runMain(
      [
        ...base,
        "--keep=first",
        "--move=twice",
        "--cleaned=lists/c.csv",
        "--remove-list=lists/r.csv",
      ],
      folder,
    );
    assertEquals(code, 2);
    assertMatch(stderr, /^--move moves plain files only, got the link "photos/);
    assertEquals(await readFiles(`${folder}/photos`), before);
    // Lists that exist would be in the way of the next call.
    const left = [...Deno.readDirSync(folder)].map(({ name }) => name);
    assertEquals(left, ["photos"]);
  }));

Deno.test("duplicates --keep refuses to remove the file of an image that remains, by a link or an overlapping archive", () =>
  inPhotos(async (folder) => {
    const list = `${folder}/list.txt`;
    const words = ["--keep=first", `--remove-list=${list}`];
    await Deno.symlink("dog", `${folder}/photos/wolf`);
    for (const more of [["--data-dir=photos"], ["--against=photos"]]) {
      const { code, stdout, stderr } = await runMain(
        [...base, ...words, ...more.filter((word) => !base.includes(word))],
        folder,
      );
      assertEquals([code, stdout], [2, ""]);
      assertMatch(
        stderr,
        /^--keep must remove no file that remains, but "[^"]*" and "[^"]*" are one file, "photos\/[^"]*": leave one of them out\n$/,
      );
    }
    await Deno.remove(`${folder}/photos/wolf`);
    // Of a link, only the link goes.
    await Deno.symlink("g.png", `${folder}/photos/dog/link.png`);
    assertEquals((await runMain([...base, ...words], folder)).code, 0);
    const listed = (await Deno.readTextFile(list)).split("\n");
    assertEquals(listed.includes("dog/link.png"), true);
    assertEquals(listed.includes("dog/g.png"), false);
  }));

Deno.test("duplicates --conflicts leaves or removes groups whose labels disagree", () =>
  inPhotos(async (folder) => {
    const removed = async (conflicts: string) => {
      const { groups } = await groupsOf(
        folder,
        "--keep=first",
        `--conflicts=${conflicts}`,
      );
      return groups.flatMap(({ images }) => images)
        .filter(({ removed, path }) => removed && path.includes("/d")).length;
    };
    assertEquals(await removed("keep"), 1);
    assertEquals(await removed("leave"), 0);
    assertEquals(await removed("remove"), 2);
  }));

Deno.test("duplicates --against finds new images in an archive and removes none of it", () =>
  inPhotos(async (folder) => {
    await writeFiles(`${folder}/new`, {
      "cat/1.png": otherPng(a),
      "cat/2.png": png(photo(20)),
      "fox/3.png": enlarged(f, 5),
      "fox/4.png": png(photo(21)),
    });
    const { code, stdout, stderr } = await runMain([
      "duplicates",
      "--dataset=folder",
      "--data-dir=new",
      "--against=photos",
      "--keep=best",
      "--remove-list=known.txt",
    ], folder);
    assertEquals([code, stderr], [0, "wrote known.txt: 2 files to remove\n"]);
    assertEquals(
      await Deno.readTextFile(`${folder}/known.txt`),
      "cat/1.png\nfox/3.png\n",
    );
    assertMatch(stdout, /14 archived and 4 new images/);
    assertMatch(
      stdout,
      /new images in a group with archived images: 2 of 4$/m,
    );
    assertMatch(stdout, /^ {2}remove +new +cat\/1\.png +cat +same pixels/m);
    // Only groups with new images are listed; that of f has another label.
    assertMatch(stdout, /^groups whose labels disagree: 1 of 2$/m);
  }));

Deno.test("duplicates --against --json says what of either folder was not compared", () =>
  inPhotos(async (folder) => {
    await writeFiles(`${folder}/new`, {
      "1.png": png(a),
      "2.png": png(b).slice(0, 200),
    });
    await Deno.writeTextFile(`${folder}/photos/cat/notes.txt`, "Cats");
    const { stdout } = await runMain([
      "duplicates",
      "new",
      "--against=photos",
      "--on-bad-image=skip",
      "--json",
    ], folder);
    const { archive, new: added } = JSON.parse(stdout).reading;
    assertEquals(archive.leftOut, { "*.txt": 1 });
    assertMatch(
      added.skipped[0],
      /new\/2\.png" is a PNG image that is damaged/,
    );
  }));

Deno.test("duplicates needs an image in a folder, and no folder of a class", () =>
  inFolder(async (folder) => {
    await Deno.mkdir(`${folder}/photos`);
    await Deno.writeTextFile(`${folder}/photos/notes.txt`, "Cats");
    const { code, stderr } = await runMain(["duplicates", "photos"], folder);
    assertEquals([code, stderr], [
      2,
      '"photos" must have an image, got none\n',
    ]);
  }));

Deno.test("duplicates finds what an array file and a folder share, by row and by file", () =>
  inPhotos(async (folder) => {
    const { code, stdout, stderr } = await runMain([
      "duplicates",
      "--dataset=folder",
      `--data-dir=${root}fixtures/array-files/small.npz`,
      "--against=photos",
      "--no-near",
      "--keep=first",
    ], folder);
    assertEquals([code, stderr], [0, ""]);
    assertMatch(stdout, /14 archived and 12 new images/);
    // Those of a and b; f enlarged by a whole factor is f again at 32 x 32.
    assertMatch(stdout, /^exact +archive +3 +6$/m);
  }));

/** Writes `images.npy`, plain images of grey levels, and `labels.npy`, all 0. */
async function writeArrays(
  folder: string,
  levels: readonly number[],
): Promise<void> {
  const side = 12;
  const header = (shape: string) =>
    `{'descr': '|u1', 'fortran_order': False, 'shape': (${shape}), }`
      .padEnd(117) + "\n";
  const npy = (shape: string, values: number[]) =>
    Uint8Array.from([
      ...[0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0, 118, 0],
      ...new TextEncoder().encode(header(shape)),
      ...values,
    ]);
  const { length } = levels;
  await writeFiles(folder, {
    "images.npy": npy(
      `${length}, ${side}, ${side}`,
      levels.flatMap((level) => Array(side * side).fill(level)),
    ),
    "labels.npy": npy(`${length},`, levels.map(() => 0)),
  });
}

Deno.test("duplicates names images of array files by their rows there, whatever split is drawn of them", () =>
  inFolder(async (folder) => {
    const levels = [10, 20, 30, 40, 50, 60, 70, 80, 20, 10];
    await writeArrays(`${folder}/arrays`, levels);
    const args = ["duplicates", "arrays", "--no-near"];
    const { stdout } = await runMain([...args, "--html=page"], folder);
    const rows = [...stdout.matchAll(/^ {2}(?:train|test) +(\d+) +0/gm)]
      .map(([, row]) => row);
    assertEquals(rows.toSorted(), ["0", "1", "8", "9"]);
    const page = await Deno.readTextFile(`${folder}/page/duplicates.html`);
    for (const row of rows) assert(page.includes(`>row ${row}</p>`));
    const json = JSON.parse(
      (await runMain([...args, "--json"], folder)).stdout,
    );
    for (const groups of [json.groups, json.exact]) {
      const found = groups.map(({ images }: { images: { row: number }[] }) =>
        images.map(({ row }) => row).toSorted().join()
      );
      assertEquals(found.toSorted(), ["0,9", "1,8"]);
    }
  }));

Deno.test("duplicates names images of Parquet files by file and row, also after one that is skipped", () =>
  inFolder(async (folder) => {
    const parts = {
      first: "train-00000-of-00002",
      second: "train-00001-of-00002",
    };
    const files = [a, b, c, d, e, a].map((pixels) => png(pixels));
    files[1] = files[1]!.slice(0, 200);
    await Deno.mkdir(`${folder}/hub`);
    for (
      const [part, rows] of [[parts.first, files.slice(0, 3)], [
        parts.second,
        files.slice(3),
      ]] as const
    ) {
      await writeHubParquet(`${folder}/hub/${part}.parquet`, rows, [0, 0, 1]);
    }
    await writeHubParquet(
      `${folder}/hub/test-00000-of-00001.parquet`,
      [png(c), png(f)],
      [0, 0],
    );
    const args = ["duplicates", "hub", "--on-bad-image=skip"];
    const { stdout } = await runMain(args, folder);
    assertMatch(stdout, /^ {2}train {2}train-00000-of-00002\.parquet\/2 /m);
    assertMatch(stdout, /^ {2}test {3}test-00000-of-00001\.parquet\/0 /m);
    assertMatch(stdout, /^ {2}train {2}train-00001-of-00002\.parquet\/2 /m);
    const { groups } = JSON.parse(
      (await runMain([...args, "--json"], folder)).stdout,
    );
    assertEquals(
      groups[1].images.map(({ row, part }: Record<string, unknown>) =>
        `${part} ${row}`
      ),
      [`${parts.first}.parquet 0`, `${parts.second}.parquet 2`],
    );
  }));

Deno.test("duplicates names images of a limited data set by their rows in the whole", async () => {
  const { stdout } = await runMain([
    "duplicates",
    "--json",
    "--limit-train=1900",
    "--max-difference=0.6",
  ]);
  const limited = await loadDataset("cifar10-mini", { limitTrain: 1900 });
  const { near } = await findDuplicates(limited, { maxDifference: 0.6 });
  const placesOf = (
    groups: { images: { split: string; row: number }[] }[],
    rowOf = (row: number) => row,
  ) =>
    groups.flatMap(({ images }) =>
      images.map(({ split, row }) =>
        `${split} ${split === "train" ? rowOf(row) : row}`
      )
    );
  assert(near.length > 2);
  assertEquals(
    placesOf(JSON.parse(stdout).near),
    placesOf(near, (row) => limited.train.sourceRows![row]!),
  );
});

Deno.test("duplicates --against names images of array files by their rows there", () =>
  inPhotos(async (folder) => {
    const levels = Array.from({ length: 10 }, (_, i) => 20 * i);
    await writeArrays(`${folder}/old`, levels);
    await writeArrays(`${folder}/new`, levels.toReversed());
    const args = ["duplicates", "new", "--against=old", "--no-near"];
    const { code, stdout, stderr } = await runMain(
      [...args, "--html=page", "--json"],
      folder,
    );
    assertEquals([code, stderr], [
      0,
      "wrote page/duplicates.html: pictures of 10 groups\n",
    ]);
    type Group = { images: { split: string; row: number }[] };
    const { groups }: { groups: Group[] } = JSON.parse(stdout);
    const rowsOf = ({ images }: Group) =>
      images.map(({ split, row }) => `${split} ${row}`);
    assertEquals(
      groups.map(rowsOf),
      levels.map((_, i) => [`archive ${i}`, `new ${9 - i}`]),
    );
    const page = await Deno.readTextFile(`${folder}/page/duplicates.html`);
    assert(page.includes(">archive 0</p>") && page.includes(">new 9</p>"));
    assertEquals(/>(train|test) \d/.test(page), false);
  }));

Deno.test("duplicates --keep takes a manifest, whose paths start at its folder", () =>
  inPhotos(async (folder) => {
    await Deno.writeTextFile(
      `${folder}/photos/list.csv`,
      "path,label,split\n" + [
        "./cat/a.png,cat,train",
        "cat/a copy.png,cat,test",
        "dog/e.png,dog,train",
        "dog/g.png,dog,test",
      ].join("\n"),
    );
    const { code, stdout, stderr } = await runMain([
      "duplicates",
      "--dataset=folder",
      "--data-dir=photos/list.csv",
      "--keep=first",
      "--cleaned=cleaned.csv",
      "--move=known",
    ], folder);
    assertEquals([code, stderr], [
      0,
      "wrote cleaned.csv: the 3 images that remain\nmoved 1 file to known\n",
    ]);
    assertMatch(stdout, /^group 1: exact, across\n/m);
    assertEquals(Object.keys(await readFiles(`${folder}/known`)), [
      "cat/a copy.png",
    ]);
    assertEquals(
      (await Deno.readTextFile(`${folder}/cleaned.csv`)).split("\r\n"),
      [
        "path,label,split",
        "photos/cat/a.png,cat,train",
        "photos/dog/e.png,dog,train",
        "photos/dog/g.png,dog,test",
        "",
      ],
    );
  }));

Deno.test("duplicates answers actions that do not fit with one line, before it reads images", () =>
  inPhotos(async (folder) => {
    await Deno.writeTextFile(`${folder}/mine.csv`, "path,label,split\n");
    for (
      const [words, message] of [
        [["--move=x"], /^--move needs --keep, which chooses/],
        [
          ["--keep=first", "--cleaned=mine.csv"],
          /^--cleaned must be a new file/,
        ],
        [
          ["--keep=first", "--cleaned=a.png"],
          /^--cleaned must end in \.csv or/,
        ],
        [["--keep=first", "--move=photos/x"], /^--move must be outside of the/],
        [["--html=photos"], /^--html must be outside of the data folder/],
        [["--against=x", "--limit-train=2"], /leave out --limit-train/],
        [
          ["--against=x", "--keep=first", "--cleaned=c.csv"],
          /^--cleaned is the manifest of one data set: leave out --against/,
        ],
        [
          ["--keep=first", "--remove-list=x.csv", "--cleaned=./x.csv"],
          /^--cleaned must be another file than --remove-list, got "\.\/x\.csv"/,
        ],
        [
          ["--keep=first", "--html=seen", "--move=seen/images"],
          /^--move must be apart from the folder of --html, got "seen\/images"/,
        ],
      ] as [string[], RegExp][]
    ) {
      const { code, stdout, stderr } = await runMain(
        [...base, ...words],
        folder,
      );
      assertEquals([code, stdout, stderr.split("\n").length], [2, "", 2]);
      assertMatch(stderr, message);
    }
    // Not an archive beyond its first bytes, by which it is recognised.
    await Deno.writeTextFile(`${folder}/arrays.npz`, "PK\x03\x04");
    for (const action of ["--move=x", "--cleaned=c.csv"]) {
      const { code, stderr } = await runMain([
        ...base.slice(0, 2),
        "--data-dir=arrays.npz",
        "--keep=first",
        action,
      ], folder);
      assertEquals(code, 2);
      assertMatch(stderr, /needs images in files of their own: --dataset must/);
    }
    await writeFiles(`${folder}/arrays`, { "images.npy": new Uint8Array() });
    const inArrays = await runMain(
      ["duplicates", "arrays", "--html=arrays/seen"],
      folder,
    );
    assertEquals(inArrays.code, 2);
    assertMatch(inArrays.stderr, /^--html must be outside of the data folder/);
    const { code, stderr } = await runMain(["duplicates", "--keep=best"]);
    assertEquals(code, 2);
    assertMatch(stderr, /^--keep must be first if images have no files/);
  }));

Deno.test("duplicates --search features finds a part of a photograph, which hashes do not, and says what it is", () =>
  inFolder(async (folder) => {
    const whole = photo(8);
    // Columns 3 to 29 and rows 1 to 27, as a picture of the same size.
    const part = moved(whole, (y, x) => [
      1 + Math.round((y + 0.5) * 27 / 32 - 0.5),
      3 + Math.round((x + 0.5) * 27 / 32 - 0.5),
    ]);
    await writeFiles(`${folder}/photos`, {
      "cat/part.png": png(part),
      "cat/whole.png": png(whole),
      ...Object.fromEntries(
        [a, b, c, d, e, f].map((pixels, i) => [`dog/${i}.png`, png(pixels)]),
      ),
    });
    const byHashes = await groupsOf(folder);
    assertEquals(byHashes.groups, []);
    const { groups } = await groupsOf(folder, "--search", "features");
    assertEquals(
      groups.map(({ images }) => images.map(({ path }) => path).toSorted()),
      [["cat/part.png", "cat/whole.png"]],
    );
    const { match } = groups[0]!.images[1]!;
    const { height, width } = match!.change!.enlarged as Record<string, number>;
    // Which of the two is the reference follows from the split.
    for (const side of [height!, width!]) {
      const times = side > 1 ? side : 1 / side;
      assert(Math.abs(times - 32 / 27) < 0.04, `${times}`);
    }
    const page = await runMain(
      [...base, "--search=features", "--html=page"],
      folder,
    );
    assertMatch(page.stdout, /content ×(1\.[12]|0\.8)/);
    assertMatch(
      await Deno.readTextFile(`${folder}/page/duplicates.html`),
      /at most 0\.5; features were also compared/,
    );
  }));

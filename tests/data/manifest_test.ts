import { assertEquals } from "@std/assert";
import { listManifest } from "../../src/data/folder/list_manifest.ts";
import { loadDataset } from "../../src/data/load_dataset.ts";
import { assertRefused, inTempDir } from "./_files.ts";
import { writeGrey } from "./_write_images.ts";

/** The images of the manifests below: the grey is the number in the name. */
async function writeImages(dir: string): Promise<void> {
  for (let grey = 1; grey <= 6; grey++) {
    await writeGrey(`${dir}/photos/${grey}.png`, grey);
  }
  await writeGrey(`${dir}/a, "b".png`, 7);
}

const load = async (manifest: string, unlabelled = false) => {
  const { train, test, classNames } = await loadDataset("folder", {
    dataDir: manifest,
    unlabelled,
  });
  return [train, test].map(({ paths, labels, pixels }) =>
    paths!.map((path, row) =>
      `${path} ${classNames[labels[row]!]} ${pixels[row * 3072]}`
    )
  );
};

/** What both manifests below say. */
const expected = [
  ["photos/1.png cat 1", "photos/2.png dog 2", '../a, "b".png cat 7'],
  ["photos/3.png dog 3"],
];

Deno.test("loadDataset() reads the images of a CSV manifest, with its splits", () =>
  inTempDir(async (dir) => {
    await writeImages(dir);
    await Deno.mkdir(`${dir}/lists`);
    await Deno.rename(`${dir}/photos`, `${dir}/lists/photos`);
    for (const end of ["\n", "\r\n", "\r"]) {
      await Deno.writeTextFile(
        `${dir}/lists/all.csv`,
        [
          "\ufeffsplit,path,label",
          "train,photos\\1.png,cat",
          "train,photos/2.png,dog",
          '"train","../a, ""b"".png",cat',
          "test,photos/3.png,dog",
          "val,photos/4.png,dog",
          "",
        ].join(end),
      );
      assertEquals(await load(`${dir}/lists/all.csv`), expected);
    }
  }));

Deno.test("loadDataset() reads the images of a JSON Lines manifest", () =>
  inTempDir(async (dir) => {
    await writeImages(dir);
    await Deno.mkdir(`${dir}/lists`);
    await Deno.rename(`${dir}/photos`, `${dir}/lists/photos`);
    const lines = [
      { path: "photos/1.png", label: "cat", split: "train" },
      { path: "photos/2.png", label: "dog", split: "train" },
      { path: '../a, "b".png', label: "cat", split: "train" },
      { path: "photos/3.png", label: "dog", split: "test" },
    ];
    await Deno.writeTextFile(
      `${dir}/lists/all.jsonl`,
      lines.map((line) => JSON.stringify(line)).join("\n"),
    );
    assertEquals(await load(`${dir}/lists/all.jsonl`), expected);
  }));

Deno.test("loadDataset() splits a manifest without splits, sorts numbers as such, and does without labels for duplicates", () =>
  inTempDir(async (dir) => {
    await writeImages(dir);
    const path = `${dir}/all.csv`;
    await Deno.writeTextFile(
      path,
      "path,label\nphotos/1.png,10\nphotos/2.png,9\nphotos/3.png,10\nphotos/4.png,9\n",
    );
    const { classNames, train, test } = await loadDataset("folder", {
      dataDir: path,
      split: "images",
    });
    assertEquals([classNames, train.rows, test.rows], [["9", "10"], 2, 2]);
    await Deno.writeTextFile(path, "path\nphotos/1.png\nphotos/2.png\n");
    await assertRefused(
      () => load(path),
      `"${path}" must have a label for "photos/1.png"`,
    );
    assertEquals(await load(path, true), [[
      "photos/1.png (no label) 1",
      "photos/2.png (no label) 2",
    ], []]);
  }));

Deno.test("loadDataset() takes all images of a manifest where it is to, those for validation and without labels, too", () =>
  inTempDir(async (dir) => {
    await writeImages(dir);
    const path = `${dir}/list.csv`;
    await Deno.writeTextFile(
      path,
      "path,label,split\nphotos/1.png,cat,train\nphotos/2.png,ant,val\nphotos/3.png,,test\n",
    );
    assertEquals(await load(path, true), [
      ["photos/1.png cat 1"],
      ["photos/3.png (no label) 3"],
    ]);
    const { train, test } = await loadDataset("folder", {
      dataDir: path,
      unlabelled: true,
      whole: true,
    });
    assertEquals([train.paths, test.rows], [
      ["photos/1.png", "photos/2.png", "photos/3.png"],
      0,
    ]);
    await assertRefused(
      () => load(path),
      `"${path}" must have a label for "photos/3.png"`,
    );
  }));

Deno.test({
  name:
    "listManifest() finds images next to a manifest in the top folder of a disk",
  // Only an administrator may write there.
  ignore: Deno.uid() !== 0,
  async fn() {
    const path = `/dupbench-${crypto.randomUUID()}.csv`;
    const how = {
      limits: { classes: 1, images: 1 },
      unlabelled: false,
      whole: false,
    };
    await Deno.writeTextFile(path, "path,label\na.png,cat\n");
    try {
      const { images } = await listManifest(path, how);
      assertEquals(images.map(({ path }) => path), ["/a.png"]);
    } finally {
      await Deno.remove(path);
    }
  },
});

const faults: Readonly<Record<string, readonly [text: string, what: string]>> =
  {
    "no path column": [
      "file,label\na.png,cat\n",
      'is not a valid manifest: its first line must name the columns path, label and split, got "file,label"',
    ],
    "a field that does not end": [
      'path,label\n"a.png,cat\n',
      "is not a valid manifest: the quoted field that begins on line 2 must end with a quote",
    ],
    "a field that goes on after its quote, below a field of two lines": [
      'path,label\n"a\nb.png",cat\n"c"d,cat\n',
      'is not a valid manifest: line 4 must have a comma or its end after a quoted field, got "d"',
    ],
    "an entry without a path, below an empty line": [
      "path,label\n\na.png,cat\n,cat\n",
      "is not a valid manifest: line 4 must have a path",
    ],
    "a comma that is not in quotes": [
      "path,label\na.png,red,,\nb.png,red, big\n",
      "is not a valid manifest: line 3 must have 2 fields, as the first has, got 3: a field with a comma must be in quotes",
    ],
    "an image twice": [
      "path,label\na.png,cat\na.png,dog\n",
      'must list each image once, got "a.png" twice',
    ],
    "an image twice, by two spellings of its path": [
      "path,label\na.png,cat\n./b/..\\a.png,dog\n",
      'must list each image once, got "a.png" and "./b/../a.png"',
    ],
    "another split": [
      "path,label,split\na.png,cat,dev\n",
      'must have train, val or test as split, got "dev" for "a.png"',
    ],
    "a split for some": [
      "path,label,split\na.png,cat,train\nb.png,cat,\n",
      'must have a split for every image or for none, got none for "b.png"',
    ],
    "a class that is only tested": [
      "path,label,split\na.png,cat,train\nb.png,dog,test\n",
      'must have an image of the class "dog" to train on, got none',
    ],
    "nothing": ["path,label\n", "must list 1 to 100000 images, got 0"],
  };

Deno.test("loadDataset() names the line of a JSON Lines manifest that is not JSON", () =>
  inTempDir(async (dir) => {
    const path = `${dir}/list.jsonl`;
    await Deno.writeTextFile(path, '{"path":"a.png"}\n\n{"path":\n');
    await assertRefused(
      () => load(path),
      `"${path}" is not a valid manifest: line 3 is not JSON: Unexpected end of JSON input`,
    );
  }));

Deno.test({
  name:
    "loadDataset() finds files with a backslash in their name, and otherwise takes it for a separator",
  ignore: Deno.build.os === "windows",
  fn: () =>
    inTempDir(async (dir) => {
      await writeGrey(`${dir}/a/b.png`, 1);
      await writeGrey(`${dir}/a\\b.png`, 2);
      await writeGrey(`${dir}/c/d.png`, 3);
      const path = `${dir}/list.csv`;
      await Deno.writeTextFile(
        path,
        "path,label,split\na/b.png,cat,train\na\\b.png,cat,train\nc\\d.png,cat,test\n",
      );
      assertEquals(await load(path), [
        ["a/b.png cat 1", "a\\b.png cat 2"],
        ["c/d.png cat 3"],
      ]);
    }),
});

for (const [name, [text, what]] of Object.entries(faults)) {
  Deno.test(`loadDataset() refuses a manifest with ${name}`, () =>
    inTempDir(async (dir) => {
      const path = `${dir}/list.csv`;
      await Deno.writeTextFile(path, text);
      await assertRefused(() => load(path), `"${path}" ${what}`);
    }));
}

import { assertEquals, assertMatch } from "@std/assert";
import { switches } from "../../src/cli/child_flags.ts";
import { duplicatesCommand } from "../../src/cli/duplicates.ts";
import { describeFlags } from "../../src/cli/flag.ts";
import { inFolder } from "../sweep/tiny_sweep.ts";
import { photo, png, writeFiles } from "./_photos.ts";
import { runMain } from "./run_main.ts";

const inPhotos = (test: (folder: string) => Promise<void>) =>
  inFolder(async (folder) => {
    await writeFiles(`${folder}/photos`, {
      "cat/1.png": png(photo(1)),
      "cat/2.png": png(photo(1)),
      "dog/3.png": png(photo(2)),
      "dog/4.png": png(photo(3)),
    });
    await Deno.writeTextFile(
      `${folder}/list.txt`,
      '{"path":"photos/cat/1.png","label":"a"}\n{"path":"photos/dog/3.png","label":"a"}',
    );
    await test(folder);
  });

Deno.test("data and duplicates take a folder or a file by itself, by --data and by --data-dir", () =>
  inPhotos(async (folder) => {
    const outputs = await Promise.all(
      [
        ["photos"],
        ["photos/"],
        ["--data", "photos"],
        ["--data-dir=photos"],
        ["--dataset=folder", "--data-dir", "photos"],
      ].map(async (words) => {
        const { code, stdout, stderr } = await runMain(
          ["data", "--json", ...words],
          folder,
        );
        assertEquals([code, stderr], [0, ""]);
        return { ...JSON.parse(stdout), loadMs: 0 };
      }),
    );
    for (const output of outputs) assertEquals(output, outputs[0]);
    assertEquals(outputs[0].shape, [32, 32, 3]);
    const listed = await runMain(["data", "list.txt"], folder);
    assertMatch(
      listed.stdout,
      /^folder: 1 training and 1 test images of 32x32/,
    );
    const seen = await runMain(["duplicates", "photos", "--show=1"], folder);
    assertMatch(
      seen.stdout,
      /cat\/[12]\.png[^]*cat\/[12]\.png +cat +same file/,
    );
  }));

Deno.test("data refuses two paths, and a path that is no data, in one line", () =>
  inPhotos(async (folder) => {
    for (
      const [words, line] of [
        [
          ["photos", "--data=list.txt"],
          '"photos" and --data "list.txt" both name data: give only one of them',
        ],
        [["photos", "list.txt"], "Name one folder or file of images"],
        [["none"], '"none" is absent'],
        [["--data="], "--data needs a value"],
      ] as const
    ) {
      const { code, stdout, stderr } = await runMain(
        ["data", ...words],
        folder,
      );
      assertEquals([code, stdout, stderr], [2, "", `${line}\n`]);
    }
  }));

Deno.test("sweep takes what is at --data for its data set, and leaves that of a study that fits", () =>
  inPhotos(async (folder) => {
    const sweep = (...words: string[]) =>
      runMain([
        "sweep",
        "--data=photos",
        "--epochs=1",
        "--ratios=0",
        "--seeds=1",
        "--attacks=none",
        "--backend=cpu",
        "--model=published-standard",
        "--out=out.json",
        ...words,
      ], folder);
    const { code, stderr } = await sweep();
    assertEquals(code, 0, stderr);
    const { study } = JSON.parse(await Deno.readTextFile(`${folder}/out.json`));
    assertEquals(
      [study.dataset, study.imageSize, study.split],
      ["folder", "common", "groups"],
    );
    const refused = await sweep("--dataset=cifar10-mini");
    assertEquals(refused.code, 2);
    assertMatch(refused.stderr, /takes no --data, got "photos"/);
  }));

Deno.test("childFlags() knows which options of duplicates take no value", () =>
  assertEquals(
    describeFlags(duplicatesCommand.options)
      .filter(({ kind }) => kind === "boolean").map(({ flag }) => flag),
    switches,
  ));

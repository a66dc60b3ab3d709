import { assert, assertEquals } from "@std/assert";
import { loadCifar10Mini } from "../../src/data/cifar10_mini.ts";
import { joinImages } from "../../src/data/join_images.ts";
import { leakedRows } from "../../src/data/leaked_rows.ts";
import { pickRows } from "../../src/data/pick_rows.ts";
import { changeImages } from "../../src/data/pixel_change.ts";
import { explainGroups } from "../../src/detection/explain_groups.ts";
import {
  foundAmongFirst,
  leaksFound,
  searchDuplicates,
} from "../../src/detection/search_duplicates.ts";

const mini = await loadCifar10Mini();

const copiesOf = (rows: number[], kind: "flip" | "exact") =>
  kind === "exact"
    ? pickRows(mini.train, Uint32Array.from(rows))
    : changeImages(mini.train, mini.shape, {
      rows: Uint32Array.from(rows),
      changes: rows.map(() => ({ kind })),
    });

/** Copies of training images in both splits, and of test images in theirs. */
const planted = {
  ...mini,
  train: joinImages([
    mini.train,
    await copiesOf([3, 4, 5], "exact"),
    await copiesOf([5, 900], "flip"),
  ]),
  test: joinImages([
    mini.test,
    await copiesOf([3, 7], "exact"),
    await copiesOf([900, 11], "flip"),
    pickRows(mini.test, Uint32Array.of(1, 2)),
  ]),
};

Deno.test("leaksFound() gives of one search what leakedRows() searches for", async () => {
  const found = await searchDuplicates(planted, { mirrored: true });
  const leaks = leaksFound(found, planted.train.rows);
  assertEquals(leaks, await leakedRows(planted));
  for (const row of [1000, 1001, 1002, 1003]) assert(leaks.includes(row));
  assert(!leaks.includes(1004));
});

Deno.test("foundAmongFirst() gives what a search of the first images alone does", async () => {
  const found = await searchDuplicates(planted, { mirrored: true });
  for (const near of [true, false]) {
    const alone = await searchDuplicates(
      { ...planted, test: pickRows(planted.test, new Uint32Array()) },
      { mirrored: true, near },
    );
    const among = foundAmongFirst(found, planted.train.rows, { near });
    assertEquals(among.firsts, alone.firsts);
    assertEquals(among.near, alone.near);
    assertEquals(among.images.pixels, alone.images.pixels);
  }
});

Deno.test("explainGroups() explains a group of more images than a call takes arguments", async () => {
  const rows = 200_000;
  const all = {
    pixels: new Uint8Array(rows),
    labels: new Uint8Array(rows),
    rows,
  };
  const none = pickRows(all, new Uint32Array());
  const [group, ...others] = await explainGroups(
    { name: "", shape: [1, 1, 1], classNames: [""], train: all, test: none },
    { images: all, firsts: new Uint32Array(rows), near: [] },
    { files: undefined, mirrored: false },
  );
  assertEquals([group!.images.length, group!.difference], [rows, 0]);
  assertEquals(others, []);
});

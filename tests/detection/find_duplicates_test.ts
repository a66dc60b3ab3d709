import { assert, assertEquals, assertRejects } from "@std/assert";
import { openStream, permutation } from "../../src/core/stream.ts";
import { loadCifar10Mini } from "../../src/data/cifar10_mini.ts";
import type { Dataset, Split } from "../../src/data/dataset.ts";
import { joinImages } from "../../src/data/join_images.ts";
import { selectRows } from "../../src/data/limit_rows.ts";
import { countLeaks } from "../../src/detection/count_leaks.ts";
import { distinctRows } from "../../src/detection/distinct_rows.ts";
import { firstOfEach } from "../../src/detection/search/exact_duplicates.ts";
import { findDuplicates } from "../../src/detection/find_duplicates.ts";
import { findNearPairs } from "../../src/detection/search/near_duplicates.ts";
import { groupPairs } from "../../src/detection/search/group_pairs.ts";
import { changed, concat, imagesOf, shape, size } from "./_images.ts";

const mini = await loadCifar10Mini();

/** The mini set with rows of one split appended to another. */
function plant(copies: [from: Split, row: number, to: Split][]): Dataset {
  const grown = (to: Split) =>
    joinImages([
      mini[to],
      ...copies.filter((copy) => copy[2] === to)
        .map(([from, row]) => selectRows(mini[from], Uint32Array.of(row))),
    ]);
  return { ...mini, train: grown("train"), test: grown("test") };
}

Deno.test("findDuplicates() finds no exact pair and one near pair in the mini set", async () => {
  const { exact, near, nearPairs } = await findDuplicates(mini);
  assertEquals(exact, []);
  assertEquals(nearPairs, 1);
  assertEquals(near.map(({ place, images }) => [place, images]), [["train", [
    { split: "train", row: 222, label: "horse" },
    { split: "train", row: 898, label: "horse" },
  ]]]);
});

Deno.test("findDuplicates() finds every planted exact duplicate and nothing else", async () => {
  const order = permutation(1000, openStream(4, "shuffle", "plant"));
  const copies = Array.from(order.subarray(0, 600), (row, i) => {
    const from: Split = i % 2 ? "train" : "test";
    const to: Split = i % 4 < 2 ? "train" : "test";
    return [from, row, to] as [Split, number, Split];
  });
  const { exact, near } = await findDuplicates(plant(copies));
  let [train, test] = [2000, 1000];
  const expected = copies.map(([from, row, to]) => {
    const copy = to === "train" ? train++ : test++;
    const places = [`${from} ${row}`, `${to} ${copy}`];
    // Training images stand first.
    if (from === "test" && to === "train") places.reverse();
    return [from === to ? from : "across", ...places].join();
  });
  const found = exact.map(({ place, difference, images }) => {
    assertEquals(difference, 0);
    return [place, ...images.map(({ split, row }) => `${split} ${row}`)].join();
  });
  assertEquals(found.toSorted(), expected.toSorted());
  // Equal images are no near pair; only those of the near pair's group join it.
  assertEquals(near.length, 1);
});

Deno.test("findDuplicates() puts images that equal near duplicates into their group", async () => {
  const { exact, near } = await findDuplicates(plant([["train", 898, "test"]]));
  assertEquals(exact.length, 1);
  assertEquals(near.map(({ place, images }) => [place, images.length]), [
    ["across", 3],
  ]);
});

Deno.test("findDuplicates() without near finds equal pixels only", async () => {
  const found = await findDuplicates(plant([["test", 1, "test"]]), {
    near: false,
  });
  assertEquals([found.exact.length, found.near, found.nearPairs], [1, [], 0]);
});

Deno.test("firstOfEach() distinguishes images that differ in one byte", () => {
  const one = mini.train.pixels.slice(0, size);
  const other = one.slice();
  other[size - 1]! ^= 1;
  const rows = firstOfEach(imagesOf(concat(one, other, one, other, other)));
  assertEquals([...rows], [0, 1, 0, 1, 1]);
});

Deno.test("groupPairs() joins chains, whatever the order of their pairs", () => {
  const pairs = [[0, 3], [5, 6], [3, 4], [2, 4]].map(([first, second], i) => ({
    first: first!,
    second: second!,
    difference: i / 10,
  }));
  const expected = [
    { rows: [0, 2, 3, 4], difference: 0.3 },
    { rows: [5, 6], difference: 0.1 },
  ];
  assertEquals(groupPairs(8, pairs), expected);
  assertEquals(groupPairs(8, pairs.toReversed()), expected);
});

Deno.test("distinctRows() keeps the first of equal images, and all images with none", async () => {
  const rows = Uint32Array.of(3, 1, 3, 3, 2, 1);
  const images = selectRows(mini.train, rows);
  const keep = (method: "none" | "exact") =>
    distinctRows(images, shape, { method });
  assertEquals([...await keep("exact")], [0, 1, 4]);
  assertEquals([...await keep("none")], [0, 1, 2, 3, 4, 5]);
});

Deno.test("distinctRows() near keeps images that differ from all that remain", async () => {
  const a = mini.train.pixels.slice(0, size);
  // Two steps of two pixels: the ends of the chain are too far apart.
  const b = await changed(a, { kind: "shift", down: 0, right: 2 });
  const c = await changed(b, { kind: "shift", down: 0, right: 2 });
  const images = imagesOf(concat(a, b, a, c));
  const near = { method: "near" } as const;
  assertEquals([...await distinctRows(images, shape, near)], [0, 3]);
  const joined = await findDuplicates({
    ...mini,
    train: images,
    test: imagesOf(new Uint8Array()),
  });
  assert(joined.near[0]!.images.length === 4, "though the group has them all");
});

Deno.test("the searches refuse images that are not of the shape given, labels of no class and unknown ways to search", async () => {
  const { train, test, classNames } = mini;
  const wrong = [32, 32, 1] as const;
  const lying = { ...train, rows: train.rows + 1 };
  const method = "Exact" as unknown as "exact";
  const search = "feature" as unknown as "features";
  const cases: [() => Promise<unknown>, string][] = [
    [
      () => findNearPairs(train, wrong),
      '"pixels" must have 2000 x 32 x 32 x 1 pixels, got 6144000',
    ],
    [
      () => distinctRows(train, wrong, { method: "exact" }),
      '"pixels" must have 2000 x 32 x 32 x 1 pixels',
    ],
    [
      () => distinctRows(train, shape, { method }),
      '"method" must be one of none, exact, near, got "Exact"',
    ],
    [() => findDuplicates({ ...mini, shape: wrong }), '"train" must have 2000'],
    // Rows without pixels were searched for without end.
    [
      () => findDuplicates({ ...mini, train: lying }),
      '"train" must have 2001 x 32 x 32 x 3 pixels',
    ],
    [() => countLeaks({ ...mini, shape: wrong }), '"train" must have 2000'],
    [
      () => findDuplicates(mini, { search }),
      '"search" must be one of hashes, features, got "feature"',
    ],
    [
      () => findDuplicates({ ...mini, classNames: classNames.slice(1) }),
      '"labels" must be below 9, the number of classes, got 9',
    ],
    [
      () => countLeaks({ ...mini, test, classNames: classNames.slice(1) }),
      '"labels" must be below 9, the number of classes, got 9',
    ],
  ];
  for (const [call, message] of cases) {
    await assertRejects(call, RangeError, message);
  }
});

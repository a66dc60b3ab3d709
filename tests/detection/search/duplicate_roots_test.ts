import { assert, assertEquals } from "@std/assert";
import { openStream, permutation } from "../../../src/core/stream.ts";
import { loadCifar10Mini } from "../../../src/data/cifar10_mini.ts";
import { joinImages } from "../../../src/data/join_images.ts";
import { selectRows } from "../../../src/data/limit_rows.ts";
import {
  changeImages,
  type PixelChange,
} from "../../../src/data/pixel_change.ts";
import { duplicateRoots } from "../../../src/detection/search/duplicate_roots.ts";
import { firstOfEach } from "../../../src/detection/search/exact_duplicates.ts";
import { groupPairs } from "../../../src/detection/search/group_pairs.ts";
import { findNearPairs } from "../../../src/detection/search/near_duplicates.ts";
import { shape } from "../_images.ts";

const kinds: readonly PixelChange[] = [
  { kind: "flip" },
  { kind: "shift", down: -2, right: 1 },
  { kind: "brightness", percent: 120 },
];

/** 600 photographs, copies of 200 changed in three ways, and 50 exact ones. */
const images = await (async () => {
  const { train } = await loadCifar10Mini();
  const rows = (from: number, to: number) =>
    Uint32Array.from({ length: to - from }, (_, i) => from + i);
  const changed = await changeImages(train, shape, {
    rows: rows(100, 300),
    changes: [...rows(0, 200)].map((i) => kinds[i % 3]!),
  });
  return joinImages([
    selectRows(train, rows(0, 600)),
    changed,
    selectRows(train, rows(250, 300)),
  ]);
})();

/** The groups of two or more, each as sorted rows. */
function groupsOf(roots: Uint32Array): number[][] {
  const groups = Map.groupBy([...roots.keys()], (row) => roots[row]!);
  return [...groups.values()].filter(({ length }) => length > 1);
}

Deno.test("duplicateRoots() joins the pairs of findNearPairs(), mirrored ones also, and equal images", async () => {
  const firsts = firstOfEach(images);
  const distinct = firsts.filter((first, row) => first === row);
  const near = await findNearPairs(selectRows(images, distinct), shape, {
    mirrored: true,
  });
  const pairs = [
    ...near.map(({ first, second, difference }) => ({
      first: distinct[first]!,
      second: distinct[second]!,
      difference,
    })),
    ...[...firsts.keys()].filter((row) => firsts[row] !== row)
      .map((second) => ({ first: firsts[second]!, second, difference: 0 })),
  ];
  const expected = groupPairs(images.rows, pairs).map(({ rows }) => rows);
  assertEquals(groupsOf(await duplicateRoots(images, shape)), expected);
  assert(expected.length >= 190 && expected.length <= 205);
});

Deno.test("duplicateRoots() in both orders finds the same groups in any order, and all of one order", async () => {
  const roots = await duplicateRoots(images, shape, { bothOrders: true });
  const groups = groupsOf(roots);
  for (const seed of [1, 2, 3]) {
    const order = permutation(images.rows, openStream(seed, "shuffle"));
    const moved = selectRows(images, order);
    const back = (found: number[][]) =>
      found.map((rows) => rows.map((row) => order[row]!).sort((a, b) => a - b))
        .sort((a, b) => a[0]! - b[0]!);
    const both = await duplicateRoots(moved, shape, { bothOrders: true });
    assertEquals(back(groupsOf(both)), groups);
    for (const rows of back(groupsOf(await duplicateRoots(moved, shape)))) {
      assertEquals(new Set(rows.map((row) => roots[row])).size, 1);
    }
  }
});

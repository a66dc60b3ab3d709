import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { cutTiles, layTiles } from "../../src/data/cut_tiles.ts";

Deno.test("layTiles() arranges tiles in lines of pixels", () => {
  // Two tiles of 2 x 2, red counting on.
  const tiles = Uint8Array.from({ length: 24 }, (_, i) => i % 3 ? 0 : i / 3);
  const { width, height, pixels } = layTiles(tiles, { side: 2, columns: 2 });
  assertEquals([width, height], [4, 2]);
  assertEquals(
    [...pixels].filter((_, i) => i % 3 === 0),
    [0, 1, 4, 5, 2, 3, 6, 7],
  );
});

Deno.test("cutTiles() is the inverse of layTiles()", () => {
  const sizes = fc.record({
    side: fc.integer({ min: 1, max: 4 }),
    columns: fc.integer({ min: 1, max: 4 }),
    count: fc.integer({ min: 1, max: 9 }),
  });
  fc.assert(fc.property(sizes, ({ side, columns, count }) => {
    const tiles = Uint8Array.from(
      { length: count * side * side * 3 },
      (_, i) => i * 7,
    );
    const sprite = layTiles(tiles, { side, columns });
    assertEquals(cutTiles(sprite, { side, count }), tiles);
  }));
});

import { assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { freshRows } from "../../src/duplication/fresh_rows.ts";

const labelsOf = (rows: number, classes: number) =>
  Uint8Array.from({ length: rows }, (_, row) => row % classes);

Deno.test("freshRows() are all different, of the copies' classes, and nest", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 5 }),
      fc.array(fc.nat(29), { maxLength: 40 }),
      fc.nat(),
      (classes, draws, seed) => {
        const labels = labelsOf(30, classes);
        const reserve = labelsOf(41 * classes, classes);
        const copies = Uint32Array.from(draws);
        const fresh = freshRows(copies, labels, reserve, { seed });
        assertEquals(new Set(fresh).size, copies.length);
        assertEquals(
          [...fresh].map((row) => reserve[row]),
          [...copies].map((row) => labels[row]),
        );
        const half = copies.subarray(0, copies.length >> 1);
        assertEquals(
          freshRows(half, labels, reserve, { seed }),
          fresh.subarray(0, half.length),
        );
      },
    ),
    { seed: 1 },
  );
});

Deno.test("freshRows() differ from seed to seed", () => {
  const labels = labelsOf(30, 1);
  const draw = (seed: number) =>
    freshRows(new Uint32Array(10), labels, labelsOf(100, 1), { seed });
  assertEquals(draw(1), draw(1));
  assertEquals(draw(1).join() === draw(2).join(), false);
});

Deno.test("freshRows() refuses a reserve with too few images of a class", () => {
  assertThrows(
    () =>
      freshRows(new Uint32Array(3), labelsOf(4, 2), labelsOf(4, 2), {
        seed: 0,
      }),
    RangeError,
    'of class 0 beyond "limitTrain" and "drawTrain" than 2',
  );
});

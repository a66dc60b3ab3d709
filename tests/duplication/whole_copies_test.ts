import { assertEquals, assertThrows } from "@std/assert";
import { ratioOfLevel } from "../../src/duplication/whole_copies.ts";

Deno.test("ratioOfLevel() counts the whole copies of the published levels", () => {
  assertEquals([0, 10, 60, 100].map(ratioOfLevel), [0, 1, 6, 10]);
});

for (const level of [-10, 5, 12.5, NaN, Infinity]) {
  Deno.test(`ratioOfLevel() refuses level ${level}`, () => {
    assertThrows(() => ratioOfLevel(level), RangeError, `${level}`);
  });
}

import { assertEquals } from "@std/assert";
import { describeLeaks } from "../../src/cli/describe_leaks.ts";

Deno.test("describeLeaks() names five classes and counts the others", () => {
  const text = (perClass: number[]) =>
    describeLeaks({
      perClass,
      classNames: perClass.map((_, c) => `c${c}`),
      testRows: 90,
      near: false,
      keepsGroups: false,
    });
  const head =
    "test images with an exact duplicate among the training images: ";
  assertEquals(text([0, 0]), `${head}0 of 90`);
  assertEquals(text([2, 0, 1]), `${head}3 of 90 (c0 2, c2 1)`);
  const five = "c0 1, c1 1, c2 1, c3 1, c4 1";
  assertEquals(
    text(Array(6).fill(1)),
    `${head}6 of 90 (${five}, 1 more class)`,
  );
  assertEquals(
    text(Array(7).fill(1)),
    `${head}7 of 90 (${five}, 2 more classes)`,
  );
});

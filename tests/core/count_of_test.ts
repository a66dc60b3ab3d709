import { assertEquals } from "@std/assert";
import { countOf } from "../../src/core/count_of.ts";

Deno.test("countOf() has the singular for one only", () => {
  assertEquals(
    [0, 1, 2].map((n) => countOf(n, "file")),
    ["0 files", "1 file", "2 files"],
  );
  assertEquals(countOf(1, "copy", "copies"), "1 copy");
  assertEquals(countOf(5, "copy", "copies"), "5 copies");
});

Deno.test("countOf() groups the digits of whole numbers, and keeps those of others", () => {
  assertEquals(countOf(12_345, "file"), "12,345 files");
  assertEquals(countOf(0.0005, "point"), "0.0005 points");
  assertEquals(countOf(1234.5678, "point"), "1234.5678 points");
});

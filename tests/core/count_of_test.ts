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

import { assertEquals } from "@std/assert";
import { listWords } from "../../src/core/list_words.ts";

Deno.test("listWords() has commas before the last word, and none between two", () => {
  assertEquals(listWords([]), "");
  assertEquals(listWords(["ratio"]), "ratio");
  assertEquals(listWords(new Set(["ratio", "width"])), "ratio and width");
  assertEquals(listWords(["ratio", "width", "size"]), "ratio, width and size");
});

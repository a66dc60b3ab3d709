import { assertEquals, assertThrows } from "@std/assert";
import { matchWork, type WorkList } from "../../src/compare/match_work.ts";
import { UsageError } from "../../src/core/errors.ts";

Deno.test("matchWork() looks for the most similar work only where it says so", () => {
  let looks = 0;
  const list = (file: string): WorkList<null> => ({
    file,
    work: Array.from({ length: 100 }, (_, i) => ({
      key: `${file}${i}`,
      label: `${i}`,
      detail: "",
      get config() {
        looks++;
        return { file, i };
      },
      result: { done: null },
    })),
  });
  assertThrows(
    () => matchWork([list("a"), list("b")], { common: false }),
    UsageError,
    '"0" is missing in "b" (the most similar differs in file)',
  );
  // One of the first file with each of the second, where it was each with each.
  assertEquals(looks <= 101, true, `${looks} looks`);
});

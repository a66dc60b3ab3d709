import { assertEquals, assertThrows } from "@std/assert";
import { UsageError } from "../../src/core/errors.ts";
import { checkLabels } from "../../src/data/check_labels.ts";

const check = { path: "labels.json", rows: 3, classes: 10 };

Deno.test("checkLabels() gives the labels as bytes", () => {
  assertEquals(checkLabels([0, 9, 5], check), Uint8Array.of(0, 9, 5));
});

for (
  const [labels, fault] of [
    [[0, 1], "must have 3 labels, one per image, got 2"],
    [[0, 1, 10], "must have an integer in [0, 10) as label 2, got 10"],
    [[-1, 1, 2], "must have an integer in [0, 10) as label 0, got -1"],
    [
      [0, 1.5, 2],
      "must have an integer in [0, 10) as label 1, got 1.5",
    ],
    [
      [0, "1", 2],
      'must have an integer in [0, 10) as label 1, got "1"',
    ],
    [
      [0, null, 2],
      "must have an integer in [0, 10) as label 1, got null",
    ],
  ] as const
) {
  Deno.test(`checkLabels() refuses ${JSON.stringify(labels)}`, () => {
    const error = assertThrows(() => checkLabels(labels, check), UsageError);
    assertEquals(error.message, `"labels.json" ${fault}`);
  });
}

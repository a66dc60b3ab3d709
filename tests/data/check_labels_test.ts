import { assertEquals, assertThrows } from "@std/assert";
import { UsageError } from "../../src/core/errors.ts";
import { checkLabels } from "../../src/data/check_labels.ts";

const check = { path: "labels.json", rows: 3, classes: 10 };

Deno.test("checkLabels() gives the labels as bytes", () => {
  assertEquals(checkLabels([0, 9, 5], check), Uint8Array.of(0, 9, 5));
});

for (
  const [labels, fault] of [
    [[0, 1], "label count must be 3, one an image: current value is 2"],
    [[0, 1, 10], "label 2 must be an integer in [0, 10): current value is 10"],
    [[-1, 1, 2], "label 0 must be an integer in [0, 10): current value is -1"],
    [
      [0, 1.5, 2],
      "label 1 must be an integer in [0, 10): current value is 1.5",
    ],
    [
      [0, "1", 2],
      'label 1 must be an integer in [0, 10): current value is "1"',
    ],
    [
      [0, null, 2],
      "label 1 must be an integer in [0, 10): current value is null",
    ],
  ] as const
) {
  Deno.test(`checkLabels() refuses ${JSON.stringify(labels)}`, () => {
    const error = assertThrows(() => checkLabels(labels, check), UsageError);
    assertEquals(error.message, `Cannot read "labels.json" as ${fault}`);
  });
}

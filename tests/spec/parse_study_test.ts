import { assertEquals, assertThrows } from "@std/assert";
import { UsageError } from "../../src/core/errors.ts";
import { parseStudy } from "../../src/spec/study.ts";

Deno.test("parseStudy() fills in defaults and leaves later fields absent", () => {
  const study = parseStudy({ name: "mine" });
  assertEquals(study.ratios, [0, 0.5, 1]);
  assertEquals(study.policy, ["uniform"]);
  assertEquals("standIn" in study, false);
});

const refused: [input: unknown, message: string][] = [
  [{}, 'The study: "name" is required: it must be text'],
  [
    { name: "mine", epochs: 0 },
    'The study: "epochs" must be at least 1, got 0',
  ],
  [
    { name: "mine", limtTrain: 5 },
    'The study has an unknown field: "limtTrain"',
  ],
  [
    { name: "mine", mode: ["append"] },
    'The study: "mode.0" must be one of add, replace, got "append"',
  ],
  [
    { name: "mine", augment: "none", cropPadding: 2 },
    'The study: "cropPadding" has no effect without augment crop-flip',
  ],
  [
    { name: "mine", model: ["published-adversarial"], border: "reflect" },
    'The study: "border" has no effect without augment crop-flip',
  ],
  [
    { name: "mine", cropPadding: 0, border: "reflect" },
    'The study: "border" has no effect without cropPadding of at least 1',
  ],
  [
    { name: "mine", networks: { Own: { layers: [{ type: "flatten" }] } } },
    'The study: "networks.Own" must be lower-case letters, digits, dots or dashes, got "Own"',
  ],
  [
    { name: "mine", exclude: [{ ratio: [0] }] },
    'The study has an unknown field: "exclude.0.ratio"',
  ],
  [7, "The study must be an object, got 7"],
];

for (const [input, message] of refused) {
  Deno.test(`parseStudy() refuses ${JSON.stringify(input)} in one line`, () => {
    const error = assertThrows(() => parseStudy(input), UsageError);
    assertEquals(error.message, message);
  });
}

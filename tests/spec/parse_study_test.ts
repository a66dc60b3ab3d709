import { assert, assertEquals, assertThrows } from "@std/assert";
import { UsageError } from "../../src/core/errors.ts";
import { planCells } from "../../src/spec/plan_cells.ts";
import {
  parseStudy,
  type StudyInput,
  studySchema,
} from "../../src/spec/study.ts";

Deno.test("parseStudy() fills in defaults and leaves later fields absent", () => {
  const study = parseStudy({ name: "mine" });
  assertEquals(study.ratios, [0, 0.5, 1]);
  assertEquals(study.policy, ["uniform"]);
  assertEquals("standIn" in study, false);
});

/** Studies in which a field does nothing, and how they are refused. */
function idle(
  field: string,
  value: unknown,
  need: string,
  ...studies: object[]
): [input: unknown, message: string][] {
  return studies.map((study) => [
    { name: "mine", ...study, [field]: value },
    `The study: "${field}" has no effect without ${need}`,
  ]);
}

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
  ...idle("nearKinds", ["flip"], "standIn copies or prior-restored", {
    copies: ["near"],
    standIn: ["weights", "fresh"],
  }),
  ...idle("momentum", 0.8, "optimizer sgd", {
    model: ["published-adversarial"],
  }),
  ...idle(
    "augmentCopies",
    "same",
    "augment crop-flip, a ratio above 0 and a standIn other than weights",
    { augment: "none" },
    { ratios: [0] },
    { standIn: ["weights"] },
  ),
  ...idle("testAugment", true, "augment crop-flip", { augment: "none" }),
  ...idle("epsilon", 0.1, "attacks or training other than standard", {
    attacks: [],
  }),
  ...idle(
    "alpha",
    0.1,
    "attacks pgd-N, or training adversarial without trainAlpha",
    { attacks: ["fgsm", "apgd-ce-5"], training: ["standard", "n-fgsm"] },
    { attacks: ["fgsm"], training: ["adversarial"], trainAlpha: 0.1 },
  ),
  ...idle("attackLowest", 0.5, "attacks pgd-N or training adversarial", {
    attacks: ["apgd-ce-5"],
    training: ["n-fgsm"],
  }),
  ...idle("testRandomStart", false, "attacks pgd-N", {
    attacks: ["fgsm"],
    training: ["adversarial"],
  }),
  ...idle("trainSteps", 3, "training adversarial", { training: ["n-fgsm"] }),
  ...idle("randomStart", false, "training adversarial", {}),
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

const effective: [field: string, study: Partial<StudyInput>][] = [
  ["nearKinds", {
    copies: ["near"],
    standIn: ["copies", "weights"],
    nearKinds: ["flip"],
  }],
  ["momentum", {
    model: ["published-standard", "published-adversarial"],
    momentum: 0.8,
  }],
  ["augmentCopies", { augmentCopies: "same", standIn: ["weights", "fresh"] }],
  ["testAugment", { testAugment: true }],
  ["epsilon", { attacks: [], training: ["n-fgsm"], epsilon: 0.1 }],
  ["alpha", { attacks: ["pgd-2"], alpha: 0.1 }],
  ["alpha", { attacks: [], training: ["adversarial"], alpha: 0.1 }],
  ["attackLowest", { attacks: ["pgd-2"], attackLowest: 0.5 }],
  ["testRandomStart", { attacks: ["pgd-2"], testRandomStart: false }],
  ["trainSteps", { training: ["standard", "adversarial"], trainSteps: 3 }],
  ["randomStart", { training: ["adversarial"], randomStart: false }],
];

for (const [field, study] of effective) {
  Deno.test(`parseStudy() accepts ${JSON.stringify(study)}, where ${field} changes a cell`, () => {
    const cellsOf = (input: Partial<StudyInput>) =>
      planCells(parseStudy({ name: "mine", ...input }), "wasm");
    const { [field as keyof typeof study]: _, ...without } = study;
    const ids = new Set(cellsOf(without).map(({ id }) => id));
    assert(cellsOf(study).some(({ id }) => !ids.has(id)));
  });
}

Deno.test("parseStudy() accepts defaults that have no effect", () => {
  const fields = {
    name: "mine",
    augment: "none",
    augmentCopies: "own",
    testAugment: false,
    epsilon: 8 / 255,
    trainSteps: 10,
    randomStart: true,
    testRandomStart: true,
    attacks: [],
  } as const;
  assertEquals(parseStudy(fields).trainSteps, 10);
});

Deno.test("studySchema reads recorded studies with fields that do nothing", () => {
  const recorded = { name: "old", attacks: [], epsilon: 0.1, trainSteps: 3 };
  assertEquals(studySchema.parse(recorded).epsilon, 0.1);
  assertThrows(() => parseStudy(recorded), UsageError);
});

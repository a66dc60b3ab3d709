import { assert, assertEquals } from "@std/assert";
import { analyse } from "../../src/analysis/analyse.ts";
import type { ClaimResult } from "../../src/analysis/judge_claim.ts";
import { findingOf } from "../../src/report/finding.ts";
import { readRecorded } from "../recorded_sets.ts";

const recorded =
  analyse([await readRecorded("corrected-standard-67934a9c")]).claims;
const uneven = recorded.find(({ statement }) =>
  statement === "Duplication that is uneven across classes lowers accuracy"
)!;
const even = recorded.find(({ statement }) =>
  statement.startsWith("With even duplication")
)!;

/** What the recorded controls leave open. */
const OPEN =
  "training, whether uneven copies, on average over class-biased and single-class, cost more than weights on their originals or than fresh images of the same classes is not shown";

/** A claim with other tests: the sentence depends on these alone. */
const having = (
  claim: ClaimResult,
  tests: { mean?: number; holmP: number; boundHolmP: number },
): ClaimResult => ({
  ...claim,
  ...tests,
  test: { ...claim.test!, mean: tests.mean ?? claim.test!.mean },
});

/** The claim with one control, whose contrast has this interval. */
const against = (
  claim: ClaimResult,
  interval: [number, number],
  equivalenceP: number,
): ClaimResult => ({
  ...claim,
  controls: [{
    ...claim.controls[0]!,
    control: "fresh",
    test: { ...claim.test!, interval },
    crossed: null,
    equivalenceP,
  }],
});

Deno.test("findingOf() says an effect and what is open of its reason", () => {
  assertEquals(findingOf([having(uneven, { holmP: 0.01, boundHolmP: 1 })]), {
    headline:
      "Copies that are uneven across classes lower accuracy in standard training",
    further: [`In standard ${OPEN}`],
  });
});

Deno.test("findingOf() says what each control shows of the reason", () => {
  const supported = having(uneven, { holmP: 0.01, boundHolmP: 1 });
  const reasonOf = (claim: ClaimResult) => findingOf([claim]).further.join(" ");
  const cases: [[number, number], number, string][] = [
    [
      [-3, -1],
      1,
      "In standard training, uneven copies, on average over class-biased and single-class, cost more accuracy than fresh images of the same classes",
    ],
    [
      [1, 3],
      1,
      "In standard training, uneven copies, on average over class-biased and single-class, cost less accuracy than fresh images of the same classes",
    ],
    [
      [-0.4, 0.5],
      0.001,
      "In standard training, uneven copies, on average over class-biased and single-class, cost within the margin as much as fresh images of the same classes",
    ],
    [
      [-2, 0.5],
      0.4,
      "In standard training, whether uneven copies, on average over class-biased and single-class, cost more than fresh images of the same classes is not shown",
    ],
  ];
  for (const [interval, equivalenceP, reason] of cases) {
    assertEquals(reasonOf(against(supported, interval, equivalenceP)), reason);
  }
  assertEquals(reasonOf({ ...supported, controls: [] }), "");
});

Deno.test("findingOf() names controls that show different things", () => {
  const supported = having(uneven, { holmP: 0.01, boundHolmP: 1 });
  const [fresh] = against(supported, [-3, -1], 1).controls;
  const [weights] = against(supported, [-0.4, 0.5], 0.001).controls;
  const controls = [
    { ...weights!, control: "weights" as const },
    fresh!,
    { ...fresh!, control: "prior-restored" as const },
  ];
  assertEquals(
    findingOf([{ ...supported, controls }]).further[0],
    "In standard training, uneven copies, on average over class-biased and single-class, cost more accuracy than fresh images of the same classes and than copies with class weights restored, and within the margin as much as weights on their originals",
  );
});

Deno.test("findingOf() claims nothing that a verdict does not", () => {
  const sentenceOf = (claim: ClaimResult) => findingOf([claim]).headline;
  assertEquals(
    sentenceOf(having(even, { mean: -0.5, holmP: 0.4, boundHolmP: 0.4 })),
    "Even copies have no clear effect on accuracy in standard training",
  );
  assertEquals(
    sentenceOf(having(even, { mean: -0.5, holmP: 0.4, boundHolmP: 0.01 })),
    "Even copies raise accuracy by less than the margin, if at all, in standard training",
  );
  assertEquals(
    sentenceOf(having(even, { mean: 2, holmP: 0.01, boundHolmP: 1 })),
    "Even copies raise accuracy in standard training",
  );
  assertEquals(
    sentenceOf(having(uneven, { mean: 0.1, holmP: 0.4, boundHolmP: 0.01 })),
    "Copies that are uneven across classes change accuracy by less than the margin in standard training",
  );
});

Deno.test("findingOf() says one thing of both ways to train once", () => {
  const adversarial: ClaimResult = {
    ...having(uneven, { holmP: 0.01, boundHolmP: 1 }),
    statement:
      "Duplication that is uneven across classes lowers the accuracy of an adversarially trained model",
    arms: uneven.arms.map((arm) => ({ ...arm, training: "n-fgsm" })),
  };
  const standard = having(uneven, { holmP: 0.01, boundHolmP: 1 });
  assertEquals(
    findingOf([adversarial, standard]),
    {
      headline:
        "Copies that are uneven across classes lower accuracy in standard and adversarial training",
      further: [`In standard and adversarial ${OPEN}`],
    },
  );
  assertEquals(
    findingOf([{ ...adversarial, holmP: 0.5 }, standard]),
    {
      headline:
        "Copies that are uneven across classes lower accuracy in standard training, and have no clear effect on accuracy in adversarial training",
      further: [`In standard ${OPEN}`],
    },
  );
});

Deno.test("findingOf() of too few seeds, of chance level and of no runs says so", async () => {
  const few = findingOf(analyse([await readRecorded("quick")]).claims);
  assertEquals(few.headline, "These runs are not enough for an answer");
  assert(few.further[0]!.startsWith("A verdict needs at least 6 seeds"));
  const chance = findingOf(
    analyse([await readRecorded("sweep-37c81226")]).claims,
  );
  assertEquals(chance.headline, "These runs are not enough for an answer");
  assert(chance.further[0]!.includes("not above chance"), chance.further[0]);
  const published = await readRecorded("published-standard-6dbb1440");
  assertEquals(
    findingOf(analyse([published]).claims).headline,
    "These runs answer none of the questions",
  );
});

/** The claim with too few seeds for a verdict. */
const open = (
  claim: ClaimResult,
  n: number,
  reason = "too few",
): ClaimResult => ({
  ...claim,
  holmP: null,
  boundHolmP: null,
  reason,
  crossed: null,
  test: { ...claim.test!, n, mean: -0.34, interval: [-0.71, 0.04] },
});

Deno.test("findingOf() of seeds for intervals and not for a verdict says the slopes", () => {
  assertEquals(findingOf([open(uneven, 4), open(even, 4)]), {
    headline:
      "For one copy per original, uneven copies change clean accuracy by −0.3 points and even copies by −0.3 points: intervals without a verdict",
    further: [
      "Change of clean accuracy, uneven copies, standard training: −0.3 points (−0.7 to 0.0), 4 seeds",
      "Change of clean accuracy, even copies, standard training: −0.3 points (−0.7 to 0.0), 4 seeds",
      "Too few.",
    ],
  });
  const adversarial = open({
    ...uneven,
    arms: uneven.arms.map((arm) => ({ ...arm, training: "n-fgsm" })),
  }, 3);
  assertEquals(
    findingOf([open(uneven, 5), adversarial]).headline,
    "For one copy per original, uneven copies change clean accuracy by −0.3 points in standard training and uneven copies by −0.3 points in adversarial training: intervals without a verdict",
  );
  for (
    const claim of [
      open(uneven, 2),
      open(uneven, 4, "at ratio 0, 1 of 1 networks is not above chance"),
    ]
  ) {
    assertEquals(
      findingOf([claim]).headline,
      "These runs are not enough for an answer",
    );
  }
});

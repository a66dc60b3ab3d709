import { assertAlmostEquals, assertEquals } from "@std/assert";
import {
  compareOutcomes,
  defaultTolerance,
} from "../../src/compare/compare_outcomes.ts";
import { cell, type CellOptions, diverge } from "./_sets.ts";

const compare = (
  a: CellOptions,
  b: CellOptions,
  tolerance = defaultTolerance,
) => compareOutcomes(cell(a), cell(b), tolerance);
const verdict = (...args: Parameters<typeof compare>) =>
  compare(...args).verdict;

Deno.test("compareOutcomes() calls outcomes bit-equal whatever the times and the backend", () => {
  assertEquals(
    compare({ times: [9, 8] }, { times: [90, 80], backend: "webgpu" }),
    {
      verdict: "bit-equal",
      largestLossDifference: 0,
      smallestAgreement: 1,
      accuracies: [{
        evaluation: "clean",
        rows: 10,
        reference: 7,
        compared: 7,
        difference: 0,
        gained: 0,
        lost: 0,
      }],
    },
  );
});

Deno.test("compareOutcomes() calls other weights within tolerance if losses and images agree", () => {
  assertEquals(verdict({}, { weights: "b" }), "within-tolerance");
});

Deno.test("compareOutcomes() measures losses relative to the larger, in the worst epoch", () => {
  const a = { losses: [2, 4, 1], times: [1, 1, 1] };
  const b = { losses: [2, 3, 1.1], times: [1, 1, 1] };
  assertAlmostEquals(compare(a, b).largestLossDifference, 0.25, 1e-15);
  const held = (loss: number) => ({ loss, agreement: 0.99 });
  assertEquals(verdict(a, b, held(0.25)), "within-tolerance");
  assertEquals(verdict(a, b, held(0.2499)), "different");
});

Deno.test("compareOutcomes() counts images gained and lost, not only their difference", () => {
  const a = { clean: "1111111000", fgsm: "1100000000" };
  const b = { clean: "0011111110", fgsm: "1000000111" };
  const { accuracies, smallestAgreement, verdict } = compare(a, b);
  assertEquals(
    accuracies.map(({ evaluation, reference, compared, gained, lost }) => ({
      evaluation,
      reference,
      compared,
      gained,
      lost,
    })),
    [
      { evaluation: "clean", reference: 7, compared: 7, gained: 2, lost: 2 },
      { evaluation: "fgsm", reference: 2, compared: 4, gained: 3, lost: 1 },
    ],
  );
  assertEquals(accuracies[1]!.difference, 0.2);
  assertAlmostEquals(smallestAgreement!, 0.6, 1e-15);
  assertEquals(verdict, "different", "equal losses do not compensate for that");
});

Deno.test("compareOutcomes() compares what mirror images give, where both were asked", () => {
  const flipped = (bits: string) => {
    const plain = cell({ clean: "1111111000" });
    const test = plain.outcome.test!;
    const score = cell({ clean: bits }).outcome.test!.clean;
    return {
      ...plain,
      outcome: { ...plain.outcome, test: { ...test, flipped: score } },
    };
  };
  const [a, b] = [flipped("1111111100"), flipped("0111111111")];
  const { accuracies, smallestAgreement } = compareOutcomes(
    a,
    b,
    defaultTolerance,
  );
  assertEquals(
    accuracies.map((
      { evaluation, gained, lost },
    ) => [evaluation, gained, lost]),
    [["clean", 0, 0], ["flipped", 2, 1]],
  );
  assertAlmostEquals(smallestAgreement!, 0.7, 1e-15);
});

Deno.test("compareOutcomes() compares averaged weights, and those of the best epoch if it is the same", () => {
  const with_ = (averaged: string, best: string, epoch = 0) => {
    const plain = cell({ clean: "1111111000" });
    const weightsSha256 = "";
    const testOf = (clean: string) => cell({ clean }).outcome.test!;
    return {
      ...plain,
      outcome: {
        ...plain.outcome,
        averaged: { test: testOf(averaged), weightsSha256 },
        best: { test: testOf(best), weightsSha256, epoch },
      },
    };
  };
  const a = with_("1111111100", "1111110000");
  const of = (b: typeof a) =>
    compareOutcomes(a, b, defaultTolerance).accuracies.map((
      { evaluation, gained, lost },
    ) => [evaluation, gained, lost]);
  assertEquals(of(with_("0111111111", "1111100000")), [
    ["clean", 0, 0],
    ["averaged clean", 2, 1],
    ["best clean", 0, 1],
  ]);
  assertEquals(of(with_("1111111100", "1111100000", 1)), [
    ["clean", 0, 0],
    ["averaged clean", 0, 0],
  ]);
});

Deno.test("compareOutcomes() accepts agreement down to the tolerance and no further", () => {
  const a = { clean: "1111111000" };
  const b = { clean: "1111111001" };
  const held = (agreement: number) => ({ loss: 0, agreement });
  assertEquals(verdict(a, b, held(0.9)), "within-tolerance");
  assertEquals(verdict(a, b, held(0.91)), "different");
});

Deno.test("compareOutcomes() accepts agreement that equals the tolerance, however that is rounded", () => {
  for (let same = 0; same <= 12; same++) {
    for (let rows = Math.max(same, 1); rows <= 12; rows++) {
      const [a, b] = ["1", "0"].map((rest) => ({
        clean: "1".repeat(same) + rest.repeat(rows - same),
      }));
      // As the command line reads it: a decimal.
      const agreement = Number(String(same / rows));
      assertEquals(
        verdict(a!, b!, { loss: 0, agreement }),
        same === rows ? "bit-equal" : "within-tolerance",
        `${same} of ${rows}`,
      );
    }
  }
});

Deno.test("compareOutcomes() calls a run that diverged different from one that did not", () => {
  const fine = cell({ losses: [2, 2], times: [1, 1] });
  const diverged = diverge(cell({ losses: [2], times: [1, 1] }), 1);
  const { verdict, smallestAgreement, accuracies } = compareOutcomes(
    fine,
    diverged,
    { loss: 1, agreement: 0 },
  );
  assertEquals([verdict, smallestAgreement, accuracies], [
    "different",
    null,
    [],
  ]);
  assertEquals(
    compareOutcomes(diverged, diverged, defaultTolerance).verdict,
    "bit-equal",
  );
});

Deno.test("compareOutcomes() calls training on other images different, whatever the tolerance", () => {
  const a = cell();
  const duplication = { ...a.duplication, planSha256: "f".repeat(64) };
  const lax = { loss: 1, agreement: 0 };
  assertEquals(
    compareOutcomes(a, { ...a, duplication }, lax).verdict,
    "different",
  );
  const epochs = a.outcome.epochs.map((epoch) => ({ ...epoch, steps: 2 }));
  const longer = { ...a, outcome: { ...a.outcome, epochs } };
  assertEquals(compareOutcomes(a, longer, lax).verdict, "different");
});

import { assertAlmostEquals, assertEquals } from "@std/assert";
import { countAtChance } from "../../src/analysis/chance.ts";
import { measure } from "../../src/analysis/metric.ts";
import { timesToLoss } from "../../src/analysis/times_to_loss.ts";
import type { FinishedCell } from "../../src/results/result_set.ts";
import { finishedCell } from "../results/finished_cell.ts";

/** A cell whose epochs have these losses and this time each, the first slower. */
function trained(losses: number[], epochMs: number): FinishedCell {
  const cell = finishedCell(1);
  const epoch = { dataMs: 0, attackMs: 0, updateMs: 0, totalMs: epochMs };
  return {
    ...cell,
    outcome: {
      ...cell.outcome,
      epochs: losses.map((loss) => ({ loss, images: 1, steps: 1 })),
    },
    timing: {
      ...cell.timing,
      epochs: losses.map((_, i) =>
        i === 0 ? { ...epoch, totalMs: 9999 } : epoch
      ),
    },
  };
}

Deno.test("timesToLoss() is the epochs to the loss that all reach, times the time per epoch after the first", () => {
  const times = timesToLoss([
    // The least loss that both reach is 1.
    trained([2, 1.5, 1], 100),
    trained([2.4, 1.4, 0.6, 0.5], 200),
  ]);
  // Third epoch exactly; second and a half: 1 is half-way from 1.4 to .6.
  assertAlmostEquals(times[0]!, 300, 1e-9);
  assertAlmostEquals(times[1]!, 2.5 * 200, 1e-9);
});

Deno.test("timesToLoss() has no time for a single epoch, and counts one epoch where the loss starts below", () => {
  assertEquals(timesToLoss([trained([2], 100)]), [null]);
  const [, fast] = timesToLoss([trained([3, 2], 100), trained([1, 0.5], 50)]);
  assertEquals(fast, 50);
});

Deno.test("measure() has the accuracies of averaged weights and of the best epoch, where there are any", () => {
  const cell = finishedCell(1);
  const test = cell.outcome.test!;
  const of = (correct: number, worst: number) => ({
    test: {
      ...test,
      clean: { ...test.clean, correct },
      worstCase: { ...test.clean, correct: worst },
    },
    weightsSha256: "",
  });
  const outcome = {
    ...cell.outcome,
    averaged: of(8, 3),
    best: { ...of(6, 4), epoch: 0 },
  };
  const metrics = [
    "clean",
    "adversarial",
    "averaged-clean",
    "averaged-adversarial",
    "best-clean",
    "best-adversarial",
  ] as const;
  assertEquals(
    metrics.map((metric) => measure({ ...cell, outcome }, metric)),
    [70, null, 80, 30, 60, 40],
  );
  assertEquals(
    metrics.map((metric) => measure(cell, metric)),
    [70, null, null, null, null, null],
  );
});

Deno.test("measure() has the accuracy with mirror images where a study asks for it", () => {
  const cell = finishedCell(1);
  const test = cell.outcome.test!;
  const flipped = { ...test.clean, correct: 8 };
  const outcome = { ...cell.outcome, test: { ...test, flipped } };
  assertEquals(measure({ ...cell, outcome }, "flipped-clean"), 80);
  assertEquals(measure({ ...cell, outcome }, "clean"), 70);
  assertEquals(measure(cell, "flipped-clean"), null);
});

Deno.test("measure() counts the worst case from the bits of every attack", () => {
  const cell = finishedCell(1);
  const score = (bits: string) => ({
    correct: 0,
    correctPerClass: [],
    bits,
    maxPerturbation: 0,
  });
  const under = (byAttack: Record<string, ReturnType<typeof score>>) =>
    measure({
      ...cell,
      outcome: {
        ...cell.outcome,
        test: {
          ...cell.outcome.test!,
          // Images 0 to 6 of 10 are right: 1111 1110 00.
          clean: { ...cell.outcome.test!.clean, bits: "fe0" },
          byAttack,
        },
      },
    }, "adversarial");
  assertEquals(under({}), null);
  // 0 to 3 and 9, which is wrong without an attack.
  assertEquals(under({ fgsm: score("f04") }), 40);
  // And only 2 to 5 under the other: 2 and 3 are left.
  assertEquals(under({ fgsm: score("f04"), square: score("3c0") }), 20);
});

Deno.test("countAtChance() counts more networks than a call has arguments", () => {
  const cell = trained([1], 1);
  const cells = Array.from({ length: 200_000 }, (_, i): FinishedCell => ({
    ...cell,
    id: `${i}`,
  }));
  const { networks, chance } = countAtChance(cells);
  assertEquals([networks, chance], [200_000, 10]);
});

Deno.test("countAtChance() counts a cell that result sets share once", () => {
  const cell = trained([1], 1);
  const { atChance, networks } = countAtChance([cell, structuredClone(cell)]);
  assertEquals([atChance, networks], [countAtChance([cell]).atChance, 1]);
  // Cells of two folders of images have the same config, and so the same id.
  const other = structuredClone(cell);
  other.outcome.test!.clean.correct++;
  assertEquals(countAtChance([cell, other]).networks, 2);
});

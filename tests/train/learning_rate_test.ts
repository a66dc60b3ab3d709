import { assertAlmostEquals, assertEquals } from "@std/assert";
import { learningRateAt } from "../../src/train/learning_rate.ts";
import type { Schedule } from "../../src/spec/schedules.ts";

// What PyTorch 1.13 gave for a base of .1 over five epochs: StepLR(2, .1) and
// CosineAnnealingLR(T_max=5).
const torch: [Schedule, number[]][] = [
  [{ name: "constant" }, [0.1, 0.1, 0.1, 0.1, 0.1]],
  [{ name: "step", every: 2, gamma: 0.1 }, [0.1, 0.1, 0.01, 0.01, 0.001]],
  [{ name: "cosine" }, [
    0.1,
    0.09045084971874738,
    0.06545084971874737,
    0.03454915028125263,
    0.009549150281252633,
  ]],
];

for (const [schedule, rates] of torch) {
  Deno.test(`learningRateAt() ${schedule.name} follows PyTorch's schedule`, () => {
    rates.forEach((rate, epoch) =>
      [0, 1].forEach((part) =>
        assertAlmostEquals(
          learningRateAt(schedule, {
            base: 0.1,
            epoch,
            epochs: 5,
            step: 2 * epoch + part,
            steps: 10,
          }),
          rate,
          1e-12,
        )
      )
    );
  });
}

/** Rates of each of `steps` steps of one epoch, for a base of .1. */
function ratesOf(schedule: Schedule, steps: number): number[] {
  return Array.from(
    { length: steps },
    (_, step) =>
      learningRateAt(schedule, { base: 0.1, epoch: 0, epochs: 1, step, steps }),
  );
}

function assertRates(actual: number[], expected: number[]) {
  assertEquals(actual.length, expected.length);
  actual.forEach((rate, step) =>
    assertAlmostEquals(rate, expected[step]!, 1e-12)
  );
}

Deno.test("learningRateAt() one-cycle is airbench's triangle", () => {
  // cifar10-airbench (Jordan 2024): knots at 0, int(peak * steps) and steps, of
  // heights start, 1 and end; by numpy.interp(range(10), [0, 2, 10], [.2, 1, .07]).
  assertRates(
    ratesOf({ name: "one-cycle", warmup: 0.23, start: 0.2, end: 0.07 }, 10),
    [
      0.02,
      0.06,
      0.1,
      0.088375,
      0.07675,
      0.065125,
      0.0535,
      0.041875,
      0.03025,
      0.018625,
    ],
  );
});

Deno.test("learningRateAt() one-cycle without a rise begins at its base", () => {
  assertRates(
    ratesOf({ name: "one-cycle", warmup: 0, start: 0.2, end: 0 }, 4),
    [0.1, 0.075, 0.05, 0.025],
  );
});

Deno.test("learningRateAt() cosine with a warm-up rises from 0, then falls along half a cosine", () => {
  // As get_cosine_schedule_with_warmup of Hugging Face's transformers defines
  // it, with 2 warm-up steps of 8: k / 2, then (1 + cos(pi (k - 2) / 6)) / 2.
  const root = Math.sqrt(3) / 2;
  assertRates(
    ratesOf({ name: "cosine", warmup: 0.25 }, 8),
    [0, 0.5, 1, (1 + root) / 2, 0.75, 0.5, 0.25, (1 - root) / 2].map((factor) =>
      factor / 10
    ),
  );
});

import { assertAlmostEquals } from "@std/assert";
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
      assertAlmostEquals(
        learningRateAt(schedule, { base: 0.1, epoch, epochs: 5 }),
        rate,
        1e-12,
      )
    );
  });
}

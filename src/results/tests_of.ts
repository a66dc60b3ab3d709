import type { Outcome } from "./outcome.ts";
import type { TestOutcome } from "./result_set_types.ts";

/** What some weights of a cell make of the test images. */
export interface NamedTest {
  /** Which weights: nothing for the last. */
  readonly weights: "" | "averaged" | "best";
  /** Where it is in the outcome, such as `averaged.test`. */
  readonly path: string;
  readonly test: TestOutcome;
}

/** All weights of a cell that were evaluated on the test images, the last first. */
export function testsOf(
  { test, averaged, best }: Pick<Outcome, "test" | "averaged" | "best">,
): NamedTest[] {
  const list = [
    { weights: "", path: "test", test },
    { weights: "averaged", path: "averaged.test", test: averaged?.test },
    { weights: "best", path: "best.test", test: best?.test },
  ] as const;
  return list.flatMap(({ test, ...rest }) => test ? [{ ...rest, test }] : []);
}

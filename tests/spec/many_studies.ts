import fc from "fast-check";
import type { Axis } from "../../src/spec/axis.ts";
import { axes } from "../../src/spec/axes.ts";
import { newStudySchema, type StudyInput } from "../../src/spec/study.ts";

const numbers: Readonly<Record<string, readonly unknown[]>> = {
  drawTrain: ["all", 3, 5],
  ratio: [0, 0.25, 0.5, 1, 2],
  conflict: [0, 0.25, 1],
};

/** Some values of an axis: of its names, or numbers in its range. */
function valuesOf({ entry, key }: Axis): fc.Arbitrary<unknown[]> {
  const { options } = entry as { options?: readonly string[] };
  const values = numbers[key] ?? options ?? [1, 2, 3];
  return fc.subarray([...values], { minLength: 1 });
}

const axisValues = fc.record(
  Object.fromEntries(axes.map((axis: Axis) => [axis.field, valuesOf(axis)])),
  { requiredKeys: [] },
);

/** Studies with any values of their axes that new studies may have. */
export const manyStudies: fc.Arbitrary<StudyInput> = fc.tuple(
  axisValues,
  fc.record({
    class: fc.constant(1),
    classWeights: fc.constant<number[]>([1, 2]),
    augment: fc.constantFrom("none", "crop-flip"),
    cropPadding: fc.constantFrom(0, 2, 4),
    border: fc.constantFrom("black", "reflect"),
    flip: fc.constantFrom("random", "alternating"),
    cutout: fc.constantFrom(1, 8),
    augmentCopies: fc.constantFrom("own", "same"),
    testAugment: fc.boolean(),
    testFlip: fc.boolean(),
    attackImages: fc.constantFrom(1, 20),
    optimizer: fc.constantFrom("sgd", "adam"),
    plans: fc.constantFrom("nested", "anew"),
    evaluateEvery: fc.constantFrom(1, 5, 100),
  }, { requiredKeys: [] }),
).map(([axes, others]) => ({ name: "x", ...axes, ...others }) as StudyInput)
  .filter((study) => newStudySchema.safeParse(study).success);

import { assert, assertEquals } from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import { type Draw, type DrawnCase, sizeOf } from "./drawn_case.ts";

/** Step of the differences: kinks of the drawn cases are further away. */
const step = 1e-4;

/** Most elements of an input whose gradients are compared. */
const sampled = 12;

/** Largest difference, over the largest expected number or 1. */
function assertClose(
  actual: readonly number[],
  expected: readonly number[],
  { text, most }: { text: string; most: number },
): void {
  const scale = Math.max(1, ...expected.map(Math.abs));
  expected.forEach((value, i) =>
    assert(
      Math.abs(actual[i]! - value) <= most * scale,
      `${text}: element ${i} is ${actual[i]}, should be ${value}`,
    )
  );
}

const tensorOf = (values: readonly number[], shape: readonly number[]) =>
  tf.tensor(values as number[], shape as number[]);

/**
 * Compares a call's result with its sums in float64, and the first and second
 * gradients of a weighted sum of its squares with central differences of them.
 * The second ones are of the derivative along a drawn direction.
 */
export function checkCase(
  { text, inputs, run, reference, orders = 2 }: DrawnCase,
  draw: Draw,
): void {
  const given = inputs.map(({ values }) => [...values]);
  const expected = reference(...given);
  const tensors = () =>
    inputs.map(({ values, shape, dtype = "float32" }) =>
      tf.tensor(values as number[], shape as number[], dtype)
    );
  const before = tf.memory().numTensors;
  const [values, shape] = tf.tidy(() => {
    const y = run(...tensors());
    return [[...y.dataSync()], y.shape];
  });
  assertEquals(values.length, expected.length, text);
  assertClose(values, expected, { text, most: 1e-5 });

  const weights = draw.lattice([expected.length]).values;
  const lossOf = (lists: number[][]) =>
    reference(...lists).reduce((sum, y, i) => sum + weights[i]! * y * y, 0);
  const directions = inputs.map(({ shape }) => draw.lattice(shape).values);
  const along = (lists: number[][]) => {
    const at = (h: number) =>
      lossOf(
        lists.map((list, i) =>
          list.map((value, j) => value + h * directions[i]![j]!)
        ),
      );
    return (at(step) - at(-step)) / (2 * step);
  };
  const loss = (...x: tf.Tensor[]) =>
    tf.sum(tf.mul(tf.square(run(...x)), tensorOf(weights, shape as number[])));
  const slope = (...x: tf.Tensor[]) =>
    tf.addN(
      tf.grads(loss)(x).map((gradient, i) =>
        tf.sum(tf.mul(gradient, tensorOf(directions[i]!, inputs[i]!.shape)))
      ),
    );
  const kinds = [["gradient", loss, lossOf, 1e-4], [
    "second gradient",
    slope,
    along,
    1e-3,
  ]] as const;
  for (const [kind, f, exact, most] of kinds.slice(0, orders)) {
    const gradients = tf.tidy(() =>
      tf.grads(f)(tensors()).map((gradient) => [...gradient.dataSync()])
    );
    inputs.forEach(({ shape }, which) => {
      const size = sizeOf(shape);
      const places = Array.from(
        { length: Math.min(size, sampled) },
        (_, i) => size <= sampled ? i : draw.whole(0, size - 1),
      );
      const differences = places.map((place) => {
        const at = (h: number) =>
          exact(
            given.map((list, i) =>
              i === which ? list.with(place, list[place]! + h) : list
            ),
          );
        return (at(step) - at(-step)) / (2 * step);
      });
      assertEquals(gradients[which]!.length, size, text);
      assertClose(
        places.map((place) => gradients[which]![place]!),
        differences,
        { text: `${text}: ${kind} by input ${which}`, most },
      );
    });
  }
  assertEquals(tf.memory().numTensors, before, `${text} keeps tensors`);
}

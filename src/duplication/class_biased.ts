import { defaultClassWeights } from "../spec/class_weights.ts";
import { passes, rowsOfClass } from "./_passes.ts";
import { openPlanStream, planNaming } from "./plan_stream.ts";
import type { DrawContext } from "./policy.ts";

/**
 * Draws the class of each copy from the class weights and then the next image
 * of that class: distinct ones until each has a copy, then all of them again.
 * Classes are drawn from a separate stream, so that any prefix has the class mix
 * of the weights within sampling error.
 */
export function classBiased(context: DrawContext): Iterator<number, void> {
  const { labels, classes, options } = context;
  const weights = options.classWeights ?? defaultClassWeights(classes);
  checkWeights(weights, classes);
  const rows = weights.map((_, label) => rowsOfClass(labels, label));
  const empty = weights.findIndex((w, label) => w > 0 && !rows[label]!.length);
  if (empty >= 0) {
    throw new RangeError(
      `"classWeights" must have 0 for class ${empty}, which has no training images, got ${
        weights[empty]
      }`,
    );
  }
  return draws(weights, rows, context);
}

function* draws(
  weights: readonly number[],
  rows: readonly Uint32Array[],
  context: DrawContext,
): Generator<number, void> {
  const { options } = context;
  const stream = openPlanStream(
    planNaming(options),
    "plan",
    options.policy,
    "class",
  );
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const images = rows.map((of, label) => passes(of, context, "row", label));
  while (true) {
    const next = images[pick(weights, stream.uniform() * total)]!.next();
    if (next.done) return;
    yield next.value;
  }
}

/** The class whose interval of the cumulative weights contains `at`. */
function pick(weights: readonly number[], at: number): number {
  let last = 0;
  for (const [label, weight] of weights.entries()) {
    if (weight === 0) continue;
    if (at < weight) return label;
    at -= weight;
    last = label;
  }
  // Rounding may leave a remainder above the last interval.
  return last;
}

function checkWeights(weights: readonly number[], classes: number): void {
  const sum = weights.reduce((sum, weight) => sum + weight, 0);
  if (
    weights.length !== classes || !(sum > 0 && sum < Infinity) ||
    weights.some((weight) => weight < 0)
  ) {
    throw new RangeError(
      `"classWeights" must be ${classes} numbers of at least 0, not all 0, got [${
        weights.join(", ")
      }]`,
    );
  }
}

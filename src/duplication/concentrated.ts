import { requireCount } from "../core/require_count.ts";
import { permutation } from "../core/stream.ts";
import { resolvePolicyOptions } from "../spec/policies.ts";
import { openPlanStream, planNaming } from "./plan_stream.ts";
import type { DrawContext } from "./policy.ts";

/**
 * Copies few images often: distinct images drawn uniformly, each copied
 * `multiplicity` times before the next one, so that `copies / multiplicity`
 * images have copies, the last one fewer if that is not a whole number. It ends
 * when every image has its copies: at a ratio of `multiplicity`.
 */
export function concentrated(context: DrawContext): Iterator<number, void> {
  const { multiplicity } = resolvePolicyOptions(
    "concentrated",
    context.options,
  ) as { multiplicity: number };
  requireCount("multiplicity", multiplicity);
  return draws(multiplicity, context);
}

function* draws(
  multiplicity: number,
  { labels, options, removed }: DrawContext,
): Generator<number, void> {
  const stream = openPlanStream(planNaming(options), "plan", options.policy);
  for (const row of permutation(labels.length, stream)) {
    if (removed[row]) continue;
    for (let copy = 0; copy < multiplicity; copy++) yield row;
  }
}

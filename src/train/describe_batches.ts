import type { Dataset } from "../data/dataset.ts";
import type { PixelMove } from "../data/gather_images.ts";
import type { BatchPlan } from "./batch_order.ts";
import {
  learningRates,
  openBatchMoves,
  planBatches,
  type TrainingOptions,
} from "./train.ts";

/** One gradient step, as another program needs it. */
export interface BatchDescription extends BatchPlan {
  /** Learning rate of the step. */
  readonly learningRate: number;
  /** Move of each image; absent where images are not augmented. */
  readonly moves?: readonly PixelMove[];
}

/** Lists every gradient step of a run, in order, before any is taken. */
export function* describeBatches(
  dataset: Dataset,
  options: TrainingOptions,
): Generator<BatchDescription> {
  const rateOf = learningRates(dataset, options);
  const movesOf = openBatchMoves(dataset, options);
  for (const plan of planBatches(dataset, options)) {
    const moveOf = movesOf(plan);
    yield {
      ...plan,
      learningRate: rateOf(plan),
      ...(moveOf && { moves: Array.from(plan.slots, (_, i) => moveOf(i)) }),
    };
  }
}

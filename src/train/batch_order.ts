import type { BudgetName } from "../spec/axes/budget.ts";
import { openStream, permutation } from "../core/stream.ts";

/** What decides the order in which training slots are visited. */
export interface BatchOrderOptions {
  /** Length of the training list, originals and copies. */
  slots: number;
  /** Length of the original training set, before any duplication. */
  originalRows: number;
  /** Images in a batch; the last of a pass may hold fewer. */
  batch: number;
  /** Epochs to train. */
  epochs: number;
  /** What is held equal across ratios. */
  budget: BudgetName;
  /** Seed of the run. */
  seed: number;
}

/** One gradient step's share of the training list. */
export interface BatchPlan {
  /** Epoch, from 0. */
  readonly epoch: number;
  /** Gradient step, from 0, counted over the whole run. */
  readonly step: number;
  /** Pass over the training list, from 0; equals `epoch` under `epochs`. */
  readonly pass: number;
  /** Slots of the training list, shape `[<= batch]`. */
  readonly slots: Uint32Array;
}

/** Gradient steps of one epoch under a budget. */
export function stepsPerEpoch(
  { slots, originalRows, batch, budget }: BatchOrderOptions,
): number {
  return Math.ceil((budget === "epochs" ? slots : originalRows) / batch);
}

/**
 * Lists every batch of a run in order: each pass visits all slots once, in a
 * seeded order of its own. An epoch is one pass under the budget `epochs`; under
 * `steps` it is as many steps as one pass over the originals takes, so that all
 * ratios have equal epochs, and a pass may span several.
 */
export function* batchOrder(options: BatchOrderOptions): Generator<BatchPlan> {
  const { slots, batch, epochs, seed } = options;
  const perEpoch = stepsPerEpoch(options);
  const steps = epochs * perEpoch;
  for (let pass = 0, step = 0; step < steps; pass++) {
    const order = permutation(slots, openStream(seed, "shuffle", pass));
    for (let at = 0; at < slots && step < steps; at += batch, step++) {
      yield {
        epoch: Math.floor(step / perEpoch),
        step,
        pass,
        slots: order.subarray(at, at + batch),
      };
    }
  }
}

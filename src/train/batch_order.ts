import type { BudgetName } from "../spec/axes/budget.ts";
import { openStream, permutation } from "../core/stream.ts";

/** Everything that determines the order in which training slots are visited. */
export interface BatchOrderOptions {
  /** Length of the training list, originals and copies. */
  slots: number;
  /** Length of the original training set, before any duplication. */
  originalRows: number;
  /** Images per batch; the last batch of a pass may have fewer. */
  batch: number;
  /** Epochs to train. */
  epochs: number;
  /** What is held equal across ratios. */
  budget: BudgetName;
  /** Seed of the run. */
  seed: number;
}

/** The slots of one gradient step. */
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

/** Images of one epoch under each budget. */
const epochLengths: Readonly<
  Record<
    BudgetName,
    (counts: Pick<BatchOrderOptions, "slots" | "originalRows">) => number
  >
> = {
  "steps": ({ originalRows }) => originalRows,
  "epochs": ({ slots }) => slots,
};

/** Images that an epoch visits under a budget, before rounding to batches. */
export function imagesPerEpoch(
  { budget, ...counts }: Pick<
    BatchOrderOptions,
    "slots" | "originalRows" | "budget"
  >,
): number {
  return epochLengths[budget](counts);
}

/** Gradient steps of one epoch under a budget. */
export function stepsPerEpoch(options: BatchOrderOptions): number {
  return Math.ceil(imagesPerEpoch(options) / options.batch);
}

/**
 * Lists every batch of a run in order: each pass visits all slots once, in a
 * seeded order of its own. Under the budget `epochs` an epoch is one pass. Under
 * `steps` it has as many steps as one pass over the originals, so that epochs are
 * equal at all ratios, and a pass may span several of them.
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

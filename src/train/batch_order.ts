import type { BudgetName } from "../spec/axes/budget.ts";
import type { BatchingName } from "../spec/batchings.ts";
import { renewedFields } from "../spec/renewed_fields.ts";
import { openStream, permutation } from "../core/stream.ts";

/** Everything that determines the order in which training slots are visited. */
export interface BatchOrderOptions {
  /** Length of the training list, originals and copies. */
  slots: number;
  /** Length of the original training set, before any duplication. */
  originalRows: number;
  /** Images per batch. */
  batch: number;
  /**
   * What becomes of images that do not fill a batch; default: the last batch of a
   * pass holds them.
   */
  batching?: BatchingName | undefined;
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
  /** Pass over the training list of each slot, from 0, shape of `slots`. */
  readonly passes: Uint32Array;
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

/** What the number of gradient steps depends on. */
export type StepCountOptions = Omit<BatchOrderOptions, "seed">;

/** Gradient steps of a run: as many as `batchOrder` lists. */
export function countSteps(options: StepCountOptions): number {
  const { batching = renewedFields.batching.recorded } = options;
  return stepCounts[batching](options);
}

const stepCounts: Readonly<
  Record<BatchingName, (options: StepCountOptions) => number>
> = {
  "full": (options) => {
    const length = imagesPerEpoch(options);
    return Math.floor(
      options.epochs * length / Math.min(options.batch, length),
    );
  },
  "partial-last": (options) =>
    options.epochs * Math.ceil(imagesPerEpoch(options) / options.batch),
};

/** Images of the smallest batch of a run. */
export function smallestBatch(options: StepCountOptions): number {
  const { slots, batch, batching = renewedFields.batching.recorded } = options;
  if (batching === "full") return Math.min(batch, imagesPerEpoch(options));
  const stepsPerPass = Math.ceil(slots / batch);
  const hasLast = countSteps(options) >= stepsPerPass;
  return hasLast ? slots - (stepsPerPass - 1) * batch : batch;
}

/**
 * Lists every batch of a run in order. The slots are visited in passes, each of
 * which visits all of them once, in a seeded order of its own.
 *
 * Under the budget `epochs` an epoch is one pass; under `steps` it is as long as
 * a pass over the originals, so that epochs are equal at all ratios, and a pass
 * may span several of them. With full batches a pass ends within a batch, which
 * the next pass fills: e epochs of n images are then the whole part of e n / batch
 * steps. A batch is never larger than an epoch.
 */
export function batchOrder(options: BatchOrderOptions): Generator<BatchPlan> {
  return orders[options.batching ?? renewedFields.batching.recorded](options);
}

const orders: Readonly<
  Record<BatchingName, (options: BatchOrderOptions) => Generator<BatchPlan>>
> = {
  "full": fullBatches,
  "partial-last": partialLastBatches,
};

function* fullBatches(options: BatchOrderOptions): Generator<BatchPlan> {
  const { slots, epochs, seed } = options;
  const batch = Math.min(options.batch, imagesPerEpoch(options));
  let order: Uint32Array = new Uint32Array(0);
  let pass = -1;
  let at = 0;
  for (let epoch = 0, step = 0; epoch < epochs; epoch++) {
    const end = stepCounts.full({ ...options, epochs: epoch + 1 });
    for (; step < end; step++) {
      const visited = new Uint32Array(batch);
      const passes = new Uint32Array(batch);
      for (let i = 0; i < batch; i++, at++) {
        if (at === order.length) {
          pass++;
          at = 0;
          order = permutation(slots, openStream(seed, "shuffle", pass));
        }
        visited[i] = order[at]!;
        passes[i] = pass;
      }
      yield { epoch, step, passes, slots: visited };
    }
  }
}

function* partialLastBatches(
  options: BatchOrderOptions,
): Generator<BatchPlan> {
  const { slots, batch, seed } = options;
  const steps = stepCounts["partial-last"](options);
  const perEpoch = steps / options.epochs;
  for (let pass = 0, step = 0; step < steps; pass++) {
    const order = permutation(slots, openStream(seed, "shuffle", pass));
    for (let at = 0; at < slots && step < steps; at += batch, step++) {
      const visited = order.subarray(at, at + batch);
      yield {
        epoch: Math.floor(step / perEpoch),
        step,
        passes: new Uint32Array(visited.length).fill(pass),
        slots: visited,
      };
    }
  }
}

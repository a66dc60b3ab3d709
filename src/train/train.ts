import type { TrainingAttack } from "../attacks/attack.ts";
import type { Backend } from "../backend/backend.ts";
import { runOnBackend } from "../backend/run_on_backend.ts";
import { requireCount } from "../core/require_count.ts";
import { openStream } from "../core/stream.ts";
import { yieldToEvents } from "../core/yield_to_events.ts";
import type { Dataset, LabelledImages } from "../data/dataset.ts";
import {
  gatherImages,
  gatherLabels,
  pickImages,
  type PixelMove,
} from "../data/gather_images.ts";
import { requireLikeRows, requireRowsBelow } from "../data/require_lists.ts";
import type { Classifier } from "../models/classifier.ts";
import { type ImageStore, storeImages } from "../kernels/ops/image_store.ts";
import type { AugmentationConfig } from "../spec/augmentations.ts";
import { openMoves } from "./augmentation.ts";
import { buildAverage } from "./average.ts";
import { batchOrder, type BatchPlan, countSteps } from "./batch_order.ts";
import type { BatchingName } from "../spec/batchings.ts";
import type { BudgetName } from "../spec/axes/budget.ts";
import { drawDropout } from "./dropout.ts";
import { type EpochTiming, startEpochClock } from "./epoch_clock.ts";
import { learningRateAt } from "./learning_rate.ts";
import type { Schedule } from "../spec/schedules.ts";
import { optimizerOf } from "./optimizer.ts";
import type { OptimizerSpec } from "../spec/optimizers.ts";
import { smoothLabels } from "./smooth_labels.ts";
import { type HostBatch, openSteps } from "./steps.ts";

/** How to train; every number that decides the outcome is here. */
export interface TrainingOptions {
  /** Source row of each slot of the training list: originals, then copies. */
  rows: Uint32Array;
  /** Class of each slot, shape of `rows`; default: that of its row. */
  labels?: Uint8Array | undefined;
  /** Weight of each slot in the loss, shape of `rows`, of mean 1; default 1. */
  weights?: Float32Array | undefined;
  /** Pixels of the slots where copies have their own; default those of `rows`. */
  slotImages?: SlotImages | undefined;
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
  /** Random moves of the images; `copies`: whether a copy draws its own. */
  augmentation: AugmentationConfig;
  /** Share of each label that is spread over all classes; default 0. */
  labelSmoothing?: number | undefined;
  /** Optimizer, with the base learning rate. */
  optimizer: OptimizerSpec;
  /** How the learning rate changes. */
  schedule: Schedule;
  /**
   * Decay of an exponential moving average of all parameters, in `(0, 1)`, as
   * `buildAverage` has it; default: none is made.
   */
  averageDecay?: number | undefined;
  /** Attacks each batch before the update; default: trains on the images. */
  attack?: TrainingAttack | undefined;
}

/** Where the pixels of the training list are. */
export interface SlotImages {
  /** Images of the data set's shape; their labels are not read. */
  images: LabelledImages;
  /** Row in `images` of each slot. */
  imageRows: Uint32Array;
}

/** The outcome of one epoch; a function of the options alone. */
export interface EpochOutcome {
  /** Mean training loss in nats, each image counted once. */
  loss: number;
  /** Images trained on, the last partial batch counted exactly. */
  images: number;
  /** Gradient steps. */
  steps: number;
}

/** A finished training run. */
export interface TrainingResult {
  /** One entry per epoch; the diverged one, if any, is left out. */
  epochs: EpochOutcome[];
  /** One entry per epoch, the diverged one included. */
  timing: EpochTiming[];
  /**
   * Epoch in which the loss stopped being finite, from 0; else `null`. What the
   * last step does to the weights shows in no loss: `runCell` looks at them.
   */
  divergedAtEpoch: number | null;
  /**
   * Averages of the parameters, in the order of those of the classifier; absent
   * where none were asked for, or a loss was not finite.
   */
  averaged?: Float32Array[];
}

/** Where to train, and its listener; neither changes the outcome. */
export interface TrainingRun {
  /** The opened backend, on which the classifier is. */
  backend: Backend;
  /** Called after every gradient step. */
  onStep?: ((plan: BatchPlan) => void) | undefined;
  /**
   * Called after every epoch but a diverged one, and awaited. Its time is in no
   * epoch's timing. It may read the weights.
   */
  onEpoch?:
    | ((epoch: number, outcome: EpochOutcome) => void | Promise<void>)
    | undefined;
  /** Called with the mean loss of each step of an epoch, in order. */
  onLosses?: ((losses: Float32Array) => void) | undefined;
}

/**
 * Trains a classifier in place: the one training loop, standard and adversarial
 * (Madry et al. 2018, arXiv:1706.06083, sec. 2: each update is on the adversarial
 * images alone). Attacks see the model without dropout, updates with it, and
 * raise the loss on the true labels where updates are on smoothed ones. A loss
 * that is not finite ends the run at the end of its epoch.
 *
 * @param classifier Changed in place.
 * @param dataset Only its training split is read.
 * @throws {RangeError} If batch or epochs are not integers of at least 1, there are
 * no rows or one that is not there, or another list is not as long as they are.
 * @throws {BackendError} If the device fails; the weights are then worthless.
 */
export function train(
  classifier: Classifier,
  dataset: Dataset,
  options: TrainingOptions,
  run: TrainingRun,
): Promise<TrainingResult> {
  return runOnBackend(
    run.backend,
    () => trainEpochs(classifier, dataset, options, run),
  );
}

async function trainEpochs(
  classifier: Classifier,
  dataset: Dataset,
  options: TrainingOptions,
  { backend, onStep, onEpoch, onLosses }: TrainingRun,
): Promise<TrainingResult> {
  // What may refuse the options comes first, before there are tensors to free.
  requireOptions(dataset, options);
  const movesOf = openBatchMoves(dataset, options);
  const rateOf = learningRates(dataset, options);
  const optimizer = optimizerOf(options.optimizer, classifier);
  const result: TrainingResult = {
    epochs: [],
    timing: [],
    divergedAtEpoch: null,
  };
  const store = storeImages(
    {
      pixels: (options.slotImages?.images ?? dataset.train).pixels,
      shape: dataset.shape,
    },
    backend.maxTensorBytes,
  );
  const average = options.averageDecay === undefined
    ? undefined
    : buildAverage(classifier, options.averageDecay);
  const steps = openSteps({ classifier, optimizer, average });
  try {
    for (const [epoch, plans] of byEpoch(planBatches(dataset, options))) {
      const clock = startEpochClock(backend);
      steps.beginEpoch(plans.length);
      for (const plan of plans) {
        await yieldToEvents();
        await clock.step();
        steps.load(
          loadBatch(classifier, dataset, plan, {
            ...options,
            store,
            moveOf: movesOf(plan),
          }),
        );
        await clock.lap("dataMs");
        if (options.attack !== undefined) {
          steps.attack(options.attack, streamsOf(plan, options));
        }
        await clock.lap("attackMs");
        steps.update(rateOf(plan));
        await clock.lap("updateMs");
        onStep?.(plan);
      }
      const values = await steps.readLosses();
      onLosses?.(values);
      const outcome = summarise(values, plans);
      result.timing.push(await clock.end());
      if (!Number.isFinite(outcome.loss)) {
        result.divergedAtEpoch = epoch;
        break;
      }
      result.epochs.push(outcome);
      await onEpoch?.(epoch, outcome);
    }
    if (average !== undefined && result.divergedAtEpoch === null) {
      result.averaged = await average.read();
    }
  } finally {
    steps.dispose();
    optimizer.dispose();
    average?.dispose();
    store?.dispose();
  }
  return result;
}

function requireOptions(
  { name, train }: Dataset,
  { batch, epochs, rows, labels, weights, slotImages }: TrainingOptions,
): void {
  requireCount("batch", batch);
  requireCount("epochs", epochs);
  if (rows.length === 0) {
    throw new RangeError('"rows" must have at least one entry');
  }
  requireRowsBelow("rows", rows, {
    count: train.rows,
    of: `the training images of ${name}`,
  });
  const imageRows = slotImages?.imageRows;
  requireLikeRows(rows, { labels, weights, imageRows });
  if (slotImages !== undefined) {
    requireRowsBelow("imageRows", slotImages.imageRows, {
      count: slotImages.images.rows,
      of: 'the images of "slotImages"',
    });
  }
}

/** The batches of a run, as its options and the data set decide them. */
export function planBatches(
  dataset: Dataset,
  options: TrainingOptions,
): Generator<BatchPlan> {
  return batchOrder(orderOptions(dataset, options));
}

/** The learning rate of each gradient step of a run. */
export function learningRates(
  dataset: Dataset,
  options: TrainingOptions,
): (plan: Pick<BatchPlan, "epoch" | "step">) => number {
  const { optimizer: { learningRate: base }, schedule, epochs } = options;
  const steps = countSteps(orderOptions(dataset, options));
  return ({ epoch, step }) =>
    learningRateAt(schedule, { base, epoch, epochs, step, steps });
}

const orderOptions = (dataset: Dataset, options: TrainingOptions) => ({
  ...options,
  slots: options.rows.length,
  originalRows: dataset.train.rows,
});

function loadBatch(
  { network }: Classifier,
  dataset: Dataset,
  plan: BatchPlan,
  options: TrainingOptions & {
    store: ImageStore | undefined;
    moveOf: ((index: number) => PixelMove) | undefined;
  },
): HostBatch {
  const { step, slots } = plan;
  const { rows, slotImages, weights, labelSmoothing: share = 0 } = options;
  const { seed, store, moveOf } = options;
  const { images, imageRows } = slotImages ??
    { images: dataset.train, imageRows: rows };
  const shown = slots.map((slot) => imageRows[slot]!);
  const classes = dataset.classNames.length;
  const labels = options.labels === undefined
    ? gatherLabels(dataset.train, classes, slots.map((slot) => rows[slot]!))
    : gatherLabels({ labels: options.labels }, classes, slots);
  if (weights !== undefined) {
    // Cross-entropy is linear in its labels, so weights go there.
    slots.forEach((slot, i) => {
      const row = labels.subarray(i * classes, (i + 1) * classes);
      row.forEach((label, c) => row[c] = label * weights[slot]!);
    });
  }
  const rowCount = slots.length;
  if (rowCount === 1 && network.needsPair !== undefined) {
    throw new RangeError(
      `A batch of one image has no variance for ${network.needsPair}: batches must have two or more`,
    );
  }
  return {
    images: store !== undefined
      ? { store, picks: pickImages(shown, moveOf) }
      : { pixels: gatherImages(images, dataset.shape, shown, moveOf) },
    labels: share === 0 ? labels : smoothLabels(labels, { classes, share }),
    ...(share !== 0 && { attackLabels: labels }),
    dropout: drawDropout(network, { seed, step, rows: rowCount }),
    rows: rowCount,
  };
}

/**
 * The moves of a run, batch by batch.
 *
 * @returns Gives the move of each image of a batch; `undefined` where none moves.
 */
export function openBatchMoves(
  { shape }: Pick<Dataset, "shape">,
  { rows, seed, augmentation }: TrainingOptions,
): (plan: BatchPlan) => ((index: number) => PixelMove) | undefined {
  const drawMove = openMoves(augmentation, { seed, shape });
  if (drawMove === undefined) return () => undefined;
  const drawnBy = augmentation.copies === "own"
    ? (slot: number) => slot
    : (slot: number) => rows[slot]!;
  return ({ passes, slots }) => (index) =>
    drawMove(passes[index]!, drawnBy(slots[index]!));
}

/** The random stream of each image that is attacked. */
function streamsOf(
  { passes, slots }: BatchPlan,
  { seed }: TrainingOptions,
) {
  return (index: number) =>
    openStream(seed, "attack", "train", passes[index]!, slots[index]!);
}

/** Sums in doubles, weighted by batch size. */
function summarise(values: Float32Array, plans: BatchPlan[]): EpochOutcome {
  let sum = 0;
  let images = 0;
  plans.forEach(({ slots }, i) => {
    sum += values[i]! * slots.length;
    images += slots.length;
  });
  return { loss: sum / images, images, steps: plans.length };
}

function* byEpoch(
  plans: Iterable<BatchPlan>,
): Generator<[epoch: number, plans: BatchPlan[]]> {
  let group: BatchPlan[] = [];
  for (const plan of plans) {
    if (group.length > 0 && group[0]!.epoch !== plan.epoch) {
      yield [group[0]!.epoch, group];
      group = [];
    }
    group.push(plan);
  }
  if (group.length > 0) yield [group[0]!.epoch, group];
}

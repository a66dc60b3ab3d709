import type { AttackBatch, TrainingAttack } from "../attacks/attack.ts";
import type { ImageStore } from "../kernels/ops/image_store.ts";
import { type Classifier, compiledOf } from "../models/classifier.ts";
import { compiledSteps } from "./compiled_steps.ts";
import type { Average } from "./average.ts";
import type { DropoutFactors } from "./dropout.ts";
import type { Optimizer } from "./optimizer.ts";
import { tapeSteps } from "./tape_steps.ts";

/** A batch in the memory of JavaScript. */
export interface HostBatch {
  /**
   * Pixels in `[0, 1]`, as many as `[b, h, w, c]`; or which images of the store
   * they are, as `ImageStore.gather` takes them.
   */
  readonly images: { pixels: Float32Array } | {
    store: ImageStore;
    picks: Int32Array;
  };
  /** Weights of the classes in the loss, as many as `[b, k]`. */
  readonly labels: Float32Array;
  /** Weights of the classes in the loss that attacks raise; default: `labels`. */
  readonly attackLabels?: Float32Array | undefined;
  /** Factors of each dropout layer, in order. */
  readonly dropout: readonly DropoutFactors[];
  /** Images of the batch. */
  readonly rows: number;
}

/**
 * The gradient steps of a training run on the mean cross-entropy: a batch is
 * loaded, attacked if need be, and updated on.
 */
export interface Steps {
  /** Makes room for the losses of an epoch, and forgets those before. */
  beginEpoch(steps: number): void;
  /** Puts a batch on the backend. */
  load(batch: HostBatch): void;
  /** Replaces the images of the batch by those that an attack finds. */
  attack(
    attack: TrainingAttack,
    streamOf: AttackBatch["streamOf"],
  ): void;
  /** Takes one gradient step on the batch, and keeps its mean loss. */
  update(learningRate: number): void;
  /** The mean losses of the epoch so far, in order. */
  readLosses(): Promise<Float32Array>;
  /** Frees what the steps have on the backend, not the weights. */
  dispose(): void;
}

/** What gradient steps work on. */
export interface StepsOptions {
  readonly classifier: Classifier;
  /** Changed in place. */
  readonly optimizer: Optimizer;
  /** Moved after each step; default: none. */
  readonly average?: Average | undefined;
}

/** Steps by plans where the classifier is compiled, otherwise on the tape. */
export function openSteps(options: StepsOptions): Steps {
  return compiledOf(options.classifier) === undefined
    ? tapeSteps(options)
    : compiledSteps(options);
}

import * as tf from "@tensorflow/tfjs";
import type { Backend } from "../backend/backend.ts";
import { runOnBackend } from "../backend/run_on_backend.ts";
import { canonicalNaN } from "../core/canonical_nan.ts";
import { bytesOf, sha256 } from "../core/digest.ts";
import type { Dataset } from "../data/dataset.ts";
import { buildClassifier, type Classifier } from "../models/classifier.ts";
import {
  readParameters,
  toTorchTensors,
  writeParameters,
} from "../models/parameters.ts";
import type { TorchTensor } from "../models/torch_layout.ts";
import { bestEpoch } from "../results/best_epoch.ts";
import type { Flag, Outcome } from "../results/outcome.ts";
import type { FinishedCell } from "../results/result_set.ts";
import { isCounted } from "../spec/cell_config.ts";
import { networkOf } from "../spec/find_network.ts";
import type { Cell } from "../spec/plan_cells.ts";
import {
  type BatchDescription,
  describeBatches,
} from "../train/describe_batches.ts";
import { train, type TrainingOptions } from "../train/train.ts";
import { buildTrainingAttack } from "../train/training_attack.ts";
import { cellCost } from "./cell_cost.ts";
import { evaluateCell, evaluateClean, evaluateTest } from "./evaluate_cell.ts";
import {
  type EpochCounts,
  evaluateEpoch,
  flagOverfitting,
} from "./evaluate_epoch.ts";
import {
  makeTrainingList,
  splitFor,
  type TrainingList,
} from "./training_list.ts";

/** Where to run a cell, and its listener; neither changes the outcome. */
export interface RunCellOptions extends CellListener {
  /** The opened backend, for which the cell is planned. */
  backend: Backend;
  /** Ends the run early: it then rejects with the signal's reason. */
  signal?: AbortSignal | undefined;
}

/**
 * Which weights of a cell: before and after training, averaged over it, and those
 * after its best epoch.
 */
export type WeightsName = "initial" | "final" | "averaged" | "best";

/** Events of a running cell. */
export interface CellListener {
  /** Called often, with the share of the work that is done, in `[0, 1]`. */
  onProgress?: ((share: number, epoch: number) => void) | undefined;
  /**
   * Called where the network runs operation by operation although the backend
   * compiles networks, with what keeps it from being compiled, such as
   * `layer 3 (maxPool)`.
   */
  onNotCompiled?: ((reason: string) => void) | undefined;
  /**
   * Called with the weights before and after training, in PyTorch's layout, and
   * with the others that are evaluated.
   */
  onWeights?:
    | ((which: WeightsName, weights: TorchTensor[]) => void)
    | undefined;
  /** Called before training, with what is trained on and every step, in order. */
  onPlanned?:
    | ((list: TrainingList, batches: Iterable<BatchDescription>) => void)
    | undefined;
  /** Called after each epoch, with the mean loss of each of its steps. */
  onLosses?: ((losses: Float32Array) => void) | undefined;
  /**
   * Called with the trained classifier, unless it diverged, and its training
   * list, once it is evaluated, and awaited. Its time is not in the cell's timing.
   */
  onTrained?:
    | ((classifier: Classifier, list: TrainingList) => Promise<void>)
    | undefined;
}

/**
 * Runs one cell: plans, trains, evaluates. The outcome is a function of the
 * config and the data set alone.
 *
 * @param dataset The data set, with a reserve if the config needs fresh images.
 * @returns The finished cell; one that diverged is finished, too.
 * @throws {RangeError} If the cell is planned for another backend, or the data
 * set cannot give what the config asks for.
 * @throws {BackendError} If another backend is in use, or the device fails.
 * @throws What the signal and the listener throw.
 */
export function runCell(
  cell: Cell,
  dataset: Dataset,
  options: RunCellOptions,
): Promise<FinishedCell> {
  const { backend } = options;
  return runOnBackend(backend, () => {
    if (cell.config.backend !== backend.name) {
      throw new RangeError(
        `The backend of the cell must be "${backend.name}", the one that is open, got "${cell.config.backend}"`,
      );
    }
    return trainAndEvaluate(cell, dataset, options);
  });
}

async function trainAndEvaluate(
  { id, config }: Cell,
  whole: Dataset,
  { backend, signal, ...listener }: RunCellOptions,
): Promise<FinishedCell> {
  const startedAt = new Date().toISOString();
  const { seed } = config;
  const { dataset, validation } = splitFor(config, whole);
  const input = { shape: dataset.shape, classes: dataset.classNames.length };
  const list = await makeTrainingList(dataset, config);
  const { rows } = list;
  const options: TrainingOptions = {
    ...config,
    rows,
    labels: list.labels,
    slotImages: list,
    weights: list.weights,
    attack: buildTrainingAttack(config.training),
  };
  listener.onPlanned?.(list, describeBatches(dataset, options));
  const classifier = buildClassifier(networkOf(config), {
    input,
    seed,
    images: dataset.train,
  });
  const { notCompiled } = classifier;
  if (notCompiled !== undefined && backend.name !== "cpu") {
    listener.onNotCompiled?.(notCompiled);
  }
  const readWeights = async (): Promise<TorchTensor[]> => {
    const values = await readParameters(classifier);
    await backend.settle();
    return toTorchTensors(classifier, values);
  };
  try {
    if (listener.onWeights) listener.onWeights("initial", await readWeights());
    const cost = cellCost(config, {
      train: dataset.train.rows,
      test: dataset.test.rows,
      slots: rows.length,
    });
    let workDone = 0;
    let epochNow = 0;
    const reportWork = (amount: number) => {
      signal?.throwIfAborted();
      workDone += amount;
      listener.onProgress?.(Math.min(workDone / cost.total, 1), epochNow);
    };
    const tensors: number[] = [];
    const correctAfter = new Map<number, number>();
    const countsAfter: EpochCounts[] = [];
    let best: { epoch: number; values: Float32Array[] } | undefined;
    let countMs = 0;
    const countClean = async () => {
      const isCorrect = await evaluateClean(classifier, dataset, {
        config,
        backend,
      });
      reportWork(isCorrect.length);
      return isCorrect.filter(Boolean).length;
    };
    const trainStart = performance.now();
    const trained = await train(classifier, dataset, options, {
      backend,
      onLosses: listener.onLosses,
      onStep: ({ slots, epoch }) => {
        epochNow = epoch;
        reportWork(slots.length * cost.perTrainingImage);
      },
      async onEpoch(epoch) {
        tensors.push(tf.memory().numTensors);
        const countStart = performance.now();
        // The final evaluation counts after the last epoch.
        if (epoch < config.epochs - 1 && isCounted(epoch, config)) {
          correctAfter.set(epoch, await countClean());
        }
        countsAfter.push(
          await evaluateEpoch(classifier, dataset, epoch, {
            config,
            list,
            validation,
            backend,
            reportWork,
          }),
        );
        if (validation !== undefined && bestEpoch(countsAfter) === epoch) {
          best = { epoch, values: await readParameters(classifier) };
          await backend.settle();
        }
        countMs += performance.now() - countStart;
      },
    });
    // Counting between epochs is evaluation, not training.
    const trainMs = performance.now() - trainStart - countMs;
    const final = await readWeights();
    listener.onWeights?.("final", final);
    const evaluateStart = performance.now();
    const flags: Outcome["flags"] = [];
    const addFlag = (flag: Flag, where: string, value: number | null = null) =>
      flags.push({ flag, where, value });
    const leak = tensors.findIndex((count) => count !== tensors[0]);
    if (leak > 0) addFlag("tensor-leak", `epoch ${leak}`, tensors[leak]!);
    // A loss tells what the weights were before its step: what the last step made
    // of them shows in the weights and in what they give.
    const evaluated = trained.divergedAtEpoch === null && hasFiniteValues(final)
      ? await evaluateCell(classifier, dataset, {
        config,
        list,
        backend,
        addFlag,
        reportWork,
      })
      : null;
    // The epoch after the last would be the first whose loss is not finite.
    const diverged = trained.divergedAtEpoch ??
      (evaluated === null ? config.epochs : null);
    if (diverged !== null) addFlag("diverged", `epoch ${diverged}`);
    // The time of a listener is not the cell's.
    let listenerMs = 0;
    if (diverged === null && listener.onTrained) {
      const listenerStart = performance.now();
      await listener.onTrained(classifier, list);
      listenerMs = performance.now() - listenerStart;
    }
    flagOverfitting(countsAfter, addFlag);
    /** Evaluates other weights than the last, which are then lost. */
    const evaluateOthers = async (
      which: "averaged" | "best",
      values: Float32Array[],
    ) => {
      writeParameters(classifier, values);
      const weights = toTorchTensors(classifier, values);
      listener.onWeights?.(which, weights);
      const test = await evaluateTest(classifier, dataset, {
        config,
        backend,
        addFlag: (flag, where, value) =>
          addFlag(flag, `${where}, ${which} weights`, value),
        reportWork,
      });
      return { test, weightsSha256: digestWeights(weights) };
    };
    const averaged = diverged === null && trained.averaged !== undefined
      ? await evaluateOthers("averaged", trained.averaged)
      : undefined;
    const last = config.epochs - 1;
    const weightsSha256 = digestWeights(final);
    const evaluateBest = async (
      { epoch, values }: NonNullable<typeof best>,
    ) => {
      if (epoch < last) {
        return { epoch, ...await evaluateOthers("best", values) };
      }
      // The last weights have been evaluated.
      listener.onWeights?.("best", final);
      return { epoch, test: evaluated!.test!, weightsSha256 };
    };
    const bestOutcome = diverged === null && best !== undefined
      ? await evaluateBest(best)
      : undefined;
    if (trained.divergedAtEpoch === null && isCounted(last, config)) {
      correctAfter.set(
        last,
        evaluated?.test?.clean.correct ?? await countClean(),
      );
    }
    return {
      id,
      status: "finished",
      config,
      duplication: list.record,
      outcome: {
        epochs: trained.epochs.map((epoch, i) => {
          const correct = correctAfter.get(i);
          return {
            ...epoch,
            ...(correct !== undefined && { correct }),
            ...countsAfter[i],
          };
        }),
        divergedAtEpoch: diverged,
        ...(evaluated ?? { test: null, train: null }),
        flags,
        weightsSha256,
        ...(averaged && { averaged }),
        ...(bestOutcome && { best: bestOutcome }),
      },
      timing: {
        epochs: trained.timing.map((epoch) => ({
          ...epoch,
          totalMs: epoch.dataMs + epoch.attackMs + epoch.updateMs,
        })),
        trainMs,
        evaluateMs: countMs + performance.now() - evaluateStart - listenerMs,
        startedAt,
      },
    };
  } finally {
    classifier.dispose();
  }
}

function hasFiniteValues(weights: readonly TorchTensor[]): boolean {
  return weights.every(({ data }) => data.every(Number.isFinite));
}

function digestWeights(weights: readonly TorchTensor[]): string {
  return sha256(...weights.map(({ data }) => bytesOf(canonicalNaN(data))));
}

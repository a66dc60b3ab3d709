import * as tf from "@tensorflow/tfjs";
import { pgd } from "../attacks/pgd.ts";
import { bytesOf, sha256 } from "../core/digest.ts";
import type { Dataset } from "../data/dataset.ts";
import { buildClassifier, type Classifier } from "../models/classifier.ts";
import { networks } from "../spec/networks.ts";
import { listWeights } from "../models/classifier_spec.ts";
import { type TorchTensor, toTorchLayout } from "../models/torch_layout.ts";
import type { Flag, Outcome } from "../results/outcome.ts";
import type { FinishedCell } from "../results/result_set.ts";
import type { Pace } from "../train/epoch_clock.ts";
import { isCounted } from "../spec/cell_config.ts";
import { planBatches, train, type TrainingOptions } from "../train/train.ts";
import { cellCost } from "./cell_cost.ts";
import { evaluateCell, evaluateClean } from "./evaluate_cell.ts";
import { makeTrainingList, type TrainingList } from "./training_list.ts";
import type { Cell } from "../spec/plan_cells.ts";

/** What running a cell needs from its surroundings and decides no number. */
export interface CellHooks extends Partial<Pace> {
  /** Called often, with the share of the cell that is done, in `[0, 1]`. */
  onProgress?: (share: number, epoch: number) => void;
  /** Given the weights before and behind training, in PyTorch's layout. */
  onWeights?: (when: "initial" | "final", weights: TorchTensor[]) => void;
  /** Given the training list and the slots of every batch, in order. */
  onOrder?: (rows: Uint32Array, order: BatchSlots[]) => void;
  /** Given the trained classifier, unless it diverged, and its training list. */
  onTrained?: (classifier: Classifier, list: TrainingList) => Promise<void>;
}

/** The slots of one gradient step. */
export interface BatchSlots {
  /** Epoch, from 0. */
  epoch: number;
  /** Slots of the training list. */
  slots: Uint32Array;
}

/**
 * Runs one cell on the backend in use: plan, train, evaluate. The outcome is a
 * function of the config and the data set alone.
 *
 * @param dataset The data set, with a reserve if the config asks for fresh images.
 * @returns The finished cell; a diverged one is finished, too.
 */
export async function runCell(
  { id, config }: Cell,
  dataset: Dataset,
  hooks: CellHooks = {},
): Promise<FinishedCell> {
  const startedAt = new Date().toISOString();
  const { seed } = config;
  const input = { shape: dataset.shape, classes: dataset.classNames.length };
  const list = await makeTrainingList(dataset, config, hooks.settle);
  const { rows } = list;
  const options: TrainingOptions = {
    ...config,
    rows,
    slotImages: list,
    weights: list.weights,
    attack: config.training.name === "standard"
      ? undefined
      : pgd({ ...config.training, stepSize: config.training.alpha }),
  };
  hooks.onOrder?.(rows, [...planBatches(dataset, options)]);
  const spec = networks[config.model].spec;
  const weightSpecs = listWeights(spec, input);
  const classifier = buildClassifier(spec, { input, seed });
  const readWeights = async (): Promise<TorchTensor[]> => {
    const values = await Promise.all(classifier.weights.map((w) => w.data()));
    return weightSpecs.map((weight, i) =>
      toTorchLayout(weight, values[i] as Float32Array, spec.filters[1])
    );
  };
  try {
    if (hooks.onWeights) hooks.onWeights("initial", await readWeights());
    const cost = cellCost(config, {
      train: dataset.train.rows,
      test: dataset.test.rows,
      slots: rows.length,
    });
    let spent = 0;
    let epochNow = 0;
    const spend = (amount: number) => {
      spent += amount;
      hooks.onProgress?.(Math.min(spent / cost.total, 1), epochNow);
    };
    const tensors: number[] = [];
    const correctAfter = new Map<number, number>();
    let countMs = 0;
    const trainStart = performance.now();
    const trained = await train(classifier, dataset, options, {
      ...hooks,
      onStep: ({ slots, epoch }) => {
        epochNow = epoch;
        spend(slots.length * cost.perTrainingImage);
      },
      async onEpoch(epoch) {
        tensors.push(tf.memory().numTensors);
        // The final evaluation counts after the last epoch.
        if (epoch === config.epochs - 1 || !isCounted(epoch, config)) return;
        const countStart = performance.now();
        const right = await evaluateClean(classifier, dataset, {
          config,
          settle: hooks.settle,
        });
        correctAfter.set(epoch, right.filter(Boolean).length);
        spend(right.length);
        countMs += performance.now() - countStart;
      },
    });
    // Counting between epochs is evaluation, not training.
    const trainMs = performance.now() - trainStart - countMs;
    const final = await readWeights();
    hooks.onWeights?.("final", final);
    let evaluateStart = performance.now();
    const flags: Outcome["flags"] = [];
    const raise = (flag: Flag, where: string, value: number | null = null) =>
      flags.push({ flag, where, value });
    const leak = tensors.findIndex((count) => count !== tensors[0]);
    if (leak > 0) raise("tensor-leak", `epoch ${leak}`, tensors[leak]!);
    const diverged = trained.divergedAtEpoch;
    if (diverged !== null) raise("diverged", `epoch ${diverged}`);
    if (diverged === null && hooks.onTrained) {
      await hooks.onTrained(classifier, list);
      // What a listener does is no part of the cell's time.
      evaluateStart = performance.now();
    }
    const evaluated = diverged !== null
      ? { test: null, train: null }
      : await evaluateCell(classifier, dataset, {
        config,
        list,
        raise,
        spend,
        settle: hooks.settle,
      });
    const last = config.epochs - 1;
    if (evaluated.test !== null && isCounted(last, config)) {
      correctAfter.set(last, evaluated.test.clean.correct);
    }
    return {
      id,
      status: "finished",
      config,
      duplication: list.record,
      outcome: {
        epochs: trained.epochs.map((epoch, i) => {
          const correct = correctAfter.get(i);
          return { ...epoch, ...(correct !== undefined && { correct }) };
        }),
        divergedAtEpoch: diverged,
        ...evaluated,
        flags,
        weightsSha256: sha256(...final.map(({ data }) => bytesOf(data))),
      },
      timing: {
        epochs: trained.timing.map((epoch) => ({
          ...epoch,
          totalMs: epoch.dataMs + epoch.attackMs + epoch.updateMs,
        })),
        trainMs,
        evaluateMs: countMs + performance.now() - evaluateStart,
        startedAt,
      },
    };
  } finally {
    classifier.dispose();
  }
}

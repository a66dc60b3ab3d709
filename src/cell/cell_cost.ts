import { OVERFITTING_STEPS } from "./evaluate_epoch.ts";
import { parseAttack } from "../attacks/parse_attack.ts";
import type { CellConfig } from "../spec/cell_config.ts";
import { imagesPerEpoch } from "../train/batch_order.ts";
import { buildTrainingAttack } from "../train/training_attack.ts";

/** The work of a cell by kind; attacks that end early do less. */
export interface CellWork {
  /** Images of all gradient steps, each counted as often as it is used. */
  updates: number;
  /** Gradients for pixels, of one image each: in training and in attacks. */
  attackSteps: number;
  /** Images classified without a gradient. */
  evaluations: number;
}

/** The work of a cell, in forward-and-backward passes of one image. */
export interface CellCost {
  /** Work of the whole cell. */
  total: number;
  /** Work of training on one image once. */
  perTrainingImage: number;
}

/** An update differentiates for weights and inputs: about twice a PGD step. */
export const UPDATE = 2;

/** Images of a cell: what decides how long it takes, next to its config. */
export interface CellRows {
  /** Training images without copies. */
  train: number;
  /** Slots of the training list, copies included. */
  slots: number;
  /** Test images. */
  test: number;
}

/** Lists the work of a cell by kind. It has no influence on results. */
export function cellWork(config: CellConfig, rows: CellRows): CellWork {
  const { training, budget, epochs, evaluateEvery, evaluation } = config;
  const updates = epochs *
    imagesPerEpoch({ budget, slots: rows.slots, originalRows: rows.train });
  // The last epoch's count is that of the final evaluation.
  const counts = evaluateEvery === undefined
    ? 0
    : Math.floor((epochs - 1) / evaluateEvery);
  // The test images are attacked for other weights, too.
  const { validation = 0 } = config.dataset;
  const tests = 1 + Number(config.averageDecay !== undefined) +
    Number(validation > 0);
  const isAttacked = training.name !== "standard";
  const heldOut = validation * (counts + 1);
  const looked = (isAttacked ? training.overfittingImages ?? 0 : 0) *
    (counts + 1);
  const { attackImages = rows.test } = evaluation;
  const attacked = Math.min(attackImages, rows.test) * tests +
    (evaluation.attackTraining ? distinctRows(config, rows) : 0);
  const steps = evaluation.attacks.map((name) =>
    parseAttack(name, evaluation).steps
  );
  return {
    updates,
    attackSteps: updates * trainingSteps(training) +
      attacked * steps.reduce((sum, count) => sum + count, 0) +
      (isAttacked ? heldOut : 0) + looked * (1 + OVERFITTING_STEPS),
    evaluations: rows.test * (counts + (evaluation.flip ? 2 : 1) * tests) +
      attacked * steps.length + rows.train +
      heldOut * (isAttacked ? 2 : 1) + looked * 2,
  };
}

/**
 * Estimates the work of a cell in one number, for progress, time left and
 * balanced shards. It has no influence on results.
 */
export function cellCost(config: CellConfig, rows: CellRows): CellCost {
  const { updates, attackSteps, evaluations } = cellWork(config, rows);
  return {
    total: UPDATE * updates + attackSteps + evaluations,
    perTrainingImage: UPDATE + trainingSteps(config.training),
  };
}

function trainingSteps(training: CellConfig["training"]): number {
  return buildTrainingAttack(training)?.steps ?? 0;
}

/**
 * Images trained on that differ, in pixels or in label, so that each is evaluated;
 * an upper bound where copies conflict.
 */
function distinctRows(
  { duplication: { nearKinds, standIn, ratio, conflict = 0 } }: CellConfig,
  { train, slots }: CellRows,
): number {
  const hasOwnPixels = nearKinds !== undefined || standIn === "fresh";
  return hasOwnPixels
    ? slots
    : Math.min(train + Math.ceil(conflict * ratio * train), slots);
}

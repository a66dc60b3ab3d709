import { parseAttack } from "../attacks/parse_attack.ts";
import type { CellConfig } from "../spec/cell_config.ts";
import { imagesPerEpoch } from "../train/batch_order.ts";
import { buildTrainingAttack } from "../train/training_attack.ts";

/** The work of a cell, in forward-and-backward passes of one image. */
export interface CellCost {
  /** Work of the whole cell. */
  total: number;
  /** Work of training on one image once. */
  perTrainingImage: number;
}

/** An update differentiates for weights and inputs: about twice a PGD step. */
const UPDATE = 2;

/**
 * Estimates the work of a cell, for progress, time left and balanced shards.
 * It has no influence on results.
 *
 * @param config The config of the cell.
 * @param rows Training images without copies (`train`) and slots of the training
 * list, copies included; test images.
 */
export function cellCost(
  { training, budget, epochs, evaluateEvery, evaluation }: CellConfig,
  rows: { train: number; slots: number; test: number },
): CellCost {
  const perTrainingImage = UPDATE +
    (buildTrainingAttack(training)?.steps ?? 0);
  const images = epochs *
    imagesPerEpoch({ budget, slots: rows.slots, originalRows: rows.train });
  // The last epoch's count is that of the final evaluation.
  const counts = evaluateEvery === undefined
    ? 0
    : Math.floor((epochs - 1) / evaluateEvery);
  const attackSteps = evaluation.attacks.reduce(
    (sum, name) => sum + 1 + parseAttack(name, evaluation).steps,
    0,
  );
  return {
    total: images * perTrainingImage + rows.test * (counts + 1 + attackSteps) +
      rows.train,
    perTrainingImage,
  };
}

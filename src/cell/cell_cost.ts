import { parseAttack } from "../attacks/parse_attack.ts";
import type { CellConfig } from "../spec/cell_config.ts";

/** The work of a cell, in forward-and-backward passes of one image. */
export interface CellCost {
  /** Of the whole cell. */
  total: number;
  /** Of training on one image once. */
  perTrainingImage: number;
}

/** A weight update differentiates for weights and inputs: about twice a PGD step. */
const UPDATE = 2;

/**
 * Estimates the work of a cell, for progress, time left and balanced shards.
 * An estimate only: it decides no result.
 *
 * @param config The cell.
 * @param rows Images to train on before and behind duplication, and to test on.
 */
export function cellCost(
  { training, budget, epochs, evaluateEvery, evaluation }: CellConfig,
  rows: { train: number; slots: number; test: number },
): CellCost {
  const perTrainingImage = UPDATE +
    (training.name === "adversarial" ? training.steps : 0);
  const images = epochs * (budget === "steps" ? rows.train : rows.slots);
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

import type { CellConfig } from "../spec/cell_config.ts";
import type { NetworkName } from "../spec/networks.ts";
import { type CellWork, cellWork } from "./cell_cost.ts";

/** How fast a network is on one backend, with one job: images per second. */
export interface WorkRates {
  /** Gradient steps: images trained on. */
  updates: number;
  /** Steps of an attack: gradients for the pixels of an image. */
  attackSteps: number;
  /** Images classified without a gradient. */
  evaluations: number;
}

/** Work or rates by network. */
export type ByNetwork<T> = ReadonlyMap<NetworkName, T>;

/**
 * Adds up the work of cells by network. What is found only at run time is not
 * deducted: attacks that end early for misclassified images, and images that
 * `dedup` removes. It is thus an upper estimate.
 *
 * @param rows Images in the data set, limits applied.
 */
export function sumWork(
  configs: readonly CellConfig[],
  rows: { train: number; test: number },
): ByNetwork<CellWork> {
  const sums = new Map<NetworkName, CellWork>();
  for (const config of configs) {
    const slots = countSlots(config, rows.train);
    const work = cellWork(config, { ...rows, slots });
    const sum = sums.get(config.model);
    sums.set(config.model, {
      updates: (sum?.updates ?? 0) + work.updates,
      attackSteps: (sum?.attackSteps ?? 0) + work.attackSteps,
      evaluations: (sum?.evaluations ?? 0) + work.evaluations,
    });
  }
  return sums;
}

/**
 * The time that work takes, with one job at a time.
 *
 * @param rates Rates of each network in `work`.
 * @returns Hours.
 */
export function hoursOf(
  work: ByNetwork<CellWork>,
  rates: ByNetwork<WorkRates>,
): number {
  let seconds = 0;
  for (const [network, amount] of work) {
    const rate = rates.get(network)!;
    seconds += amount.updates / rate.updates +
      amount.attackSteps / rate.attackSteps +
      amount.evaluations / rate.evaluations;
  }
  return seconds / 3600;
}

/** Slots of the training list of a cell before duplicates are removed. */
export function countSlots(
  { duplication: { mode, ratio, standIn } }: CellConfig,
  train: number,
): number {
  const grows = mode === "add" && standIn !== "weights";
  return grows ? train + Math.round(ratio * train) : train;
}

import type { BackendName } from "../spec/backends.ts";
import type { CellConfig } from "../spec/cell_config.ts";
import type { NetworkName } from "../spec/networks.ts";
import { type CellWork, cellWork, UPDATE } from "./cell_cost.ts";

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
 * @returns Seconds.
 */
export function secondsOf(
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
  return seconds;
}

/**
 * Rates for a machine that is not measured, lower than those of any committed
 * result set: one core of a machine of 2020 or later.
 *
 * @param options `software`: whether the adapter of WebGPU computes on the CPU.
 */
export function assumedRates(
  networks: Iterable<NetworkName>,
  { backend, software = false }: {
    backend: BackendName;
    software?: boolean | undefined;
  },
): ByNetwork<WorkRates> {
  const speed = speeds[backend] *
    (software && backend === "webgpu" ? SOFTWARE : 1);
  return new Map(
    [...networks].map((network) => {
      const passes = passesPerSecond[network] * speed;
      return [network, {
        updates: passes / UPDATE,
        attackSteps: passes,
        evaluations: passes,
      }];
    }),
  );
}

/** Passes of one image of 32 x 32 pixels per second. */
const passesPerSecond: Readonly<Record<NetworkName, number>> = {
  "published-standard": 3000,
  "published-adversarial": 800,
};

/** Speed of backends, as multiples of WebAssembly's. */
const speeds: Readonly<Record<BackendName, number>> = {
  "wasm": 1,
  "webgpu": 1,
  "cpu": 1 / 50,
};

/** A software adapter is that much slower than WebAssembly. */
const SOFTWARE = 1 / 10;

/** Slots of the training list of a cell before duplicates are removed. */
export function countSlots(
  { duplication: { mode, ratio, standIn } }: CellConfig,
  train: number,
): number {
  const grows = mode === "add" && standIn !== "weights";
  return grows ? train + Math.round(ratio * train) : train;
}

import type { BackendName } from "../spec/backends.ts";
import type { CellConfig } from "../spec/cell_config.ts";
import {
  type NetworkChoice,
  networkKey,
  networkOf,
} from "../spec/find_network.ts";
import {
  inferNetwork,
  type ModelInput,
  usualInput,
} from "../spec/infer_network.ts";
import { networks } from "../spec/networks.ts";
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

/** Work or rates by network, as `networkKey` has it. */
export type ByNetwork<T> = ReadonlyMap<string, T>;

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
  const sums = new Map<string, CellWork>();
  for (const config of configs) {
    const drawn = Math.min(rows.train, config.drawTrain ?? rows.train);
    const train = Math.max(1, drawn - (config.dataset.validation ?? 0));
    const slots = countSlots(config, train);
    const work = cellWork(config, { ...rows, train, slots });
    const key = networkKey(config);
    const sum = sums.get(key);
    sums.set(key, {
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
 * @param networks Names, and networks of studies' own.
 * @param options `input`: their images (default 32 x 32 x 3, ten classes); `software`: whether the adapter of WebGPU computes on the CPU.
 */
export function assumedRates(
  choices: Iterable<NetworkChoice>,
  { backend, software = false, input = usualInput }: {
    backend: BackendName;
    input?: ModelInput | undefined;
    software?: boolean | undefined;
  },
): ByNetwork<WorkRates> {
  const speed = speeds[backend] *
    (software && backend === "webgpu" ? SOFTWARE : 1);
  return new Map(
    [...choices].map((choice) => {
      const passes = passesPerSecond(choice, input) * speed;
      return [networkKey(choice), {
        updates: passes / UPDATE,
        attackSteps: passes,
        evaluations: passes,
      }];
    }),
  );
}

/** Passes of one image of 32 x 32 pixels per second. */
const publishedPasses = {
  "published-standard": 3000,
  "published-adversarial": 800,
} as const;

/** Passes of one image per second, of any network: in inverse proportion to its multiply-adds. */
function passesPerSecond(choice: NetworkChoice, input: ModelInput): number {
  const { model, network, width = 1 } = choice;
  if (
    network === undefined && width === 1 &&
    Object.hasOwn(publishedPasses, model)
  ) {
    const [height, width] = input.shape;
    return publishedPasses[model as keyof typeof publishedPasses] * 1024 /
      (height * width);
  }
  const known = "published-adversarial";
  const { multiplyAdds } = inferNetwork(networks[known].network, usualInput);
  const own = fits(choice, input)
    ? inferNetwork(networkOf(choice), input).multiplyAdds
    : multiplyAdds;
  return publishedPasses[known] * multiplyAdds / Math.max(own, 1);
}

/** Whether a network is for such images; not known where they are not. */
export function fits(
  choice: NetworkChoice,
  input: ModelInput = usualInput,
): boolean {
  try {
    inferNetwork(networkOf(choice), input);
    return true;
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}

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

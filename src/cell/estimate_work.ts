import "../core/require_long.ts";
import type { Backend } from "../backend/backend.ts";
import { openBackend } from "../backend/open_backend.ts";
import type { WorkEstimate } from "../core/require_short.ts";
import type { BackendName } from "../spec/backends.ts";
import type { CellConfig } from "../spec/cell_config.ts";
import type { NetworkName } from "../spec/networks.ts";
import { BATCH } from "../spec/study.ts";
import { measureRates } from "./measure_rates.ts";
import {
  assumedRates,
  type ByNetwork,
  secondsOf,
  sumWork,
  type WorkRates,
} from "./work_time.ts";

/** What cells run on, and what is decided by their time. */
export interface WorkPlace {
  /** Images in the data set, limits applied. */
  rows: { train: number; test: number };
  /** Pixels of one image, height times width; default 32 x 32. */
  pixels?: number | undefined;
  /** Backend of the cells. */
  backend: BackendName;
  /** Whether the adapter of WebGPU computes on the CPU. */
  software?: boolean | undefined;
  /** Longest time that is started, in seconds; default: any. */
  longest?: number | undefined;
  /** Ends the measurement early. */
  signal?: AbortSignal | undefined;
}

/** Seconds that each cell takes whatever it does. */
const START = 0.5;

/**
 * Assumed seconds up to which measuring is not worth while; less than what a
 * sweep asks about, so that its estimate is always measured.
 */
const SHORT = 5;

/** How many times faster than assumed a machine may be. */
const DOUBT: Readonly<Record<BackendName, number>> = {
  "wasm": 10,
  "cpu": 10,
  "webgpu": 1000,
};

/**
 * Estimates how long cells take here, from their configs alone: times that a file
 * records prove nothing. Rates are measured in about a second per network, but not
 * for work that is short, or so long that no measurement would let it start. What
 * is found only at run time is not deducted (see `sumWork`).
 *
 * @throws {BackendError} If the backend is unavailable or fails.
 * @throws What the signal says, once it is aborted.
 */
export async function estimateWork(
  configs: readonly CellConfig[],
  place: WorkPlace,
): Promise<WorkEstimate> {
  const { backend: name, longest = Infinity, signal } = place;
  const assumed = assumeWork(configs, place);
  const isClear = assumed.seconds <= SHORT ||
    assumed.seconds > longest * DOUBT[name];
  if (isClear) return assumed;
  const work = sumWork(configs, place.rows);
  const backend = await openBackend(name);
  const batch = configs[0]?.batch ?? BATCH;
  const rates = new Map<NetworkName, WorkRates>();
  for (const network of work.keys()) {
    rates.set(network, await ratesOf(network, { backend, batch, signal }));
  }
  return { seconds: timeOf(configs, place, rates), basis: "measured" };
}

/** As `estimateWork`, always from assumed rates, to compare cells. */
export function assumeWork(
  configs: readonly CellConfig[],
  place: Omit<WorkPlace, "longest" | "signal">,
): WorkEstimate {
  const rates = assumedRates(configs.map(({ model }) => model), place);
  return { seconds: timeOf(configs, place, rates), basis: "assumed" };
}

function timeOf(
  configs: readonly CellConfig[],
  { rows, pixels = 1024 }: Pick<WorkPlace, "rows" | "pixels">,
  rates: ByNetwork<WorkRates>,
): number {
  return configs.length * START +
    secondsOf(sumWork(configs, rows), rates) * pixels / 1024;
}

const measured = new Map<string, WorkRates>();

/** Measures each network once per backend and batch. */
async function ratesOf(
  network: NetworkName,
  options: {
    backend: Backend;
    batch: number;
    signal: AbortSignal | undefined;
  },
): Promise<WorkRates> {
  const key = `${options.backend.name} ${options.batch} ${network}`;
  const known = measured.get(key);
  if (known !== undefined) return known;
  const rates = (await measureRates([network], options)).get(network)!;
  measured.set(key, rates);
  return rates;
}

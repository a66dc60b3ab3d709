import "../core/require_long.ts";
import type { Backend } from "../backend/backend.ts";
import { openBackend } from "../backend/open_backend.ts";
import type { WorkEstimate } from "../core/require_short.ts";
import type { BackendName } from "../spec/backends.ts";
import type { CellConfig } from "../spec/cell_config.ts";
import { type NetworkChoice, networkKey } from "../spec/find_network.ts";
import type { ModelInput } from "../spec/infer_network.ts";
import { BATCH } from "../spec/study.ts";
import { measureRates } from "./measure_rates.ts";
import {
  assumedRates,
  type ByNetwork,
  fits,
  secondsOf,
  sumWork,
  type WorkRates,
} from "./work_time.ts";

/** What cells run on, and what is decided by their time. */
export interface WorkPlace {
  /** Images in the data set, limits applied. */
  rows: { train: number; test: number };
  /** Images and classes; default 32 x 32 x 3 and ten. */
  input?: ModelInput | undefined;
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
  const rates = new Map(assumedRates(configs, place));
  const choices = new Map(configs.map((one) => [networkKey(one), one]));
  for (const [key, choice] of choices) {
    if (!work.has(key) || !fits(choice, place.input)) continue;
    const options = { backend, batch, signal, input: place.input };
    rates.set(key, await ratesOf(choice, options));
  }
  return { seconds: timeOf(configs, place, rates), basis: "measured" };
}

/** As `estimateWork`, always from assumed rates, to compare cells. */
export function assumeWork(
  configs: readonly CellConfig[],
  place: Omit<WorkPlace, "longest" | "signal">,
): WorkEstimate {
  const rates = assumedRates(configs, place);
  return { seconds: timeOf(configs, place, rates), basis: "assumed" };
}

function timeOf(
  configs: readonly CellConfig[],
  { rows }: Pick<WorkPlace, "rows">,
  rates: ByNetwork<WorkRates>,
): number {
  return configs.length * START +
    secondsOf(sumWork(configs, rows), rates);
}

const measured = new Map<string, WorkRates>();

/** Measures each network once per backend and batch. */
async function ratesOf(
  choice: NetworkChoice,
  options: {
    backend: Backend;
    batch: number;
    input: ModelInput | undefined;
    signal: AbortSignal | undefined;
  },
): Promise<WorkRates> {
  const key = JSON.stringify([
    options.backend.name,
    options.batch,
    networkKey(choice),
    options.input,
  ]);
  const known = measured.get(key);
  if (known !== undefined) return known;
  const rates = (await measureRates([choice], options)).get(
    networkKey(choice),
  )!;
  measured.set(key, rates);
  return rates;
}

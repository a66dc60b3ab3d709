import type { Backend } from "../backend/backend.ts";
import type { NetworkName } from "../spec/networks.ts";
import { type StepTimeOptions, timeSteps } from "../train/time_steps.ts";
import type { ByNetwork, WorkRates } from "./work_time.ts";

/** Largest batch that is measured: more images do not change the rate much. */
const LARGEST_BATCH = 128;

/** Images per batch where one of `LARGEST_BATCH` would take minutes. */
const SLOW_BATCH = 2;

/**
 * Measures how fast networks are on a backend, each in about a second: a training
 * step, a step of PGD and an evaluation of one batch.
 *
 * @param batch Images per batch of the study.
 * @throws {BackendError} If the device fails.
 * @throws What the signal says, once it is aborted.
 */
export async function measureRates(
  networks: Iterable<NetworkName>,
  { backend, batch, signal }: {
    backend: Backend;
    batch: number;
    signal?: AbortSignal | undefined;
  },
): Promise<ByNetwork<WorkRates>> {
  const isSlow = backend.name === "cpu";
  const images = isSlow ? SLOW_BATCH : Math.min(batch, LARGEST_BATCH);
  const rates = new Map<NetworkName, WorkRates>();
  for (const model of networks) {
    const rateOf = async (job: StepTimeOptions["job"]) => {
      signal?.throwIfAborted();
      const { medianMs } = await timeSteps({
        model,
        job,
        batch: images,
        iterations: 1,
        runs: isSlow ? 1 : 3,
        warmup: isSlow ? 0 : 1,
        backend,
      });
      return images / medianMs * 1000;
    };
    rates.set(model, {
      updates: await rateOf("train"),
      attackSteps: await rateOf("pgd"),
      evaluations: await rateOf("evaluate"),
    });
  }
  return rates;
}

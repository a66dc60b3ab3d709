import type { Backend } from "../backend/backend.ts";
import { type NetworkChoice, networkKey } from "../spec/find_network.ts";
import type { ModelInput } from "../spec/infer_network.ts";
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
 * @param choices Names, and networks of studies' own.
 * @param options `batch`: images per batch of the study; `input`: its images,
 * default 32 x 32 x 3 in ten classes.
 * @throws {BackendError} If the device fails.
 * @throws What the signal says, once it is aborted.
 */
export async function measureRates(
  choices: Iterable<NetworkChoice>,
  { backend, batch, signal, input }: {
    backend: Backend;
    batch: number;
    input?: ModelInput | undefined;
    signal?: AbortSignal | undefined;
  },
): Promise<ByNetwork<WorkRates>> {
  const isSlow = backend.name === "cpu";
  const images = isSlow ? SLOW_BATCH : Math.min(batch, LARGEST_BATCH);
  const rates = new Map<string, WorkRates>();
  for (const choice of choices) {
    const rateOf = async (job: StepTimeOptions["job"]) => {
      signal?.throwIfAborted();
      const { medianMs } = await timeSteps({
        ...choice,
        input,
        job,
        batch: images,
        iterations: 1,
        runs: isSlow ? 1 : 3,
        warmup: isSlow ? 0 : 1,
        backend,
      });
      return images / medianMs * 1000;
    };
    rates.set(networkKey(choice), {
      updates: await rateOf("train"),
      attackSteps: await rateOf("pgd"),
      evaluations: await rateOf("evaluate"),
    });
  }
  return rates;
}

import type { Backend } from "../backend/backend.ts";

/** Where one epoch's wall time went, in milliseconds. */
export interface EpochTiming {
  /** Gathering and augmenting pixels, and uploading them to the backend. */
  dataMs: number;
  /** Making adversarial images. */
  attackMs: number;
  /** Forward, backward and optimizer. */
  updateMs: number;
}

/** Times the phases of an epoch; every step calls `step`, then its laps. */
export interface EpochClock {
  /** A step begins. */
  step(): Promise<void>;
  /** A phase of that step ends. */
  lap(phase: keyof EpochTiming): Promise<void>;
  /** The epoch ends: its phases add up to its wall time. */
  end(): Promise<EpochTiming>;
}

/** Time after which a step is waited for, however few are in flight. */
const LONGEST_FLIGHT_MS = 100;

/**
 * Starts the clock of an epoch. A backend that works asynchronously would be
 * idle if each phase waited for it. So only one step in every `stepsInFlight` is
 * waited for, phase by phase, and the wall time of the epoch, which is exact, is
 * divided in the same proportions. Waiting also bounds what is in flight.
 */
export function startEpochClock(
  backend: Pick<Backend, "settle" | "stepsInFlight">,
): EpochClock {
  const started = performance.now();
  const timing: EpochTiming = { dataMs: 0, attackMs: 0, updateMs: 0 };
  let last = started;
  let steps = 0;
  let isSettled = true;
  return {
    async step() {
      isSettled = steps++ % backend.stepsInFlight === 0 ||
        performance.now() - last > LONGEST_FLIGHT_MS;
      if (!isSettled) return;
      // What is still in flight belongs to earlier steps.
      await backend.settle();
      last = performance.now();
    },
    async lap(phase) {
      if (!isSettled) return;
      await backend.settle();
      const now = performance.now();
      timing[phase] += now - last;
      last = now;
    },
    async end() {
      await backend.settle();
      const { dataMs, attackMs, updateMs } = timing;
      const measured = dataMs + attackMs + updateMs;
      const scale = measured > 0 ? (performance.now() - started) / measured : 0;
      return {
        dataMs: dataMs * scale,
        attackMs: attackMs * scale,
        updateMs: updateMs * scale,
      };
    },
  };
}

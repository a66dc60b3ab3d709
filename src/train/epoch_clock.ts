/** Where one epoch's wall time went, in milliseconds. */
export interface EpochTiming {
  /** Gathering and augmenting pixels, and handing them to the backend. */
  dataMs: number;
  /** Making adversarial images. */
  attackMs: number;
  /** Forward, backward and optimizer. */
  updateMs: number;
}

/** How a backend is to be given work. */
export interface Pace {
  /** Resolves when the backend has done all work given to it. */
  settle: () => Promise<void>;
  /** Gradient steps given to the backend before it is settled; at least 1. */
  stepsInFlight: number;
  /** The most bytes that a tensor of it may have. */
  maxTensorBytes: number;
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

/** However few steps are in flight, settle after so many milliseconds. */
const LONGEST_FLIGHT_MS = 100;

/**
 * Starts the clock of an epoch. A backend that works behind the scenes would
 * stand idle if each phase waited for it. So only one step in every
 * `stepsInFlight` is settled, phase by phase; the epoch's wall time, which is
 * exact, is then divided as theirs was. Settling also bounds what is in flight.
 */
export function startEpochClock(
  { settle, stepsInFlight }: Pick<Pace, "settle" | "stepsInFlight">,
): EpochClock {
  const started = performance.now();
  const timing: EpochTiming = { dataMs: 0, attackMs: 0, updateMs: 0 };
  let last = started;
  let steps = 0;
  let isSettled = true;
  return {
    async step() {
      isSettled = steps++ % stepsInFlight === 0 ||
        performance.now() - last > LONGEST_FLIGHT_MS;
      if (!isSettled) return;
      // What is still in flight is no part of this step.
      await settle();
      last = performance.now();
    },
    async lap(phase) {
      if (!isSettled) return;
      await settle();
      const now = performance.now();
      timing[phase] += now - last;
      last = now;
    },
    async end() {
      await settle();
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

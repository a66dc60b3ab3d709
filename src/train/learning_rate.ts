import type { Schedule, ScheduleName } from "../spec/schedules.ts";

/** Where in a run a learning rate is asked for. */
export interface SchedulePoint {
  /** Learning rate that the schedule multiplies. */
  base: number;
  /** Epoch, from 0. */
  epoch: number;
  /** Epochs of the run. */
  epochs: number;
  /** Gradient step, from 0, counted over the whole run. */
  step: number;
  /** Gradient steps of the run. */
  steps: number;
}

type Factor<Name extends ScheduleName> = (
  schedule: Extract<Schedule, { name: Name }>,
  at: SchedulePoint,
) => number;

const factors: { readonly [Name in ScheduleName]: Factor<Name> } = {
  "constant": () => 1,
  "step": ({ every, gamma }, { epoch }) => gamma ** Math.floor(epoch / every),
  "cosine": ({ warmup }, { epoch, epochs, step, steps }) => {
    if (warmup === undefined) return halfCosine(epoch / epochs);
    const top = Math.floor(warmup * steps);
    return step < top ? step / top : halfCosine((step - top) / (steps - top));
  },
  "one-cycle": ({ warmup, start, end }, { step, steps }) => {
    const top = Math.floor(warmup * steps);
    return step < top
      ? start + (1 - start) * step / top
      : 1 + (end - 1) * (step - top) / (steps - top);
  },
};

/** From 1 at 0 to 0 at 1. */
function halfCosine(share: number): number {
  return (1 + Math.cos(Math.PI * share)) / 2;
}

/**
 * The learning rate of a gradient step.
 *
 * - `step`: PyTorch's `StepLR`, which drops by `gamma` every `every` epochs
 * - `cosine`: PyTorch's `CosineAnnealingLR` with `T_max = epochs` and
 *   `eta_min = 0` (Loshchilov and Hutter 2017, arXiv:1608.03983, eq. 5, without
 *   restarts), epoch by epoch; with `warmup` step by step, after a linear rise
 *   from 0 over that share of the steps
 * - `one-cycle`: linear from `start` to 1 over the share `warmup` of the steps,
 *   then linear to `end`, which the step after the last would have (Jordan 2024,
 *   arXiv:2404.00498)
 */
export function learningRateAt(
  schedule: Schedule,
  at: SchedulePoint,
): number {
  const factorOf = factors[schedule.name] as Factor<ScheduleName>;
  return at.base * factorOf(schedule, at);
}

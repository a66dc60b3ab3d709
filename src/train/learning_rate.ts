import type { Schedule, ScheduleName } from "../spec/schedules.ts";

/** Where in a run a learning rate is asked for. */
export interface ScheduleEpoch {
  /** Learning rate of epoch 0. */
  base: number;
  /** Epoch, from 0. */
  epoch: number;
  /** Epochs of the run. */
  epochs: number;
}

type Rate<Name extends ScheduleName> = (
  schedule: Extract<Schedule, { name: Name }>,
  at: ScheduleEpoch,
) => number;

const rates: { readonly [Name in ScheduleName]: Rate<Name> } = {
  "constant": (_, { base }) => base,
  "step": ({ every, gamma }, { base, epoch }) =>
    base * gamma ** Math.floor(epoch / every),
  "cosine": (_, { base, epoch, epochs }) =>
    base * (1 + Math.cos(Math.PI * epoch / epochs)) / 2,
};

/**
 * The learning rate of an epoch: PyTorch's `StepLR` (drops by `gamma` every
 * `every` epochs) or `CosineAnnealingLR` with `T_max = epochs` and `eta_min = 0`
 * (Loshchilov and Hutter 2017, arXiv:1608.03983, eq. 5, without restarts).
 */
export function learningRateAt(
  schedule: Schedule,
  at: ScheduleEpoch,
): number {
  return (rates[schedule.name] as Rate<ScheduleName>)(schedule, at);
}

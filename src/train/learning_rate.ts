import type { Schedule } from "../spec/schedules.ts";

/**
 * The learning rate of an epoch: PyTorch's `StepLR` (drops by `gamma` every
 * `every` epochs) or `CosineAnnealingLR` with `T_max = epochs` and `eta_min = 0`
 * (Loshchilov and Hutter 2017, arXiv:1608.03983, eq. 5, without restarts).
 *
 * @param schedule Which schedule.
 * @param options `base`: rate of epoch 0; `epoch`: from 0; `epochs`: of the run.
 */
export function learningRateAt(
  schedule: Schedule,
  { base, epoch, epochs }: { base: number; epoch: number; epochs: number },
): number {
  switch (schedule.name) {
    case "constant":
      return base;
    case "step":
      return base * schedule.gamma ** Math.floor(epoch / schedule.every);
    case "cosine":
      return base * (1 + Math.cos(Math.PI * epoch / epochs)) / 2;
  }
}

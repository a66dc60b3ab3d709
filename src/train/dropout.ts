import { drawEach, openStream } from "../core/stream.ts";
import type { InferredNetwork } from "../spec/infer_network.ts";

/** The factors of one dropout layer for one batch. */
export interface DropoutFactors {
  /** Shape `[b, ...]` of what comes into the layer. */
  readonly shape: readonly number[];
  /** 0 where a value is dropped, `1 / (1 - rate)` elsewhere. */
  readonly values: Float32Array;
}

/**
 * Draws the dropout factors of one gradient step (Srivastava et al. 2014, JMLR
 * 15, scaled while training as PyTorch does): 0 with probability `rate`, otherwise
 * `1 / (1 - rate)`. Each layer has a stream of its own.
 *
 * @param network Whose dropout layers they are for.
 * @param options `seed` of the run; `step` from 0; `rows`: images of the batch.
 * @returns One entry per dropout layer, in order.
 */
export function drawDropout(
  { dropouts }: Pick<InferredNetwork, "dropouts">,
  { seed, step, rows }: { seed: number; step: number; rows: number },
): DropoutFactors[] {
  return dropouts.map(({ rate, shape }, layer) => {
    const size = shape.reduce((a, b) => a * b, rows);
    // The first layer's stream has no number, as when there was only one.
    const keys = layer === 0 ? [step] : [step, layer];
    const stream = openStream(seed, "dropout", ...keys);
    const kept = 1 / (1 - rate);
    return {
      shape: [rows, ...shape],
      values: drawEach(size, () => stream.uniform() < rate ? 0 : kept),
    };
  });
}

import { hasOverfit } from "./catastrophic_overfitting.ts";
import type { EpochRecord } from "./result_set_types.ts";

type Counts = Pick<EpochRecord, "validation" | "overfitting">;

/**
 * What the best epoch is chosen by: images held out that are classified correctly
 * after one step of an attack where training is adversarial, otherwise without. A
 * network that has overfit catastrophically, and thus resists single steps only,
 * is worse than any other.
 *
 * @returns `null` where none were counted.
 */
export function validationScore(
  { validation, overfitting }: Counts,
): number | null {
  if (validation === undefined) return null;
  const score = validation.robust ?? validation.correct;
  const isFalse = overfitting !== undefined && hasOverfit(overfitting);
  // Counts are at least 0.
  return isFalse ? score - Number.MAX_SAFE_INTEGER : score;
}

/** The epoch with the highest score, the first of equals; `null`: none has one. */
export function bestEpoch(epochs: readonly Counts[]): number | null {
  let best: number | null = null;
  let most = -Infinity;
  epochs.forEach((epoch, i) => {
    const score = validationScore(epoch);
    if (score === null || score <= most) return;
    [best, most] = [i, score];
  });
  return best;
}

import type { ModelResult, ModelResults } from "./run_models.ts";

/** The largest difference of a loss that counts as equal, of 1 or the loss. */
export const tolerance = 1e-3;

/** What a training came to, next to the losses that are right. */
export type Verdict =
  | { readonly kind: "trains"; readonly difference: number }
  | { readonly kind: "wrong"; readonly difference: number }
  | { readonly kind: "refuses"; readonly error: string };

/** Judges the losses of a training by those that are right. */
export function judgeModel(
  { losses, error }: ModelResult,
  right: readonly number[],
): Verdict {
  if (losses === undefined) return { kind: "refuses", error: error! };
  const difference = right.reduce((most, loss, i) => {
    const off = Math.abs(losses[i]! - loss) / Math.max(1, Math.abs(loss));
    // NaN, which JSON writes as null, is as far off as can be.
    return losses[i] !== null && off >= 0 ? Math.max(most, off) : Infinity;
  }, 0);
  return { kind: difference <= tolerance ? "trains" : "wrong", difference };
}

/** The losses that are right: those of cpu, or of the reference there. */
export function rightLosses(
  cpu: ModelResults,
  name: string,
): readonly number[] {
  const { reference, losses, error } = cpu[name]!;
  const right = reference === undefined ? losses : reference.losses;
  if (right === undefined) {
    throw new Error(
      `${name} needs a reference on cpu: ${reference?.error ?? error}`,
    );
  }
  return right;
}

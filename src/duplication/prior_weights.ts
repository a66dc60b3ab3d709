import { countPerClass } from "../data/dataset.ts";

/**
 * Weights that give every class the share of the loss that it has among the
 * originals: a slot weighs the share of its class among the originals over the
 * share of its class among the slots. So the class mix in the loss stays what it
 * is without copies, whichever classes the copies are of.
 *
 * @param labels Class of each slot as it is trained on, originals first, shape
 * `[slots]`.
 * @param options `originals`: how many slots are originals; `classes`: count of
 * classes.
 * @returns Weights of mean 1, shape `[slots]`; exactly 1 where the class mix of
 * the slots is that of the originals.
 */
export function priorWeights(
  labels: Uint8Array,
  { originals, classes }: { originals: number; classes: number },
): Float32Array {
  const before = countPerClass(labels.subarray(0, originals), classes);
  const after = countPerClass(labels, classes);
  // One division of whole numbers, so that equal shares give exactly 1.
  return Float32Array.from(
    labels,
    (label) => before[label]! * labels.length / (originals * after[label]!),
  );
}

/**
 * Spreads a share of each label evenly over all classes (Szegedy et al. 2016,
 * arXiv:1512.00567, sec. 7), as PyTorch's `label_smoothing` does: a one-hot row
 * becomes `(1 - share) onehot + share / classes`. The sum of a row stays, so that
 * weights of images hold.
 *
 * @param labels Weights of the classes, shape `[b, classes]`.
 * @param options `share` in `[0, 1)`.
 * @returns New labels of the same shape.
 */
export function smoothLabels(
  labels: Float32Array,
  { classes, share }: { classes: number; share: number },
): Float32Array {
  const smoothed = new Float32Array(labels.length);
  for (let first = 0; first < labels.length; first += classes) {
    let mass = 0;
    for (let c = 0; c < classes; c++) mass += labels[first + c]!;
    for (let c = 0; c < classes; c++) {
      smoothed[first + c] = (1 - share) * labels[first + c]! +
        share * mass / classes;
    }
  }
  return smoothed;
}

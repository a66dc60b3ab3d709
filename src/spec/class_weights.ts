/** Share of the copies that falls on the first half of the classes. */
const favouredShare = 0.8;

/**
 * The weights of the study's skewed arm: the first half of the classes share
 * .8 equally, the others .2. Of an odd count the middle class is an other one.
 *
 * @param classes At least 1.
 */
export function defaultClassWeights(classes: number): number[] {
  const favoured = Math.floor(classes / 2);
  return Array.from(
    { length: classes },
    (_, label) =>
      label < favoured
        ? favouredShare / favoured
        : (1 - favouredShare) / (classes - favoured),
  );
}

import { attackedImagesOf } from "./attacked_images.ts";
import type { AttackedImages, Score, TestOutcome } from "./result_set_types.ts";

/** One score of some weights on the test images. */
export interface NamedScore {
  /** Where it is in `outcome.test`, such as `byAttack.fgsm`. */
  readonly path: string;
  /** Which images are classified correctly. */
  readonly score: Score;
  /** The images that it counts, one bit each. */
  readonly images: AttackedImages;
  /** Whether these are the images under attack. */
  readonly isAttacked: boolean;
}

/** Every score that some weights have on the test images. */
export function scoresOf(test: TestOutcome): NamedScore[] {
  const { rows, rowsPerClass, clean, flipped, byAttack, worstCase } = test;
  const all = { images: { rows, rowsPerClass }, isAttacked: false };
  const attacked = { images: attackedImagesOf(test), isAttacked: true };
  return [
    { path: "clean", score: clean, ...all },
    ...(flipped ? [{ path: "flipped", score: flipped, ...all }] : []),
    ...Object.entries(byAttack).map(([name, score]) => ({
      path: `byAttack.${name}`,
      score,
      ...attacked,
    })),
    ...(worstCase
      ? [{ path: "worstCase", score: worstCase, ...attacked }]
      : []),
  ];
}

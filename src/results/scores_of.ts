import type { Score, TestOutcome } from "./result_set_types.ts";

/**
 * What some weights make of the test images, by the path of each score in
 * `outcome.test`, such as `byAttack.fgsm`.
 */
export function scoresOf(
  { clean, flipped, byAttack, worstCase }: TestOutcome,
): [path: string, score: Score][] {
  return [
    ["clean", clean],
    ...(flipped ? [["flipped", flipped] as [string, Score]] : []),
    ...Object.entries(byAttack).map(([name, score]): [string, Score] => [
      `byAttack.${name}`,
      score,
    ]),
    ...(worstCase ? [["worstCase", worstCase] as [string, Score]] : []),
  ];
}

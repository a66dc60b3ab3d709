import { type ControlName, testedBy } from "../analysis/controls.ts";

/**
 * What it says about the effect of copies if a control has it, too; a sentence
 * for each thing that the controls test.
 *
 * @param controls At least one.
 * @param isEqual When a control counts as equal to copies, as a clause.
 */
export function describeControls(
  controls: readonly ControlName[],
  isEqual: string,
): string {
  const tested = new Set(controls.map(testedBy));
  return [
    ...(tested.has("repetition")
      ? [
        `A control has something else in place of the copies: if ${isEqual}, the change is not shown to be due to repetition.`,
      ]
      : []),
    ...(tested.has("the class mix")
      ? [
        `Copies with class weights restored do not change the class mix: for them, if ${isEqual}, the change is not shown to be due to the class mix.`,
      ]
      : []),
  ].join(" ");
}

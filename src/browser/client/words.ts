import type { FinishedCell } from "../../results/result_set_types.ts";

/** Names of groups of values, by how their fields begin; the first that fits. */
const groups: readonly [RegExp, (match: RegExpExecArray) => string][] = [
  [/^duplication\./, () => "Training list: originals and copies"],
  [/^outcome\.epochs\./, () => "Loss, images, steps and counts of each epoch"],
  [
    /^outcome\.(?:(\w+)\.)?test\.byAttack\.([^.]+)/,
    ([, which, attack]) => `Test images under ${attack}${of(which)}`,
  ],
  [
    /^outcome\.(?:(\w+)\.)?test\.worstCase/,
    ([, which]) => `Test images in the worst case of all attacks${of(which)}`,
  ],
  [
    /^outcome\.(?:(\w+)\.)?test\./,
    ([, which]) => `Test images without attack${of(which)}`,
  ],
  [
    /^outcome\.leaked\./,
    () => "Test images with a duplicate, which are counted separately",
  ],
  [/^outcome\.best\.epoch$/, () => "Best epoch on images held out"],
  [/^outcome\.train\./, () => "Training images"],
  [/weightsSha256$/, () => "SHA-256 of the trained weights"],
  [/^/, () => "Divergence and flags"],
];

const of = (which: string | undefined) =>
  which === undefined ? "" : `, ${which} weights`;

/** What a page calls the part of a record that a field belongs to. */
export function groupOf(field: string): string {
  for (const [pattern, name] of groups) {
    const match = pattern.exec(field);
    if (match) return name(match);
  }
  return field;
}

/**
 * Which epoch is trained, from 0, of how many: of a run that diverged when it was
 * recorded, the record has fewer.
 */
export function nameEpoch(epoch: number, { config }: FinishedCell): string {
  return `Epoch ${epoch + 1} of ${config.epochs}`;
}

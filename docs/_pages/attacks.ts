import {
  attackFamilies,
  type AttackFamily,
  attackForms,
} from "../../src/spec/attacks.ts";
import { code, page, sentence, table } from "./markdown.ts";

/** `attacks.md`: the attacks of an evaluation. */
export function attacksPage(): string {
  const families: readonly [string, AttackFamily][] = Object.entries(
    attackFamilies,
  );
  return page(
    "# Attacks",
    `The field \`attacks\` of a study lists attacks by name: ${attackForms}. N is a
number from 1 to 9999. Every attack searches the L∞ ball of radius \`epsilon\`
around an image, within the pixel range [0, 1]; the fields \`epsilon\`, \`alpha\`,
\`attackLowest\` and \`testRandomStart\` of [studies](studies.md#fields) apply.`,
    table(
      ["name", "title", "N", "method", "uses"],
      families.map(([name, { title, meaning, counts, isBlackBox }]) => [
        code(counts === undefined ? name : `${name}-N`),
        title,
        counts ?? "",
        sentence(meaning),
        isBlackBox ? "class scores only" : "gradients",
      ]),
    ),
    `The *worst case* counts the images that are classified correctly both clean
and under every attack of the study. With ${
      families.filter(([, { isStrong }]) => isStrong).map(([, { title }]) =>
        title
      ).join(", ")
    }, AutoAttack's reliability checks are made too and raise a *flag* in the
result set. [Method](../method.md#attacks) explains how the attacks are
run and how this differs from AutoAttack.`,
    `The training \`adversarial\` attacks each batch with \`trainSteps\` iterations of
PGD, and \`n-fgsm\` with one step from random noise.`,
  );
}

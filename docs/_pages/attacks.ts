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
      ["name", "called", "N", "what it does", "sees"],
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
    } AutoAttack's checks of reliability are made too; what they find is a
*flag* in the result set. [Method](../method.md#attacks) says how the attacks are
run and how this differs from AutoAttack.`,
    `Adversarial training attacks each batch with PGD, with \`trainSteps\`
iterations.`,
  );
}

import type { Term } from "./term.ts";
import type { AttackFamilyName } from "./names.ts";

export type { AttackFamilyName };

/** A family of attacks; what a member is called follows from its count. */
export interface AttackFamily extends Term {
  /** What the number after its name counts; none: there is no number. */
  readonly counts?: string;
  /** Whether it sees class scores only, and no gradients. */
  readonly isBlackBox?: boolean;
  /** Whether AutoAttack's checks of reliability are made where it is used. */
  readonly isStrong?: boolean;
}

/**
 * The attacks of an evaluation, weakest first. In studies and result sets an
 * attack is named by its family and, where the family counts, a number of 1 to
 * 9999: `fgsm`, `pgd-10`.
 */
export const attackFamilies = {
  "fgsm": {
    title: "FGSM",
    meaning: "one step along the sign of the gradient (Goodfellow et al. 2015)",
  },
  "pgd": {
    title: "PGD",
    meaning: "projected gradient ascent (Madry et al. 2018)",
    counts: "steps",
  },
  "apgd-ce": {
    title: "APGD-CE",
    meaning:
      "PGD with an adaptive step size, on the cross-entropy (Croce and Hein 2020)",
    counts: "iterations",
    isStrong: true,
  },
  "apgd-t": {
    title: "APGD-T",
    meaning:
      "PGD with an adaptive step size, towards each of the nine most likely other classes (Croce and Hein 2020)",
    counts: "iterations for each class",
    isStrong: true,
  },
  "square": {
    title: "Square",
    meaning: "random search without gradients (Andriushchenko et al. 2020)",
    counts: "queries",
    isStrong: true,
    isBlackBox: true,
  },
} as const satisfies Record<string, AttackFamily>;

const entries: readonly [string, AttackFamily][] = Object.entries(
  attackFamilies,
);
const plain = entries.filter(([, { counts }]) => counts === undefined);
const counted = entries.filter(([, { counts }]) => counts !== undefined);

/** What the name of an attack must look like. */
export const attackPattern: RegExp = new RegExp(
  `^(${plain.map(([name]) => name).join("|")}|(${
    counted.map(([name]) => name).join("|")
  })-[1-9]\\d{0,3})$`,
);

const forms = [
  ...plain.map(([name]) => name),
  ...counted.map(([name]) => `${name}-N`),
];

/** What such names look like, for messages. */
export const attackForms: string = `${forms.slice(0, -1).join(", ")} or ${
  forms.at(-1)
}`;

/** An attack by its name. */
export interface AttackName {
  /** Its family. */
  readonly family: AttackFamilyName;
  /** The number after the name; 1 where the family has none. */
  readonly count: number;
}

/**
 * Takes the name of an attack apart.
 *
 * @throws {RangeError} If no attack is called so.
 */
export function parseAttackName(name: string): AttackName {
  if (!attackPattern.test(name)) {
    throw new RangeError(`An attack must be ${attackForms}, got "${name}"`);
  }
  const dash = name.search(/-\d+$/);
  return dash < 0 ? { family: name as AttackFamilyName, count: 1 } : {
    family: name.slice(0, dash) as AttackFamilyName,
    count: Number(name.slice(dash + 1)),
  };
}

/** What is known of an attack's family, by the name of the attack. */
export function attackFamilyOf(name: string): AttackFamily {
  return attackFamilies[parseAttackName(name).family];
}

/** The name of an attack as the field writes it, such as `PGD-10`. */
export function attackTitle(name: string): string {
  const { family, count } = parseAttackName(name);
  const { title, counts }: AttackFamily = attackFamilies[family];
  return counts === undefined ? title : `${title}-${count}`;
}

/** What an attack does, in one line. */
export function attackMeaning(name: string): string {
  const { family, count } = parseAttackName(name);
  const { meaning, counts }: AttackFamily = attackFamilies[family];
  return counts === undefined ? meaning : `${meaning}, ${count} ${counts}`;
}

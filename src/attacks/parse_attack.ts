import { type AttackFamilyName, parseAttackName } from "../spec/attacks.ts";
import { apgdCe, apgdTargeted } from "./apgd.ts";
import type { Attack, ThreatModel } from "./attack.ts";
import { fgsm, pgd } from "./pgd.ts";
import { square } from "./square.ts";

/** Builds an attack of each family; `count` is the number after its name. */
const builders: Record<
  AttackFamilyName,
  (threat: ThreatModel, count: number) => Attack
> = {
  "fgsm": (threat) => fgsm(threat),
  "pgd": ({ epsilon, alpha, randomStart = true, lowest }, steps) =>
    pgd({ epsilon, stepSize: alpha, steps, randomStart, lowest }),
  "apgd-ce": ({ epsilon }, iterations) => apgdCe({ epsilon, iterations }),
  "apgd-t": ({ epsilon }, iterations) => apgdTargeted({ epsilon, iterations }),
  "square": ({ epsilon }, queries) => square({ epsilon, queries }),
};

/**
 * Builds an attack by its name, such as `pgd-10`: the family and, for most, the
 * number of steps, iterations or queries.
 *
 * @throws {RangeError} If there is no attack of that name.
 */
export function parseAttack(name: string, threat: ThreatModel): Attack {
  const { family, count } = parseAttackName(name);
  return builders[family](threat, count);
}

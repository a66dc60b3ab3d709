import type { Attack, ThreatModel } from "./attack.ts";
import { fgsm, pgd } from "./pgd.ts";

/** What the name of an attack must look like. */
export const attackPattern: RegExp = /^(fgsm|pgd-[1-9]\d{0,3})$/;

/**
 * Builds the attack of a name: `fgsm`, or `pgd-N` for N steps of `alpha` from a
 * random start, unless the threat model says otherwise.
 *
 * @throws {RangeError} If the name is neither.
 */
export function parseAttack(name: string, threat: ThreatModel): Attack {
  if (!attackPattern.test(name)) {
    throw new RangeError(
      `Cannot attack as the name must be "fgsm" or "pgd-N": current value is "${name}"`,
    );
  }
  if (name === "fgsm") return fgsm(threat);
  return pgd({
    epsilon: threat.epsilon,
    stepSize: threat.alpha,
    steps: Number(name.slice("pgd-".length)),
    randomStart: threat.randomStart ?? true,
    lowest: threat.lowest,
  });
}

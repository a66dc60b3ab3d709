import { apgdCe, apgdTargeted } from "./apgd.ts";
import type { Attack, ThreatModel } from "./attack.ts";
import { fgsm, pgd } from "./pgd.ts";
import { square } from "./square.ts";

/** What the name of an attack must look like. */
export const attackPattern: RegExp =
  /^(fgsm|(pgd|apgd-ce|apgd-t|square)-[1-9]\d{0,3})$/;

/** What such names are, for messages. */
export const attackForms = "fgsm, pgd-N, apgd-ce-N, apgd-t-N or square-N";

/**
 * Builds the attack of a name: `fgsm`, `apgd-ce-N` or `apgd-t-N` for N
 * iterations, `square-N` for N queries, or `pgd-N` for N steps of `alpha` from a
 * random start, unless the threat model says otherwise.
 *
 * @throws {RangeError} If the name is none of these.
 */
export function parseAttack(name: string, threat: ThreatModel): Attack {
  if (!attackPattern.test(name)) {
    throw new RangeError(
      `Cannot attack as the name must be ${attackForms}: current value is "${name}"`,
    );
  }
  if (name === "fgsm") return fgsm(threat);
  const dash = name.lastIndexOf("-");
  const count = Number(name.slice(dash + 1));
  const { epsilon } = threat;
  switch (name.slice(0, dash)) {
    case "apgd-ce":
      return apgdCe({ epsilon, iterations: count });
    case "apgd-t":
      return apgdTargeted({ epsilon, iterations: count });
    case "square":
      return square({ epsilon, queries: count });
  }
  return pgd({
    epsilon,
    stepSize: threat.alpha,
    steps: count,
    randomStart: threat.randomStart ?? true,
    lowest: threat.lowest,
  });
}

import type { TrainingAttack } from "../attacks/attack.ts";
import { nFgsm, pgd } from "../attacks/pgd.ts";
import type { TrainingName } from "../spec/axes/training.ts";
import type { CellConfig } from "../spec/cell_config.ts";

type TrainingConfig = CellConfig["training"];

type Build<Name extends TrainingName> = (
  config: Extract<TrainingConfig, { name: Name }>,
) => TrainingAttack | undefined;

const builders: { readonly [Name in TrainingName]: Build<Name> } = {
  "standard": () => undefined,
  "adversarial": ({ alpha, epsilon, steps, randomStart, lowest }) =>
    pgd({ epsilon, stepSize: alpha, steps, randomStart, lowest }),
  "n-fgsm": ({ epsilon, alpha, noise }) =>
    nFgsm({ noise: noise * epsilon, stepSize: alpha }),
};

/**
 * Builds the attack on whose images a way of training updates the weights.
 *
 * @returns `undefined` where it trains on the images as they are.
 * @throws {RangeError} If a number is out of its range.
 */
export function buildTrainingAttack(
  config: TrainingConfig,
): TrainingAttack | undefined {
  return (builders[config.name] as Build<TrainingName>)(config);
}

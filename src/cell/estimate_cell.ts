import { requireClasses } from "../attacks/attack.ts";
import { parseAttack } from "../attacks/parse_attack.ts";
import { UsageError } from "../core/errors.ts";
import type { Dataset } from "../data/dataset.ts";
import { requireRows } from "../data/limit_rows.ts";
import { requireFit } from "../spec/find_network.ts";
import { policyFields } from "../spec/policies.ts";
import type { Cell } from "../spec/plan_cells.ts";
import { cellCost } from "./cell_cost.ts";
import { planSlots, splitFor } from "./training_list.ts";

/** Fields of a study that messages of the library name in quotes. */
const fields = [
  ...Object.keys(policyFields),
  "conflict",
  "drawTrain",
  "limitTrain",
  "validation",
  "mode",
  "ratio",
];

/**
 * Estimates the work of a cell on a data set, and finds before anything runs
 * whether it can be run.
 *
 * @returns Estimated work, in passes of one image.
 * @throws {UsageError} If the data set cannot give what the cell asks for.
 */
export function estimateCell({ config }: Cell, dataset: Dataset): number {
  try {
    for (const name of config.evaluation.attacks) {
      const attack = parseAttack(name, config.evaluation);
      requireClasses(attack, dataset.classNames.length);
    }
    const { attackImages } = config.evaluation;
    if (attackImages !== undefined) {
      requireRows(dataset, {
        split: "test",
        count: attackImages,
        field: "attackImages",
      });
    }
    requireFit(config, {
      shape: dataset.shape,
      classes: dataset.classNames.length,
    });
    const own = splitFor(config, dataset).dataset;
    return cellCost(config, {
      train: own.train.rows,
      slots: planSlots(own, config).rows.length,
      test: dataset.test.rows,
    }).total;
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new UsageError(error.message, { field: fields });
  }
}

/** Whether a cell encodes JPEG, which imagescript does in native code. */
export function needsNativeCode({ config }: Cell): boolean {
  return config.duplication.nearKinds?.includes("jpeg") ?? false;
}

import { requireClasses } from "../attacks/attack.ts";
import { parseAttack } from "../attacks/parse_attack.ts";
import { UsageError } from "../core/errors.ts";
import type { Dataset } from "../data/dataset.ts";
import type { Cell } from "../spec/plan_cells.ts";
import { standInAxis } from "../spec/axes/stand_in.ts";
import { valuesOf } from "../spec/plan_cells.ts";
import type { Study } from "../spec/study.ts";
import { cellCost } from "../cell/cell_cost.ts";
import type { DatasetRequest } from "./messages.ts";
import { planSlots } from "../cell/training_list.ts";

/** The images that the cells of a study are made of. */
export function requestDataset(
  study: Study,
  dataDir: string | undefined,
): DatasetRequest {
  return {
    name: study.dataset,
    ...(dataDir !== undefined && { dataDir }),
    ...(study.limitTrain !== undefined && { limitTrain: study.limitTrain }),
    ...(study.limitTest !== undefined && { limitTest: study.limitTest }),
    ...(valuesOf(study, standInAxis).includes("fresh") && { reserve: true }),
  };
}

/** Whether any of the cells encodes JPEG, which imagescript does natively. */
export function needsNativeCode(cells: readonly Cell[]): boolean {
  return cells.some(({ config }) =>
    config.duplication.nearKinds?.includes("jpeg")
  );
}

/**
 * Plans a cell's work once, so that what cannot be is found first.
 *
 * @returns Estimated work, in passes of one image.
 * @throws {UsageError} If the data set cannot give what the cell asks for.
 */
export function planCost({ config }: Cell, dataset: Dataset): number {
  try {
    for (const name of config.evaluation.attacks) {
      const attack = parseAttack(name, config.evaluation);
      requireClasses(attack, dataset.classNames.length);
    }
    return cellCost(config, {
      train: dataset.train.rows,
      slots: planSlots(dataset, config).rows.length,
      test: dataset.test.rows,
    }).total;
  } catch (error) {
    if (error instanceof RangeError) throw new UsageError(error.message);
    throw error;
  }
}

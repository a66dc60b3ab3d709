import { requireClasses } from "../attacks/attack.ts";
import { parseAttack } from "../attacks/parse_attack.ts";
import { UsageError } from "../core/errors.ts";
import type { Dataset } from "../data/dataset.ts";
import { requireRows } from "../data/limit_rows.ts";
import { requireFit } from "../spec/find_network.ts";
import { policyFields } from "../spec/policies.ts";
import type { CellConfig } from "../spec/cell_config.ts";
import type { Cell } from "../spec/plan_cells.ts";
import { openMoves } from "../train/augmentation.ts";
import { smallestBatch } from "../train/batch_order.ts";
import { cellCost } from "./cell_cost.ts";
import { planSlots, splitFor } from "./training_list.ts";

/** Fields of a study that messages of the library name in quotes. */
const fields = [
  ...Object.keys(policyFields),
  "batch",
  "conflict",
  "cropPadding",
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
    const { shape, classNames } = dataset;
    const { needsPair } = requireFit(config, {
      shape,
      classes: classNames.length,
    });
    openMoves(config.augmentation, { seed: config.seed, shape });
    const own = splitFor(config, dataset).dataset;
    const train = own.train.rows;
    const slots = planSlots(own, config).rows.length;
    if (needsPair !== undefined) {
      requirePairs(config, { needsPair, train, slots });
    }
    return cellCost(config, { train, slots, test: dataset.test.rows }).total;
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new UsageError(error.message, { field: fields });
  }
}

/**
 * Refuses batches of one image where a layer needs two. How many duplicates are
 * removed is known only when the cell runs.
 *
 * @param about `needsPair`: the layer; `train`: training images; `slots`: those
 * and the copies.
 * @throws {RangeError} If there is such a batch.
 */
function requirePairs(
  config: CellConfig,
  { needsPair, train, slots }: {
    needsPair: string;
    train: number;
    slots: number;
  },
): void {
  const { batch, dedup } = config;
  if (dedup !== undefined && batch > 1) return;
  if (smallestBatch({ ...config, slots, originalRows: train }) > 1) return;
  throw new RangeError(
    `"batch" gives a batch of one image, which has no variance for ${needsPair}: batches must have two or more, got ${batch} for a training list of ${slots}`,
  );
}

/** Whether a cell encodes JPEG, which imagescript does in native code. */
export function needsNativeCode({ config }: Cell): boolean {
  return config.duplication.nearKinds?.includes("jpeg") ?? false;
}

import type { Dataset } from "../data/dataset.ts";
import { joinImages } from "../data/join_images.ts";
import { selectRows } from "../data/limit_rows.ts";
import { freshRows } from "../duplication/fresh_rows.ts";
import {
  describePlan,
  planDuplication,
  trainingRows,
} from "../duplication/plan_duplication.ts";
import type { DuplicationRecord } from "../results/outcome.ts";
import type { CellConfig } from "../study/cell_config.ts";

/** What a cell trains on, as rows. */
export interface TrainingPlan {
  /** Rows of the original set that are kept. */
  originals: Uint32Array;
  /**
   * Rows that stand where copies would; from the count of original rows on they
   * are rows of `fresh`.
   */
  copies: Uint32Array;
  /** Row of each slot: originals, then copies, unless weights stand for those. */
  rows: Uint32Array;
  /** Weight of each slot, of mean 1; none: all weigh alike. */
  weights?: Float32Array;
  /** Rows of the reserve that join the training images, in this order. */
  fresh?: Uint32Array;
}

/**
 * Plans what a cell trains on.
 *
 * @throws {RangeError} If the data set cannot give what the config asks for.
 */
export function planTraining(
  { duplication, seed }: Pick<CellConfig, "duplication" | "seed">,
  { train, reserve, classNames }: Dataset,
): TrainingPlan {
  const { standIn = "copies", ...policy } = duplication;
  const plan = planDuplication(train.labels, classNames.length, {
    ...policy,
    seed,
  });
  switch (standIn) {
    case "copies":
      return { ...plan, rows: trainingRows(plan) };
    case "weights":
      return { ...plan, rows: plan.originals, weights: weightsOf(plan) };
    case "fresh": {
      const none = new Uint8Array(0);
      const fresh = freshRows(
        plan.copies,
        train.labels,
        reserve?.labels ?? none,
        seed,
      );
      const copies = fresh.map((_, i) => train.rows + i);
      const { originals } = plan;
      return {
        originals,
        copies,
        fresh,
        rows: trainingRows({ originals, copies }),
      };
    }
  }
}

/** 1 plus the copies of each original, over the mean of that. */
function weightsOf(
  { originals, copies }: Pick<TrainingPlan, "originals" | "copies">,
): Float32Array {
  const counts = new Map<number, number>();
  for (const row of copies) counts.set(row, (counts.get(row) ?? 0) + 1);
  const mean = (originals.length + copies.length) / originals.length;
  return Float32Array.from(
    originals,
    (row) => (1 + (counts.get(row) ?? 0)) / mean,
  );
}

/** The data set with the fresh images of a plan behind its training images. */
export function withFresh(
  dataset: Dataset,
  { fresh }: TrainingPlan,
): Dataset {
  if (fresh === undefined) return dataset;
  const images = selectRows(dataset.reserve!, fresh);
  return { ...dataset, train: joinImages([dataset.train, images]) };
}

/** What a result set records of a plan, from the data set it trains on. */
export function recordPlan(
  plan: TrainingPlan,
  { train, classNames }: Dataset,
): DuplicationRecord {
  const { sha256: planSha256, ...counts } = describePlan(
    plan,
    train.labels,
    classNames.length,
  );
  return {
    ...counts,
    // Fresh images are copies of none.
    ...(plan.fresh && { distinctCopied: 0 }),
    planSha256,
  };
}

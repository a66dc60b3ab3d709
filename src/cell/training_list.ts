import { bytesOf, sha256 } from "../core/digest.ts";
import {
  countPerClass,
  type Dataset,
  type LabelledImages,
} from "../data/dataset.ts";
import { drawTraining } from "../data/draw_training.ts";
import { holdOut } from "../data/hold_out.ts";
import { joinImages } from "../data/join_images.ts";
import { selectRows } from "../data/limit_rows.ts";
import { changeImages } from "../data/pixel_change.ts";
import { distinctRows } from "../detection/distinct_rows.ts";
import { conflictingLabels } from "../duplication/conflicting_labels.ts";
import { freshRows } from "../duplication/fresh_rows.ts";
import {
  describePlan,
  type DuplicationPlan,
  planDuplication,
  trainingRows,
} from "../duplication/plan_duplication.ts";
import { type PlanNaming, planNaming } from "../duplication/plan_stream.ts";
import { planNearCopies } from "../duplication/plan_near_copies.ts";
import { priorWeights } from "../duplication/prior_weights.ts";
import type { DuplicationRecord } from "../results/outcome.ts";
import type { StandInName } from "../spec/axes/stand_in.ts";
import type { CellConfig } from "../spec/cell_config.ts";

/** What a cell trains on: its slots, first the originals, then the copies. */
export interface TrainingList {
  /**
   * Original row of each slot: the row itself, or that of which it is a copy or,
   * with fresh images, would be one.
   */
  rows: Uint32Array;
  /** Class of each slot, as it is trained on. */
  labels: Uint8Array;
  /** Weight of each slot in the loss, of mean 1; default: equal weights. */
  weights?: Float32Array;
  /** Pixels: the training split, then those of copies that are not exact. */
  images: LabelledImages;
  /** Row in `images` of each slot. */
  imageRows: Uint32Array;
  /** Number of slots that are originals. */
  originals: number;
  /** What the result set records. */
  record: DuplicationRecord;
}

/** What a cell trains on, before any pixel is touched. */
export interface SlotPlan extends DuplicationPlan {
  /** Original row of each slot. */
  rows: Uint32Array;
  /** Class of each slot, as it is trained on. */
  labels: Uint8Array;
  /** Weight of each slot, of mean 1; default: equal weights. */
  weights?: Float32Array;
  /** Class of each copy where a share conflicts; default: the original's. */
  copyLabels?: Uint8Array;
  /** Row of the reserve in the place of each copy; default: no stand-in. */
  fresh?: Uint32Array;
}

type PlanStandIn = (
  plan: DuplicationPlan,
  dataset: Pick<Dataset, "train" | "reserve">,
  naming: PlanNaming,
) => Omit<SlotPlan, "labels" | "copyLabels">;

const standIns: Readonly<Record<StandInName, PlanStandIn>> = {
  "copies": (plan) => ({ ...plan, rows: trainingRows(plan) }),
  "weights": (plan) => ({
    ...plan,
    rows: plan.originals,
    weights: weightsOf(plan),
  }),
  "fresh": (plan, { train, reserve }, naming) => ({
    ...plan,
    rows: trainingRows(plan),
    fresh: freshRows(
      plan.copies,
      train.labels,
      reserve?.labels ?? new Uint8Array(0),
      naming,
    ),
  }),
  // Its weights are those of `weighSlots`.
  "prior-restored": (plan) => ({ ...plan, rows: trainingRows(plan) }),
};

/**
 * The images of a cell: those it trains and is tested on, and those that are held
 * out, if any. Its seed draws the training images first, where it is to draw any.
 *
 * @throws {RangeError} If there are too few, or none would be left to train on.
 */
export function splitFor(
  { dataset: { validation }, drawTrain, seed }: Pick<
    CellConfig,
    "dataset" | "drawTrain" | "seed"
  >,
  whole: Dataset,
): { dataset: Dataset; validation?: LabelledImages } {
  const dataset = drawTrain === undefined
    ? whole
    : drawTraining(whole, { count: drawTrain, seed });
  return validation === undefined ? { dataset } : holdOut(dataset, validation);
}

/**
 * Plans the slots of a cell.
 *
 * @throws {RangeError} If the data set cannot give what the config asks for.
 */
export function planSlots(
  dataset: Dataset,
  { duplication, seed }: Pick<CellConfig, "duplication" | "seed">,
): SlotPlan {
  const { nearKinds: _, standIn = "copies", conflict, ...options } =
    duplication;
  const { train, classNames } = dataset;
  const naming = planNaming({ ...duplication, seed });
  const plan = planDuplication(train.labels, classNames.length, {
    ...options,
    seed,
  });
  const slots = standIns[standIn](plan, dataset, naming);
  const copyLabels = conflict === undefined ? undefined : conflictingLabels(
    plan.copies,
    train.labels,
    { share: conflict, classes: classNames.length, ...naming },
  );
  const labels = Uint8Array.from(slots.rows, (row) => train.labels[row]!);
  if (copyLabels) labels.set(copyLabels, plan.originals.length);
  return {
    ...slots,
    labels,
    ...(copyLabels && { copyLabels }),
    ...weighSlots(duplication, labels, {
      originals: plan.originals.length,
      classes: classNames.length,
    }),
  };
}

/** What is recorded of a plan, before any pixel is touched. */
export function recordSlots(
  plan: SlotPlan,
  { train, classNames }: Pick<Dataset, "train" | "classNames">,
): DuplicationRecord {
  const { sha256: planSha256, ...counts } = describePlan(
    plan,
    train.labels,
    classNames.length,
  );
  return {
    ...counts,
    // Fresh images are not copies of any original.
    ...(plan.fresh && { distinctCopied: 0 }),
    planSha256,
    ...(plan.copyLabels && {
      conflicting: {
        copies: plan.copies.filter((row, copy) =>
          train.labels[row] !== plan.copyLabels![copy]
        ).length,
        copiesPerLabel: countPerClass(plan.copyLabels, classNames.length),
        labelsSha256: sha256(plan.copyLabels),
      },
    }),
  };
}

/** 1 plus the number of copies of each original, divided by the mean. */
function weightsOf({ originals, copies }: DuplicationPlan): Float32Array {
  const counts = new Map<number, number>();
  for (const row of copies) counts.set(row, (counts.get(row) ?? 0) + 1);
  const mean = (originals.length + copies.length) / originals.length;
  return Float32Array.from(
    originals,
    (row) => (1 + (counts.get(row) ?? 0)) / mean,
  );
}

/** Weights that follow from which slots there are; none for most stand-ins. */
function weighSlots(
  { standIn }: CellConfig["duplication"],
  labels: Uint8Array,
  counts: { originals: number; classes: number },
): { weights?: Float32Array } {
  return standIn === "prior-restored"
    ? { weights: priorWeights(labels, counts) }
    : {};
}

/**
 * Makes the training list of a cell: plans its slots, makes pixels for copies
 * that are not exact, then removes the duplicates that the config says. A
 * function of the config and the data set alone.
 *
 * @throws {UsageError} If a near duplicate cannot be made.
 */
export async function makeTrainingList(
  dataset: Dataset,
  { duplication, dedup, seed }: CellConfig,
): Promise<TrainingList> {
  const { shape, train } = dataset;
  const { nearKinds } = duplication;
  const plan = planSlots(dataset, { duplication, seed });
  const { rows, labels, weights, fresh } = plan;
  const list: TrainingList = {
    rows,
    labels,
    ...(weights && { weights }),
    images: train,
    imageRows: rows,
    originals: plan.originals.length,
    record: recordSlots(plan, dataset),
  };
  const own = await ownPixels();
  const copied = own === undefined ? list : withOwnPixels(list, plan, own);
  if (dedup === undefined) return copied;
  const slots = await distinctRows(
    selectRows(copied.images, copied.imageRows),
    shape,
    dedup,
  );
  const kept = keepSlots(copied, slots);
  return {
    ...kept,
    ...weighSlots(duplication, kept.labels, {
      originals: kept.originals,
      classes: dataset.classNames.length,
    }),
  };

  async function ownPixels(): Promise<LabelledImages | undefined> {
    if (fresh !== undefined) return selectRows(dataset.reserve!, fresh);
    if (nearKinds === undefined) return undefined;
    return await changeImages(train, shape, {
      rows: plan.copies,
      changes: planNearCopies(plan.copies.length, {
        ...planNaming({ ...duplication, seed }),
        kinds: nearKinds,
      }),
    });
  }
}

/** Points the slots of the copies to pixels of their own. */
function withOwnPixels(
  list: TrainingList,
  { originals }: DuplicationPlan,
  own: LabelledImages,
): TrainingList {
  const train = list.images;
  return {
    ...list,
    images: joinImages([train, own]),
    imageRows: list.rows.map((row, slot) =>
      slot < originals.length ? row : train.rows + slot - originals.length
    ),
    record: { ...list.record, copiesSha256: sha256(own.pixels) },
  };
}

/** The weights of some slots, which have a mean of 1 again. */
function keepWeights(weights: Float32Array, slots: Uint32Array): Float32Array {
  const kept = Float32Array.from(slots, (slot) => weights[slot]!);
  // Those of all slots stay as they are, to the bit.
  if (kept.length === weights.length) return kept;
  const mean = kept.reduce((sum, weight) => sum + weight, 0) / kept.length;
  return kept.map((weight) => weight / mean);
}

function keepSlots(list: TrainingList, slots: Uint32Array): TrainingList {
  const originals = slots.filter((slot) => slot < list.originals).length;
  return {
    ...list,
    rows: slots.map((slot) => list.rows[slot]!),
    labels: Uint8Array.from(slots, (slot) => list.labels[slot]!),
    ...(list.weights && { weights: keepWeights(list.weights, slots) }),
    imageRows: slots.map((slot) => list.imageRows[slot]!),
    originals,
    record: {
      ...list.record,
      removed: {
        originals: list.originals - originals,
        copies: list.rows.length - list.originals -
          (slots.length - originals),
        slotsSha256: sha256(bytesOf(slots)),
      },
    },
  };
}

import { bytesOf, sha256 } from "../core/digest.ts";
import type { Dataset, LabelledImages } from "../data/dataset.ts";
import { joinImages } from "../data/join_images.ts";
import { selectRows } from "../data/limit_rows.ts";
import { changeImages } from "../data/pixel_change.ts";
import { distinctRows } from "../detection/distinct_rows.ts";
import {
  describePlan,
  type DuplicationPlan,
  planDuplication,
  trainingRows,
} from "../duplication/plan_duplication.ts";
import { planNearCopies } from "../duplication/plan_near_copies.ts";
import type { DuplicationRecord } from "../results/outcome.ts";
import type { CellConfig } from "../study/cell_config.ts";

/** What a cell trains on: its slots, originals first, then copies. */
export interface TrainingList {
  /** Original row of each slot: its label, and whose copy it is. */
  rows: Uint32Array;
  /** Where the pixels are: the training split, then any near duplicates. */
  images: LabelledImages;
  /** Row in `images` of each slot. */
  imageRows: Uint32Array;
  /** How many of the slots are originals. */
  originals: number;
  /** What the result set records. */
  record: DuplicationRecord;
}

/**
 * Makes the training list of a cell: plans its copies, changes their pixels
 * where they are to be near duplicates, then removes what duplicates it is told
 * to find. A function of the config and the data set alone.
 *
 * @param breathe Awaited often during the search for near duplicates.
 * @throws {UsageError} If a near duplicate cannot be made.
 */
export async function makeTrainingList(
  dataset: Dataset,
  { duplication, dedup, seed }: CellConfig,
  breathe?: () => Promise<void>,
): Promise<TrainingList> {
  const { shape, train, classNames } = dataset;
  const { nearKinds, ...options } = duplication;
  const classes = classNames.length;
  const plan = planDuplication(train.labels, classes, { ...options, seed });
  const { sha256: planSha256, ...counts } = describePlan(
    plan,
    train.labels,
    classes,
  );
  const rows = trainingRows(plan);
  const list: TrainingList = {
    rows,
    images: train,
    imageRows: rows,
    originals: plan.originals.length,
    record: { ...counts, planSha256 },
  };
  const copied = nearKinds === undefined ? list : withNearCopies(
    list,
    plan,
    await changeImages(train, shape, {
      rows: plan.copies,
      changes: planNearCopies(plan.copies.length, { seed, kinds: nearKinds }),
    }),
  );
  if (dedup === undefined) return copied;
  const slots = await distinctRows(
    selectRows(copied.images, copied.imageRows),
    shape,
    { ...dedup, onProgress: breathe },
  );
  return keepSlots(copied, slots);
}

/** Points the slots of the copies to pixels of their own. */
function withNearCopies(
  list: TrainingList,
  { originals }: DuplicationPlan,
  changed: LabelledImages,
): TrainingList {
  const train = list.images;
  return {
    ...list,
    images: joinImages([train, changed]),
    imageRows: list.rows.map((row, slot) =>
      slot < originals.length ? row : train.rows + slot - originals.length
    ),
    record: { ...list.record, copiesSha256: sha256(changed.pixels) },
  };
}

function keepSlots(list: TrainingList, slots: Uint32Array): TrainingList {
  const originals = slots.filter((slot) => slot < list.originals).length;
  return {
    ...list,
    rows: slots.map((slot) => list.rows[slot]!),
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

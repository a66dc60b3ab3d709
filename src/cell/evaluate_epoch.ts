import { fgsm, pgd } from "../attacks/pgd.ts";
import type { Attack } from "../attacks/attack.ts";
import type { Backend } from "../backend/backend.ts";
import { openStream, permutation } from "../core/stream.ts";
import type { Dataset, LabelledImages } from "../data/dataset.ts";
import type { Classifier } from "../models/classifier.ts";
import { hasOverfit } from "../results/catastrophic_overfitting.ts";
import type { Flag } from "../results/outcome.ts";
import type { EpochRecord } from "../results/result_set_types.ts";
import {
  type CellConfig,
  isCounted,
  overfittingImagesAt,
} from "../spec/cell_config.ts";
import { evaluate } from "./evaluate.ts";
import { evaluationBatch } from "./evaluate_cell.ts";
import type { TrainingList } from "./training_list.ts";

/** Steps of PGD that tell catastrophic overfitting, each a quarter of epsilon. */
export const OVERFITTING_STEPS = 10;

/** What is evaluated between epochs, and where. */
export interface EpochEvaluation {
  readonly config: CellConfig;
  /** The training list of the cell. */
  readonly list: Pick<TrainingList, "images" | "imageRows" | "originals">;
  /** Images held out, if any. */
  readonly validation: LabelledImages | undefined;
  /** The opened backend, on which the classifier is. */
  readonly backend: Backend;
  /** Reports work that is done, in passes of one image. */
  reportWork(amount: number): void;
}

/** What is recorded of an epoch next to its training. */
export type EpochCounts = Pick<EpochRecord, "validation" | "overfitting">;

/**
 * Evaluates a classifier after an epoch: on the images held out, and on training
 * images under a single step and under PGD. No test image is read. In the order
 * of the config, nothing where it asks for nothing.
 *
 * @param epoch From 0.
 * @throws {BackendError} If another backend is in use, or the device fails.
 */
export async function evaluateEpoch(
  classifier: Classifier,
  dataset: Dataset,
  epoch: number,
  { config, list, validation, backend, reportWork }: EpochEvaluation,
): Promise<EpochCounts> {
  const { training, seed } = config;
  const batch = evaluationBatch(classifier);
  const epsilon = training.name === "standard" ? undefined : training.epsilon;
  const countRight = async (
    images: LabelledImages,
    { rows, attack }: { rows?: Uint32Array; attack?: Attack },
  ) => {
    const { correct } = await evaluate(
      classifier,
      { ...dataset, train: images },
      { backend, batch, seed, split: "train", rows, attack },
    );
    reportWork(correct.length * (1 + (attack?.steps ?? 0)));
    return correct.filter(Boolean).length;
  };
  const counts: EpochCounts = {};
  if (validation !== undefined && isCounted(epoch, config)) {
    counts.validation = {
      correct: await countRight(validation, {}),
      ...(epsilon !== undefined && {
        robust: await countRight(validation, { attack: fgsm({ epsilon }) }),
      }),
    };
  }
  const count = overfittingImagesAt(epoch, config);
  if (count > 0) {
    const rows = lookedAt(list, { count, seed });
    const singleStep = fgsm({ epsilon: epsilon! });
    const steps = pgd({
      epsilon: epsilon!,
      stepSize: epsilon! / 4,
      steps: OVERFITTING_STEPS,
      randomStart: true,
    });
    counts.overfitting = {
      images: rows.length,
      singleStep: await countRight(list.images, { rows, attack: singleStep }),
      pgd: await countRight(list.images, { rows, attack: steps }),
    };
  }
  return counts;
}

/** Flags the first epoch after which the network had overfit catastrophically. */
export function flagOverfitting(
  epochs: readonly EpochCounts[],
  addFlag: (flag: Flag, where: string, value: number) => void,
): void {
  epochs.some(({ overfitting }, epoch) => {
    if (overfitting === undefined || !hasOverfit(overfitting)) return false;
    addFlag("catastrophic-overfitting", `epoch ${epoch}`, overfitting.pgd);
    return true;
  });
}

/** Rows of originals that are trained on, the same after every epoch of a run. */
function lookedAt(
  { imageRows, originals }: EpochEvaluation["list"],
  { count, seed }: { count: number; seed: number },
): Uint32Array {
  const order = permutation(
    originals,
    openStream(seed, "subset", "overfitting"),
  );
  return order.slice(0, count).map((slot) => imageRows[slot]!);
}

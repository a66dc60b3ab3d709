import "../core/require_long.ts";
import * as tf from "@tensorflow/tfjs";
import type { AttackBatch } from "../attacks/attack.ts";
import { parseAttack } from "../attacks/parse_attack.ts";
import { openBackend } from "../backend/open_backend.ts";
import { digestOf } from "../core/digest.ts";
import { UsageError } from "../core/errors.ts";
import { openStream } from "../core/stream.ts";
import {
  type Dataset,
  digestDataset,
  type LabelledImages,
} from "../data/dataset.ts";
import { chooseAttackedRows } from "../data/limit_rows.ts";
import { gatherImages, gatherLabels } from "../data/gather_images.ts";
import type { Classifier } from "../models/classifier.ts";
import type { FinishedCell } from "../results/result_set.ts";
import { standIns } from "../spec/axes/stand_in.ts";
import { openMoves } from "../train/augmentation.ts";
import type {
  AttackExample,
  CellExamples,
  DuplicateExample,
} from "../report/cell_examples.ts";
import { runCell } from "../cell/run_cell.ts";
import { splitFor, type TrainingList } from "../cell/training_list.ts";

const MOST_EXAMPLES = 3;

/**
 * Runs a recorded cell again and keeps some of its images: training images with
 * their copies, and test images before and after attacks. Random starts are those
 * of the study, so that the attacks are the recorded ones.
 *
 * @param dataset The one that the cell ran on.
 * @param options `sha256`: of that data set, as recorded.
 * @throws {UsageError} If the data set differs.
 */
export async function makeExamples(
  cell: FinishedCell,
  dataset: Dataset,
  recorded: { sha256: string },
): Promise<CellExamples> {
  requireRecorded(dataset, recorded);
  const start = performance.now();
  const backend = await openBackend(cell.config.backend);
  const examples: Pick<CellExamples, "duplicates" | "attacked"> = {
    duplicates: [],
    attacked: [],
  };
  const again = await runCell(cell, dataset, {
    backend,
    async onTrained(classifier, list) {
      examples.duplicates = pickDuplicates(list, dataset, cell);
      examples.attacked = await attackSome(classifier, dataset, cell);
    },
  });
  return {
    cell,
    isOutcomeEqual: digestOf(again.outcome) === digestOf(cell.outcome),
    tookMs: performance.now() - start,
    shape: dataset.shape,
    classNames: dataset.classNames,
    ...examples,
  };
}

/** The first copies, each of another class. */
function pickDuplicates(
  { rows, labels, imageRows, images, originals }: TrainingList,
  whole: Dataset,
  { config }: FinishedCell,
): DuplicateExample[] {
  const { seed, augmentation, duplication } = config;
  const { shape, train } = splitFor(config, whole).dataset;
  if (!standIns[duplication.standIn ?? "copies"].hasCopies) return [];
  const examples: DuplicateExample[] = [];
  const drawMove = openMoves(augmentation, { seed, shape });
  for (let slot = originals; slot < rows.length; slot++) {
    const row = rows[slot]!;
    const label = train.labels[row]!;
    if (examples.some((example) => example.label === label)) continue;
    const first = rows.indexOf(row);
    if (first >= originals) continue;
    const pick = (slot: number, moved?: number) =>
      toBytes(gatherImages(
        images,
        shape,
        imageRows.subarray(slot, slot + 1),
        moved !== undefined && drawMove ? () => drawMove(0, moved) : undefined,
      ));
    examples.push({
      row: train === whole.train ? row : rowIn(whole.train, train, row),
      label,
      ...(labels[slot] !== label && { copyLabel: labels[slot]! }),
      original: pick(first),
      copy: pick(slot),
      ...(drawMove && {
        augmented: augmentation.copies === "own"
          ? { original: pick(first, first), copy: pick(slot, slot) }
          : { original: pick(first, row), copy: pick(slot, row) },
      }),
    });
    if (examples.length === MOST_EXAMPLES) break;
  }
  return examples;
}

/** Row in all training images of one that is drawn or not held out. */
function rowIn(
  { sourceRows }: LabelledImages,
  part: LabelledImages,
  row: number,
): number {
  const source = part.sourceRows![row]!;
  return sourceRows === undefined ? source : sourceRows.indexOf(source);
}

async function attackSome(
  classifier: Classifier,
  dataset: Dataset,
  { config: { evaluation, seed } }: FinishedCell,
): Promise<AttackExample[]> {
  const { test, shape, classNames } = dataset;
  const { attacks, attackImages, augmentation, flip: _, ...threat } =
    evaluation;
  // Augmented test images would show the augmentation rather than the attack.
  if (augmentation !== undefined) return [];
  const classes = classNames.length;
  const predict = async (images: tf.Tensor4D) => {
    const logits = tf.tidy(() => tf.argMax(classifier.classify(images), 1));
    const classes = await logits.data();
    logits.dispose();
    return classes;
  };
  const few = chooseAttackedRows(dataset, attackImages).subarray(0, 100);
  const all = tf.tensor4d(gatherImages(test, shape, few), [
    few.length,
    ...shape,
  ]);
  const guesses = await predict(all);
  all.dispose();
  const rows: number[] = [];
  for (const [place, row] of few.entries()) {
    const label = test.labels[row]!;
    if (guesses[place] !== label) continue;
    if (rows.some((other) => test.labels[other] === label)) continue;
    if (rows.push(row) === MOST_EXAMPLES) break;
  }
  if (rows.length === 0) return [];
  const picked = Uint32Array.from(rows);
  const pixels = gatherImages(test, shape, picked);
  const size = pixels.length / rows.length;
  const examples: AttackExample[] = [];
  for (const name of attacks) {
    const images = tf.tensor4d(pixels, [rows.length, ...shape]);
    const labels = tf.tensor2d(gatherLabels(test, classes, picked), [
      rows.length,
      classes,
    ]);
    const batch: AttackBatch = {
      images,
      labels,
      streamOf: (index) =>
        openStream(seed, "attack", name, "test", rows[index]!),
    };
    const found = await parseAttack(name, threat)
      .perturb(classifier.classify, batch);
    const predicted = await predict(found.images);
    const attacked = await found.images.data();
    tf.dispose([images, labels, found.images, found.zeroGradients]);
    rows.forEach((row, i) => {
      const clean = pixels.subarray(i * size, (i + 1) * size);
      const after = attacked.subarray(i * size, (i + 1) * size);
      const change = clean.map((pixel, at) => after[at]! - pixel);
      examples.push({
        row,
        label: test.labels[row]!,
        attack: name,
        clean: toBytes(clean),
        attacked: toBytes(after),
        change: toBytes(change.map((by) => 0.5 + by / (2 * threat.epsilon))),
        largestChange: change.reduce(
          (most, by) => Math.max(most, Math.abs(by)),
          0,
        ),
        predicted: predicted[i]!,
      });
    });
  }
  return examples;
}

/** Pixels as bytes, clipped to `[0, 1]`. */
function toBytes(pixels: ArrayLike<number>): Uint8Array {
  return Uint8Array.from(
    Uint8ClampedArray.from(pixels, (pixel) => 255 * pixel),
  );
}

/**
 * Requires that a data set is the recorded one.
 *
 * @throws {UsageError} If it differs.
 */
export function requireRecorded(
  dataset: Dataset,
  { sha256 }: { sha256: string },
): void {
  const found = digestDataset(dataset).sha256;
  if (found === sha256) return;
  throw new UsageError(
    `Example images need the recorded data set, SHA-256 ${
      sha256.slice(0, 16)
    }…, got ${found.slice(0, 16)}…`,
  );
}

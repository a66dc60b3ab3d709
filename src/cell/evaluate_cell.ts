import { parseAttack } from "../attacks/parse_attack.ts";
import type { Backend } from "../backend/backend.ts";
import { countPerClass, type Dataset, type Split } from "../data/dataset.ts";
import type { PixelMove } from "../data/gather_images.ts";
import { chooseAttackedRows } from "../data/limit_rows.ts";
import { packBits } from "../results/bit_string.ts";
import { checkReliability } from "./check_reliability.ts";
import { evaluate, type Evaluation } from "./evaluate.ts";
import type { Classifier } from "../models/classifier.ts";
import type { Flag, Outcome } from "../results/outcome.ts";
import { openMoves } from "../train/augmentation.ts";
import { attackFamilyOf } from "../spec/attacks.ts";
import type { CellConfig } from "../spec/cell_config.ts";
import type { ThreatModel } from "../attacks/attack.ts";
import type { TestOutcome } from "../results/result_set_types.ts";
import type { TrainingList } from "./training_list.ts";

/** Images evaluated at once, unless a network is large. */
const EVALUATION_BATCH = 250;

/** Most values of all layers for a batch: about 2 GB. */
const MOST_VALUES = 2 ** 29;

/** Images that a network evaluates at once; affects memory only. */
export function evaluationBatch(
  { network: { values } }: Pick<Classifier, "network">,
): number {
  const most = Math.max(1, Math.floor(MOST_VALUES / values));
  return Math.min(EVALUATION_BATCH, most);
}

/** Tolerance for one rounding of `original + shift` in float32. */
const EPSILON_SLACK = 1e-6;

/** Largest distance of normalised logits between equal passes that is noise. */
const LARGEST_SPREAD = 1e-4;

/** Largest share of the attacked test images that only Square may find. */
const SQUARE_SLACK = 0.002;

/** Whether AutoAttack's checks of reliability apply to an attack. */
const isStrong = (name: string) => attackFamilyOf(name).isStrong === true;

/** Whether an attack uses class scores only. */
const isBlackBox = (name: string) => attackFamilyOf(name).isBlackBox === true;

/** What to evaluate and where, and who is told. */
export interface CellEvaluation {
  /** Config of the cell. */
  config: CellConfig;
  /** The training list of the cell. */
  list: TrainingList;
  /** The opened backend, on which the classifier is. */
  backend: Backend;
  /** Adds a reason to doubt the result to the record. */
  addFlag(flag: Flag, where: string, value?: number | null): void;
  /** Reports work that is done, in passes of one image. */
  reportWork(amount: number): void;
}

/**
 * Classifies the test set without attack, its images moved as the config says.
 *
 * @returns Whether each image was classified correctly.
 */
export async function evaluateClean(
  classifier: Classifier,
  dataset: Dataset,
  { config, backend }: Pick<CellEvaluation, "config" | "backend">,
): Promise<boolean[]> {
  const { correct } = await evaluate(classifier, dataset, {
    backend,
    batch: evaluationBatch(classifier),
    seed: config.seed,
    split: "test",
    moveOf: evaluationMoves("test", { config, dataset }),
  });
  return correct;
}

/** How the images of a split are moved; `undefined`: they are not. */
export function evaluationMoves(
  split: Split,
  { config: { evaluation, augmentation, seed }, dataset: { shape } }: {
    config: CellConfig;
    dataset: Pick<Dataset, "shape">;
  },
): ((row: number) => PixelMove) | undefined {
  const drawMove = openMoves(
    { ...augmentation, name: evaluation.augmentation ?? "none" },
    { seed, shape },
  );
  return drawMove && ((row) => drawMove(split, row));
}

/**
 * Classifies the test set clean and, all of it or the images that the config
 * chooses, under each attack. What an attack draws and how an image is moved
 * depend on its row in the test set, so an image fares as it does where all are
 * attacked.
 *
 * @throws {BackendError} If another backend is in use, or the device fails.
 */
export async function evaluateTest(
  classifier: Classifier,
  dataset: Dataset,
  { config, backend, addFlag, reportWork }: Omit<CellEvaluation, "list">,
): Promise<TestOutcome> {
  const { attacks, attackImages, flip } = config.evaluation;
  const threat = threatOf(config);
  const batch = evaluationBatch(classifier);
  const common = { backend, batch, seed: config.seed };
  const { labels, rows: testRows } = dataset.test;
  const classes = dataset.classNames.length;
  const { correct: clean, flipped } = await evaluate(classifier, dataset, {
    ...common,
    split: "test",
    moveOf: evaluationMoves("test", { config, dataset }),
    withMirror: flip,
  });
  reportWork(flip ? 2 * testRows : testRows);
  const cleanScore = score(clean, labels, classes);
  const shown = chooseAttackedRows(dataset, attackImages);
  const shownLabels = Uint8Array.from(shown, (row) => labels[row]!);
  const cleanShown = Array.from(shown, (row) => clean[row]!);
  const rightPlaces = shown.map((_, place) => place)
    .filter((place) => cleanShown[place]);
  const rightRows = rightPlaces.map((place) => shown[place]!);
  const worst = [...cleanShown];
  const worstByGradient = [...cleanShown];
  const byAttack: TestOutcome["byAttack"] = {};
  for (const name of attacks) {
    const attack = parseAttack(name, threat);
    let before = 0;
    const found = await evaluate(classifier, dataset, {
      ...common,
      split: "test",
      moveOf: evaluationMoves("test", { config, dataset }),
      rows: attack.onlyRight ? rightRows : shown,
      attack,
      onImages: (done) => {
        reportWork((done - before) * (attack.steps + 1));
        before = done;
      },
    });
    const correct = attack.onlyRight
      ? atPlaces(found.correct, rightPlaces, shown.length)
      : found.correct;
    correct.forEach((right, place) => {
      worst[place] &&= right;
      if (!isBlackBox(name)) worstByGradient[place] &&= right;
    });
    const attacked = score(correct, shownLabels, classes);
    byAttack[name] = { ...attacked, maxPerturbation: found.maxPerturbation };
    checkAttack(name, found, { threat, addFlag });
    if (attacked.correct > rightRows.length) {
      addFlag("adversarial-above-clean", name, attacked.correct);
    }
  }
  if (attacks.some(isStrong)) {
    checkSquare();
    if (rightRows.length > 0) {
      await checkModel(rightRows.subarray(0, common.batch));
    }
  }
  return {
    rows: testRows,
    rowsPerClass: countPerClass(labels, classes),
    clean: cleanScore,
    ...(flipped && { flipped: score(flipped, labels, classes) }),
    ...(attackImages !== undefined && {
      attacked: {
        rows: shown.length,
        rowsPerClass: countPerClass(shownLabels, classes),
      },
    }),
    byAttack,
    ...(attacks.length > 0 && {
      worstCase: score(worst, shownLabels, classes),
    }),
  };

  async function checkModel(rows: Uint32Array) {
    const { spread, isSoftmax, zeroDlrGradients } = await checkReliability(
      classifier,
      dataset,
      { backend, rows, moveOf: evaluationMoves("test", { config, dataset }) },
    );
    if (spread > LARGEST_SPREAD) addFlag("randomized-model", "logits", spread);
    if (isSoftmax) addFlag("softmax-output", "logits");
    if (zeroDlrGradients > 0) addFlag("zero-gradient", "dlr", zeroDlrGradients);
  }

  /**
   * An attack that uses scores only should find hardly any image that all
   * gradient attacks together have missed.
   */
  function checkSquare() {
    if (attacks.every(isBlackBox) || !attacks.some(isBlackBox)) return;
    const count = (list: boolean[]) => list.filter(Boolean).length;
    const gain = count(worstByGradient) - count(worst);
    if (gain > SQUARE_SLACK * shown.length) {
      addFlag("square-beats-white-box", "square", gain);
    }
  }
}

/**
 * Evaluates a trained cell: the originals and the copies that it was trained on,
 * then the test set clean and under each attack, then under each attack what it
 * was trained on, where the config says so.
 *
 * @returns `null` where a logit of an image that it was trained on is not finite,
 * so that no loss would be, either; nothing is attacked then.
 * @throws {BackendError} If another backend is in use, or the device fails.
 */
export async function evaluateCell(
  classifier: Classifier,
  dataset: Dataset,
  options: CellEvaluation,
): Promise<Pick<Outcome, "test" | "leaked" | "train"> | null> {
  const { config, list, backend, addFlag, reportWork } = options;
  const { attacks, attackTraining } = config.evaluation;
  const threat = threatOf(config);
  const batch = evaluationBatch(classifier);
  const common = { backend, batch, seed: config.seed };
  const shown = imagesOf(list);
  const seen = await evaluate(classifier, { ...dataset, train: list.images }, {
    ...common,
    split: "train",
    moveOf: evaluationMoves("train", { config, dataset }),
    rows: shown.rows,
    labels: shown.labels,
  });
  reportWork(shown.rows.length);
  if (seen.nonFiniteLogits > 0) return null;
  const test = await evaluateTest(classifier, dataset, options);
  const scoreOf = (correct: ArrayLike<boolean>) =>
    scoreSlots(correct, { ...list, ...shown });
  const train = scoreOf(seen.correct);
  const leaked = await evaluateLeaked(classifier, dataset, options);
  return {
    test,
    ...(leaked && { leaked }),
    train: {
      ...train,
      ...(attackTraining && { byAttack: await attackTrained() }),
    },
  };

  /** Attacks what the cell was trained on, like the test images. */
  async function attackTrained() {
    const byAttack: NonNullable<
      NonNullable<Outcome["train"]>["byAttack"]
    > = {};
    for (const name of attacks) {
      const attack = parseAttack(name, threat);
      const places = shown.rows.map((_, place) => place)
        .filter((place) => !attack.onlyRight || seen.correct[place]);
      let before = 0;
      const found = await evaluate(
        classifier,
        { ...dataset, train: list.images },
        {
          ...common,
          split: "train",
          moveOf: evaluationMoves("train", { config, dataset }),
          rows: places.map((place) => shown.rows[place]!),
          labels: Uint8Array.from(places, (place) => shown.labels[place]!),
          attack,
          onImages: (done) => {
            reportWork((done - before) * (attack.steps + 1));
            before = done;
          },
        },
      );
      const scores = scoreOf(
        atPlaces(found.correct, places, shown.rows.length),
      );
      byAttack[name] = { ...scores, maxPerturbation: found.maxPerturbation };
      const where = `${name} on training images`;
      if (places.length > 0) checkAttack(where, found, { threat, addFlag });
      const correct = scores.unique.correct + scores.copies.correct;
      if (correct > train.unique.correct + train.copies.correct) {
        addFlag("adversarial-above-clean", where, correct);
      }
    }
    return byAttack;
  }
}

/** Counts the test images that are apart, clean; nothing where none are. */
async function evaluateLeaked(
  classifier: Classifier,
  dataset: Dataset,
  options: Pick<CellEvaluation, "config" | "backend">,
): Promise<Outcome["leaked"]> {
  const { leaked } = dataset;
  if (leaked === undefined || leaked.rows === 0) return undefined;
  const right = await evaluateClean(
    classifier,
    { ...dataset, test: leaked },
    options,
  );
  return { rows: leaked.rows, correct: right.filter(Boolean).length };
}

/** What attacks of the evaluation may do to an image. */
function threatOf({ evaluation }: CellConfig): ThreatModel {
  const { epsilon, alpha, lowest, randomStart } = evaluation;
  return { epsilon, alpha, lowest, randomStart };
}

/** Flags what an attack shows that it must not. */
function checkAttack(
  where: string,
  found: Evaluation,
  { threat, addFlag }: Pick<CellEvaluation, "addFlag"> & {
    threat: ThreatModel;
  },
): void {
  if (found.maxPerturbation > threat.epsilon + EPSILON_SLACK) {
    addFlag("perturbation-exceeds-epsilon", where, found.maxPerturbation);
  }
  if (found.minPixel < 0 || found.maxPixel > 1) {
    const value = found.minPixel < 0 ? found.minPixel : found.maxPixel;
    addFlag("pixels-out-of-range", where, value);
  }
  if (found.nanPixels > 0) addFlag("not-a-number", where, found.nanPixels);
  if (found.zeroGradients > 0) {
    addFlag("zero-gradient", where, found.zeroGradients);
  }
}

/** The images of a training list, each with the labels that it is trained as. */
interface ShownImages {
  /** Row of the pixels. */
  readonly rows: Uint32Array;
  /** Its label. */
  readonly labels: Uint8Array;
  /** Which of these each slot shows. */
  readonly placeOf: Uint32Array;
}

/**
 * Equal slots share one row of pixels and one label, so each is classified once,
 * in the order of the slots; an image with several labels once for each.
 */
function imagesOf(
  { imageRows, labels }: Pick<TrainingList, "imageRows" | "labels">,
): ShownImages {
  const places = new Map<number, number>();
  const slots: number[] = [];
  const placeOf = imageRows.map((row, slot) => {
    // A label is a byte.
    const key = 256 * row + labels[slot]!;
    const place = places.get(key) ?? slots.push(slot) - 1;
    places.set(key, place);
    return place;
  });
  return {
    rows: Uint32Array.from(slots, (slot) => imageRows[slot]!),
    labels: Uint8Array.from(slots, (slot) => labels[slot]!),
    placeOf,
  };
}

/** Counts the slots of originals and of copies that show what is right. */
function scoreSlots(
  right: ArrayLike<boolean>,
  { placeOf, originals }: Pick<
    ShownImages & TrainingList,
    "placeOf" | "originals"
  >,
) {
  const count = (places: Uint32Array) => ({
    rows: places.length,
    correct: places.reduce((sum, place) => sum + Number(right[place]), 0),
  });
  return {
    unique: count(placeOf.subarray(0, originals)),
    copies: count(placeOf.subarray(originals)),
  };
}

function score(
  correct: readonly boolean[],
  labels: Uint8Array,
  classes: number,
) {
  const right = labels.filter((_, row) => correct[row]);
  return {
    correct: right.length,
    correctPerClass: countPerClass(right, classes),
    bits: packBits(correct),
  };
}

/** Spreads the results at some places over all; the others were misclassified. */
function atPlaces(
  correct: readonly boolean[],
  places: Uint32Array,
  count: number,
): readonly boolean[] {
  const all = new Array<boolean>(count).fill(false);
  places.forEach((place, i) => all[place] = correct[i]!);
  return all;
}

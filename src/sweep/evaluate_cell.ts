import { parseAttack } from "../attacks/parse_attack.ts";
import { countPerClass, type Dataset } from "../data/dataset.ts";
import { packBits } from "../eval/bit_string.ts";
import { evaluate, type Evaluation } from "../eval/evaluate.ts";
import type { Classifier } from "../models/classifier.ts";
import type { Flag, Outcome } from "../results/outcome.ts";
import type { CellConfig } from "../study/cell_config.ts";
import type { TrainingList } from "./training_list.ts";

/** Images evaluated at once; decides memory only. */
const EVALUATION_BATCH = 250;

/** Slack for one rounding of `original + shift` in float32. */
const EPSILON_SLACK = 1e-6;

/** What an evaluation is of, and whom it tells. */
export interface CellEvaluation {
  /** The cell's config. */
  config: CellConfig;
  /** What it was trained on. */
  list: TrainingList;
  /** Called with what makes the result doubtful. */
  raise(flag: Flag, where: string, value?: number | null): void;
  /** Called with the work done, in passes of one image. */
  spend(amount: number): void;
  /** Resolves when the backend has done all work given to it. */
  settle: (() => Promise<void>) | undefined;
}

/**
 * Evaluates a trained cell: the test set clean and under each attack, then the
 * originals and the copies it was trained on.
 */
export async function evaluateCell(
  classifier: Classifier,
  dataset: Dataset,
  { config, list, raise, spend, settle }: CellEvaluation,
): Promise<Pick<Outcome, "test" | "train">> {
  const { attacks, ...threat } = config.evaluation;
  const common = { batch: EVALUATION_BATCH, seed: config.seed, settle };
  const { labels, rows } = dataset.test;
  const classes = dataset.classNames.length;
  const clean = await evaluate(classifier, dataset, {
    ...common,
    split: "test",
  });
  spend(rows);
  const cleanScore = score(clean, labels, classes);
  const byAttack: NonNullable<Outcome["test"]>["byAttack"] = {};
  for (const name of attacks) {
    const attack = parseAttack(name, threat);
    let before = 0;
    const found = await evaluate(classifier, dataset, {
      ...common,
      split: "test",
      attack,
      onImages: (done) => {
        spend((done - before) * (attack.steps + 1));
        before = done;
      },
    });
    const attacked = score(found, labels, classes);
    byAttack[name] = { ...attacked, maxPerturbation: found.maxPerturbation };
    checkAttack(name, found);
    if (attacked.correct > cleanScore.correct) {
      raise("adversarial-above-clean", name, attacked.correct);
    }
  }
  // Equal slots have one row of pixels, so each is classified once.
  const trained = Uint32Array.from(new Set(list.imageRows));
  const seen = await evaluate(classifier, { ...dataset, train: list.images }, {
    ...common,
    split: "train",
    rows: trained,
  });
  spend(trained.length);
  const right = new Uint8Array(list.images.rows);
  trained.forEach((row, i) => right[row] = Number(seen.correct[i]));
  const scoreSlots = (from: number, to: number) => {
    const slots = list.imageRows.subarray(from, to);
    return {
      rows: slots.length,
      correct: slots.reduce((sum, row) => sum + right[row]!, 0),
    };
  };
  return {
    test: {
      rows,
      rowsPerClass: countPerClass(labels, classes),
      clean: cleanScore,
      byAttack,
    },
    train: {
      unique: scoreSlots(0, list.originals),
      copies: scoreSlots(list.originals, list.imageRows.length),
    },
  };

  function checkAttack(name: string, found: Evaluation) {
    if (found.maxPerturbation > threat.epsilon + EPSILON_SLACK) {
      raise("perturbation-exceeds-epsilon", name, found.maxPerturbation);
    }
    if (found.minPixel < 0 || found.maxPixel > 1) {
      const value = found.minPixel < 0 ? found.minPixel : found.maxPixel;
      raise("pixels-out-of-range", name, value);
    }
    if (found.zeroGradients > 0) {
      raise("zero-gradient", name, found.zeroGradients);
    }
  }
}

function score({ correct }: Evaluation, labels: Uint8Array, classes: number) {
  const right = labels.filter((_, row) => correct[row]);
  return {
    correct: right.length,
    correctPerClass: countPerClass(right, classes),
    bits: packBits(correct),
  };
}

import { parseAttack } from "../attacks/parse_attack.ts";
import { countPerClass, type Dataset } from "../data/dataset.ts";
import { packBits } from "../eval/bit_string.ts";
import { evaluate, type Evaluation } from "../eval/evaluate.ts";
import type { Classifier } from "../models/classifier.ts";
import type { Flag, Outcome } from "../results/outcome.ts";
import type { CellConfig } from "../study/cell_config.ts";

/** Images evaluated at once; decides memory only. */
const EVALUATION_BATCH = 250;

/** Slack for one rounding of `original + shift` in float32. */
const EPSILON_SLACK = 1e-6;

/** What an evaluation is of, and whom it tells. */
export interface CellEvaluation {
  /** The cell's config. */
  config: CellConfig;
  /** Original rows trained on. */
  originals: Uint32Array;
  /** Source row of each copy. */
  copies: Uint32Array;
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
  { config, originals, copies, raise, spend, settle }: CellEvaluation,
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
  const unique = await evaluate(classifier, dataset, {
    ...common,
    split: "train",
    rows: originals,
  });
  spend(originals.length);
  // Copies are byte-identical, so their originals' outcomes are theirs.
  const rightByRow = new Uint8Array(dataset.train.rows);
  originals.forEach((row, i) => rightByRow[row] = Number(unique.correct[i]));
  return {
    test: {
      rows,
      rowsPerClass: countPerClass(labels, classes),
      clean: cleanScore,
      byAttack,
    },
    train: {
      unique: {
        rows: originals.length,
        correct: unique.correct.filter(Boolean).length,
      },
      copies: {
        rows: copies.length,
        correct: copies.reduce((sum, row) => sum + rightByRow[row]!, 0),
      },
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

import { countOf } from "../core/count_of.ts";
import { messageOf, UsageError } from "../core/errors.ts";
import {
  type JsonSize,
  requireReadable,
  shareOfReadable,
} from "../core/read_json.ts";
import {
  type CellConfig,
  isCounted,
  overfittingImagesAt,
} from "../spec/cell_config.ts";
import type {
  AttackScore,
  EpochRecord,
  FinishedCell,
  Score,
  TestOutcome,
} from "./result_set_types.ts";

/** Numbers as long as those of images, losses and milliseconds are. */
const longest = {
  count: 1_000_000,
  real: 0.0012345678901234567,
  ms: 123456.78901234567,
};

const sha256 = "0".repeat(64);

/**
 * Bytes that a set or a journal has of a cell besides the cell: its digest, its
 * time, and its id in the lists of resumed, reused and merged cells.
 */
const BESIDES = 200;

/** The images of a study that decide how much is recorded of a cell. */
interface Images {
  /** Test images by class. */
  readonly testPerClass: readonly number[];
}

/**
 * Requires that the result set of a whole study, and the journal of its sweep, can
 * be read again: it would be too late to find that out when all cells have run. The
 * size is that of cells with all that their configs ask for, and with long numbers;
 * what is refused may be up to a quarter smaller than the limit.
 *
 * @param configs Of all cells of the study, even if only a shard is to be run: its
 * shards are to be merged.
 * @throws {UsageError} If it would be larger than what is read.
 */
export function requireStorable(
  configs: readonly CellConfig[],
  images: Images,
): void {
  const total = { bytes: 0, values: 0, containers: 0 };
  const sizes = new Map<string, JsonSize>();
  for (const config of configs) {
    // What differs between most cells adds nothing to their size.
    const { seed: _, duplication, ...rest } = config;
    const key = JSON.stringify([rest, Object.keys(duplication)]);
    let size = sizes.get(key);
    if (size === undefined) {
      size = sizeOf(largestCell(config, images));
      sizes.set(key, size);
    }
    total.bytes += size.bytes + BESIDES;
    total.values += size.values + 3;
    total.containers += size.containers;
  }
  const share = shareOfReadable(total);
  if (share <= 1) return;
  throw new UsageError(
    `The result set would have ${
      countOf(configs.length, "cell")
    } and be up to ${
      share.toFixed(1)
    } times as large as what can be read again: divide the study into several, such as by "seeds", whose result sets analyse and report take together`,
    { field: "seeds" },
  );
}

function sizeOf(cell: FinishedCell): JsonSize {
  try {
    return requireReadable(JSON.stringify(cell));
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new UsageError(
      `"epochs" must be less than ${cell.config.epochs}: the record of a cell would be too large to be read again (${
        messageOf(error)
      })`,
      { field: "epochs" },
    );
  }
}

/**
 * A cell with all that its config can make it record, and with long numbers. It is
 * made to be measured: its counts agree with nothing.
 */
export function largestCell(
  config: CellConfig,
  { testPerClass }: Images,
): FinishedCell {
  const { count, real, ms } = longest;
  const { epochs, averageDecay, dataset, evaluation } = config;
  const perClass = testPerClass.map(() => count);
  const rows = { rows: count, correct: count };
  const test = largestTest(config, testPerClass);
  const weights = 1 + Number(averageDecay !== undefined) +
    Number(dataset.validation !== undefined);
  return {
    id: "0".repeat(16),
    status: "finished",
    config,
    duplication: {
      originals: count,
      copies: count,
      copiesPerClass: perClass,
      distinctCopied: count,
      planSha256: sha256,
      ...(config.duplication.nearKinds && { copiesSha256: sha256 }),
      ...(config.duplication.conflict && {
        conflicting: {
          copies: count,
          copiesPerLabel: perClass,
          labelsSha256: sha256,
        },
      }),
      removed: { originals: count, copies: count, slotsSha256: sha256 },
    },
    outcome: {
      epochs: Array.from({ length: epochs }, (_, i) => largestEpoch(i, config)),
      divergedAtEpoch: count,
      test,
      ...(dataset.leaks && { leaked: rows }),
      train: {
        unique: rows,
        copies: rows,
        ...(evaluation.attackTraining && {
          byAttack: Object.fromEntries(
            evaluation.attacks.map((name) => [
              name,
              { unique: rows, copies: rows, maxPerturbation: real },
            ]),
          ),
        }),
      },
      flags: Array(weights * evaluation.attacks.length).fill({
        flag: "adversarial-above-clean",
        where: "apgd-ce-100, averaged weights",
        value: real,
      }),
      weightsSha256: sha256,
      ...(dataset.validation !== undefined && {
        best: { epoch: count, test, weightsSha256: sha256 },
      }),
      ...(averageDecay !== undefined && {
        averaged: { test, weightsSha256: sha256 },
      }),
    },
    timing: {
      epochs: Array(epochs).fill(
        { dataMs: ms, attackMs: ms, updateMs: ms, totalMs: ms },
      ),
      trainMs: ms,
      evaluateMs: ms,
      startedAt: "2000-01-01T00:00:00.000Z",
    },
  };
}

function largestEpoch(epoch: number, config: CellConfig): EpochRecord {
  const { count, real } = longest;
  const counted = isCounted(epoch, config);
  return {
    loss: real,
    images: count,
    steps: count,
    ...(counted && { correct: count }),
    ...(counted && config.dataset.validation !== undefined && {
      validation: { correct: count, robust: count },
    }),
    ...(overfittingImagesAt(epoch, config) > 0 && {
      overfitting: { images: count, singleStep: count, pgd: count },
    }),
  };
}

function largestTest(
  { evaluation: { attacks, attackImages, flip } }: CellConfig,
  perClass: readonly number[],
): TestOutcome {
  const rows = perClass.reduce((sum, count) => sum + count, 0);
  const rowsPerClass = [...perClass];
  const scoreOf = (images: number): Score => ({
    correct: images,
    correctPerClass: rowsPerClass,
    bits: "0".repeat(2 * Math.ceil(images / 8)),
  });
  const attacked = scoreOf(attackImages ?? rows);
  const attack: AttackScore = { ...attacked, maxPerturbation: longest.real };
  return {
    rows,
    rowsPerClass,
    clean: scoreOf(rows),
    ...(flip && { flipped: scoreOf(rows) }),
    ...(attackImages !== undefined && {
      attacked: { rows: attackImages, rowsPerClass },
    }),
    byAttack: Object.fromEntries(attacks.map((name) => [name, attack])),
    ...(attacks.length > 0 && { worstCase: attacked }),
  };
}

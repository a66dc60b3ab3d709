import { estimateCell } from "../cell/estimate_cell.ts";
import { UsageError } from "../core/errors.ts";
import { firstDifference } from "../core/first_difference.ts";
import { yieldToEvents } from "../core/yield_to_events.ts";
import { countPerClass, type Dataset } from "../data/dataset.ts";
import { chooseAttackedRows } from "../data/limit_rows.ts";
import { unpackBits } from "../results/bit_string.ts";
import { nameShard } from "../results/name_part.ts";
import type { FinishedCell, ResultSet } from "../results/result_set.ts";
import type { Score, TestOutcome } from "../results/result_set_types.ts";
import { scoresOf } from "../results/scores_of.ts";
import { testsOf } from "../results/tests_of.ts";
import type { Cell } from "../spec/plan_cells.ts";
import { planShard } from "../sweep/plan_shard.ts";
import { version } from "../results/versions.ts";
import { planSlots, recordSlots, splitFor } from "../cell/training_list.ts";
import type { Findings } from "../results/findings.ts";

/**
 * Checks what follows from the images without training: that every cell can run
 * on them, that a shard contains its own cells, and for each cell the plan of its
 * copies, computed again, and its counts per class, from the bits and the true
 * classes.
 *
 * @param set One in which `checkResultSet` finds nothing.
 * @param dataset The data set that was recorded.
 * @param options `planned`: all cells of the study; `signal` ends the check early.
 * @returns Findings, and the estimated work of each cell by id if there are none.
 */
export async function checkAgainstData(
  set: ResultSet,
  dataset: Dataset,
  { planned, signal }: {
    planned: readonly Cell[];
    signal?: AbortSignal | undefined;
  },
): Promise<Findings & { costs: Map<string, number> }> {
  const costs = new Map<string, number>();
  for (const cell of planned) {
    await yieldToEvents();
    if (signal?.aborted) return { faults: [], notes: [], costs };
    try {
      costs.set(cell.id, estimateCell(cell, dataset));
    } catch (error) {
      if (!(error instanceof UsageError)) throw error;
      const fault =
        `cell ${cell.id} cannot run on this data set: ${error.message}`;
      return { faults: [fault], notes: [], costs };
    }
  }
  const { faults, notes } = checkShard(set, planned, costs);
  for (const cell of set.cells) {
    if (cell.status === "failed") continue;
    await yieldToEvents();
    if (signal?.aborted) break;
    const fault = checkPlan(cell, dataset) ?? checkTests(cell, dataset);
    if (fault !== null) faults.push(`cell ${cell.id}: ${fault}`);
  }
  return { faults, notes, costs };
}

function checkShard(
  { shard, cells, provenance }: ResultSet,
  planned: readonly Cell[],
  costs: ReadonlyMap<string, number>,
): Findings {
  if (shard === undefined) return { faults: [], notes: [] };
  const own = planShard(planned, costs, shard).map(({ id }) => id);
  const ids = cells.map(({ id }) => id);
  const name = nameShard(shard);
  const list = (found: string[], what: string) =>
    found.length === 0
      ? []
      : [`${name}: ${found.length} ${what}, the first ${found[0]}`];
  const present = new Set(ids);
  const expected = new Set(own);
  const found = [
    ...list(
      own.filter((id) => !present.has(id)),
      `of its ${own.length} cells are missing`,
    ),
    ...list(
      ids.filter((id) => !expected.has(id)),
      `of the ${ids.length} cells belong to another shard`,
    ),
  ];
  // How cells are assigned to shards depends on estimates, which may differ
  // between versions; whether they belong to the study does not.
  return provenance.dupbench === version ? { faults: found, notes: [] } : {
    faults: [],
    notes: found.map((what) =>
      `${what}, by the shards of dupbench ${version}; recorded with ${provenance.dupbench}`
    ),
  };
}

function checkPlan(
  { config, duplication }: FinishedCell,
  whole: Dataset,
): string | null {
  const { dataset } = splitFor(config, whole);
  // Hashes of near copies and of removed images need their pixels, thus a run.
  const { copiesSha256: _, removed: __, ...recorded } = duplication;
  const plan = recordSlots(planSlots(dataset, config), dataset);
  const found = firstDifference(recorded, plan);
  return found &&
    `duplication.${found.field}: expected ${found.got} by its plan, got ${found.expected} in the file`;
}

function checkTests(
  { config: { evaluation }, outcome }: FinishedCell,
  dataset: Dataset,
): string | null {
  const attacked = chooseAttackedRows(dataset, evaluation.attackImages);
  for (const { path, test } of testsOf(outcome)) {
    const fault = checkTestClasses(test, dataset, attacked) ??
      checkWorstCase(test, attacked);
    if (fault !== null) return `outcome.${path}.${fault}`;
  }
  return null;
}

/** Checks that the worst case is that of the clean bits, of some images. */
function checkWorstCase(
  { attacked, clean, byAttack, worstCase, rows }: TestOutcome,
  attackedRows: Uint32Array,
): string | null {
  // `checkResultSet` has done so where all are attacked.
  if (attacked === undefined || worstCase === undefined) return null;
  const cleanBits = unpackBits(clean.bits, rows);
  const unpack = ({ bits }: Pick<Score, "bits">) =>
    unpackBits(bits, attacked.rows);
  const attacks = Object.values(byAttack).map(unpack);
  const recorded = unpack(worstCase);
  const wrong = recorded.findIndex((right, place) =>
    right !== (cleanBits[attackedRows[place]!]! &&
      attacks.every((bits) => bits[place]))
  );
  return wrong < 0 ? null : `worstCase.bits: expected ${!recorded[
    wrong
  ]} for image ${wrong}, by clean and every attack, got ${
    recorded[wrong]
  } in the file`;
}

function checkTestClasses(
  test: TestOutcome,
  { test: { labels }, classNames }: Dataset,
  attackedRows: Uint32Array,
): string | null {
  const classes = classNames.length;
  const attackedLabels = Uint8Array.from(attackedRows, (row) => labels[row]!);
  const lists = [
    ["rowsPerClass", test.rowsPerClass, labels] as const,
    ...(test.attacked
      ? [
        [
          "attacked.rowsPerClass",
          test.attacked.rowsPerClass,
          attackedLabels,
        ] as const,
      ]
      : []),
    ...scoresOf(test).map(({ path, score, images, isAttacked }) => {
      const right = unpackBits(score.bits, images.rows);
      const counted = isAttacked ? attackedLabels : labels;
      return [
        `${path}.correctPerClass`,
        score.correctPerClass,
        counted.filter((_, place) => right[place]),
      ] as const;
    }),
  ];
  for (const [field, recorded, counted] of lists) {
    const expected = countPerClass(counted, classes);
    const found = firstDifference(expected, recorded);
    if (found !== null) {
      return `${field}.${found.field}: expected ${found.expected} by true class, got ${found.got} in the file`;
    }
  }
  return null;
}

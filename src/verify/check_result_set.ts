import { unpackBits } from "../eval/bit_string.ts";
import {
  digestResultSet,
  type FinishedCell,
  type ResultSet,
} from "../results/result_set.ts";
import { cellId, isCounted } from "../study/cell_config.ts";
import { contentName } from "../study/content_name.ts";
import { namedStudies } from "../study/named_studies.ts";
import { planCells } from "../study/plan_cells.ts";

/**
 * Checks all that can be checked of a result set without data or training: that
 * it holds exactly the cells its study stands for, in their order, each with the
 * id of its config; that counts, bits and sums of each cell agree; and that the
 * digest is that of the content. Whoever forges all of it consistently is found
 * by running cells again, and by nothing else.
 *
 * @returns What is wrong, a line each, the most telling first; none: nothing.
 */
export function checkResultSet(set: ResultSet): string[] {
  const faults = [
    ...checkCells(set),
    ...checkStudyName(set),
    ...set.cells.flatMap((cell) =>
      cell.status === "failed"
        ? [`cell ${cell.id} failed when it was recorded: ${cell.error}`]
        : checkCounts(cell).map((fault) => `cell ${cell.id}: ${fault}`)
    ),
  ];
  const digest = digestResultSet(set);
  if (set.digest !== digest) {
    faults.push(
      `digest: expected ${digest} of the content, got ${set.digest}: study, data set or a cell was edited`,
    );
  }
  return faults;
}

function checkCells({ study, shard, cells }: ResultSet): string[] {
  const faults: string[] = [];
  for (const { id, config } of cells) {
    const expected = cellId(config);
    if (id !== expected) {
      faults.push(
        `cell ${id}: id: expected ${expected}, the hash of its config, got ${id}: the config was edited, or is another cell's`,
      );
    }
  }
  if (faults.length > 0) return faults;
  const backends = [...new Set(cells.map(({ config }) => config.backend))];
  if (backends.length !== 1) {
    return [`backend: all cells must be of one, got ${backends.join(", ")}`];
  }
  const ids = cells.map(({ id }) => id);
  const twice = ids.find((id, i) => ids.indexOf(id) !== i);
  if (twice !== undefined) return [`cell ${twice} is there twice`];
  const planned = planCells(study, backends[0]!).map(({ id }) => id);
  const extra = ids.filter((id) => !planned.includes(id));
  // Of a shard, which cells should be there depends on costs, thus on the data.
  const missing = shard === undefined
    ? planned.filter((id) => !ids.includes(id))
    : [];
  if (extra.length > 0) {
    return [
      `study: it does not stand for ${extra.length} of the ${ids.length} cells, the first ${
        extra[0]
      }: the study was edited, or cells of another were put in`,
    ];
  }
  if (missing.length > 0) {
    return [
      `${missing.length} of the ${planned.length} cells of the study are missing, the first ${
        missing[0]
      }`,
    ];
  }
  const inOrder = planned.filter((id) => ids.includes(id));
  const at = ids.findIndex((id, i) => id !== inOrder[i]);
  return at < 0 ? [] : [
    `cell ${ids[at]} is out of place: expected ${
      inOrder[at]
    } there, as the study orders its cells`,
  ];
}

/** A study that flags changed is named by its content. */
function checkStudyName({ study }: ResultSet): string[] {
  const [, base] = /^(.+)-[0-9a-f]{8}$/.exec(study.name) ?? [];
  if (
    base === undefined || base !== "sweep" && !Object.hasOwn(namedStudies, base)
  ) {
    return [];
  }
  const expected = contentName(base, study);
  return study.name === expected ? [] : [
    `study.name: expected "${expected}", by the hash of the study, got "${study.name}": the study was edited`,
  ];
}

function checkCounts({ config, duplication, outcome }: FinishedCell): string[] {
  const faults: string[] = [];
  const require = (field: string, expected: unknown, got: unknown) => {
    if (expected !== got) {
      faults.push(`${field}: expected ${expected}, got ${got}`);
    }
  };
  require(
    "duplication.copies",
    sum(duplication.copiesPerClass),
    duplication.copies,
  );
  const { epochs, divergedAtEpoch, test } = outcome;
  // The epoch that diverged is left out.
  require("outcome.epochs", divergedAtEpoch ?? config.epochs, epochs.length);
  epochs.forEach(({ correct }, epoch) => {
    require(
      `outcome.epochs[${epoch}].correct`,
      isCounted(epoch, config) ? "a count" : "none",
      correct === undefined ? "none" : "a count",
    );
  });
  if (test === null) return faults;
  epochs.forEach(({ correct = 0 }, epoch) => {
    if (correct > test.rows) {
      faults.push(
        `outcome.epochs[${epoch}].correct: expected at most ${test.rows}, got ${correct}`,
      );
    }
  });
  const last = epochs.at(-1)?.correct;
  if (last !== undefined) {
    require(
      `outcome.epochs[${epochs.length - 1}].correct`,
      test.clean.correct,
      last,
    );
  }
  require("outcome.test.rows", sum(test.rowsPerClass), test.rows);
  require(
    "outcome.test.byAttack",
    [...config.evaluation.attacks].sort().join(", "),
    Object.keys(test.byAttack).sort().join(", "),
  );
  const scores = [
    ["clean", test.clean] as const,
    ...Object.entries(test.byAttack).map(([name, score]) =>
      [`byAttack.${name}`, score] as const
    ),
  ];
  const all = [
    ...scores,
    ...(test.worstCase ? [["worstCase", test.worstCase] as const] : []),
  ];
  const right = new Map<string, boolean[]>();
  for (const [name, { correct, correctPerClass, bits }] of all) {
    const field = `outcome.test.${name}`;
    require(`${field}.correctPerClass`, correct, sum(correctPerClass));
    try {
      const unpacked = unpackBits(bits, test.rows);
      right.set(name, unpacked);
      require(`${field}.correct`, unpacked.filter(Boolean).length, correct);
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      faults.push(`${field}.bits: ${error.message}`);
    }
  }
  const worst = right.get("worstCase");
  if (worst !== undefined && right.size === all.length) {
    const wrong = worst.findIndex((isRight, row) =>
      isRight !== scores.every(([name]) => right.get(name)![row])
    );
    if (wrong >= 0) {
      faults.push(
        `outcome.test.worstCase.bits: expected ${!worst[
          wrong
        ]} for image ${wrong}, by clean and every attack, got ${worst[wrong]}`,
      );
    }
  }
  return faults;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

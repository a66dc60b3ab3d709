import type { FinishedCell, ResultSet } from "../results/result_set.ts";
import { standInAxis } from "../spec/axes/stand_in.ts";
import { valuesOf } from "../spec/plan_cells.ts";
import { formatTable } from "./table.ts";

/**
 * The table a sweep prints: a row for each point of the study, its seeds as
 * mean ± standard deviation. Accuracies are fractions of the test set.
 */
export function formatSweep({ cells, study }: ResultSet): string {
  const groups = new Map<string, FinishedCell[]>();
  const { attacks } = study;
  for (const cell of cells) {
    if (cell.status !== "finished") continue;
    const key = JSON.stringify({ ...cell.config, seed: null });
    groups.set(key, [...groups.get(key) ?? [], cell]);
  }
  // Of one attack, the worst case says nothing that it does not; sets from
  // before there was one have none.
  const hasWorst = attacks.length > 1 &&
    cells.some((cell) =>
      cell.status === "finished" && cell.outcome.test?.worstCase !== undefined
    );
  const several = {
    model: study.model.length > 1,
    mode: study.mode.length > 1,
    budget: study.budget.length > 1,
    standIn: valuesOf(study, standInAxis).length > 1,
    copies: (study.copies?.length ?? 1) > 1,
    dedup: (study.dedup?.length ?? 1) > 1,
  };
  const headings = [
    ...(several.model ? ["model"] : []),
    "training",
    "policy",
    ...(several.mode ? ["mode"] : []),
    ...(several.budget ? ["budget"] : []),
    ...(several.standIn ? ["stand-in"] : []),
    ...(several.copies ? ["copies"] : []),
    ...(several.dedup ? ["dedup"] : []),
    "ratio",
    "images",
    "clean",
    ...attacks,
    ...(hasWorst ? ["worst"] : []),
    "seeds",
    "s/epoch",
  ];
  const rows = [...groups.values()].map((group) => {
    const [{ config, duplication }] = group as [FinishedCell];
    const { policy, ratio, mode, nearKinds, standIn } = config.duplication;
    const { originals, copies, removed } = duplication;
    const trained = originals + copies -
      (removed === undefined ? 0 : removed.originals + removed.copies);
    const accuracies = (correct: (test: Test) => number) =>
      meanAndSpread(
        group.flatMap(({ outcome: { test } }) =>
          test === null ? [] : [correct(test) / test.rows]
        ),
      );
    return [
      ...(several.model ? [config.model] : []),
      config.training.name,
      policy,
      ...(several.mode ? [ratio === 0 ? "-" : mode] : []),
      ...(several.budget ? [ratio === 0 ? "-" : config.budget] : []),
      ...(several.standIn ? [ratio === 0 ? "-" : standIn ?? "copies"] : []),
      ...(several.copies
        ? [ratio === 0 ? "-" : nearKinds ? "near" : "exact"]
        : []),
      ...(several.dedup ? [config.dedup?.method ?? "none"] : []),
      String(ratio),
      String(trained),
      accuracies((test) => test.clean.correct),
      ...attacks.map((name) =>
        accuracies((test) => test.byAttack[name]!.correct)
      ),
      ...(hasWorst
        ? [accuracies(({ worstCase }) => worstCase?.correct ?? NaN)]
        : []),
      String(group.length),
      medianEpochSeconds(group).toFixed(2),
    ];
  });
  return formatTable(headings, rows, headings.indexOf("ratio"));
}

type Test = NonNullable<FinishedCell["outcome"]["test"]>;

function meanAndSpread(values: number[]): string {
  if (values.length === 0) return "diverged";
  const mean = values.reduce((a, b) => a + b) / values.length;
  const digits = (x: number) => x.toFixed(3).replace(/^0/, "");
  if (values.length === 1) return digits(mean);
  const squares = values.reduce((sum, x) => sum + (x - mean) ** 2, 0);
  return `${digits(mean)} ±${digits(Math.sqrt(squares / (values.length - 1)))}`;
}

/** The first epoch is left out where there are others: it warms kernels up. */
function medianEpochSeconds(group: FinishedCell[]): number {
  const times = group.flatMap(({ timing: { epochs } }) =>
    epochs.slice(epochs.length > 1 ? 1 : 0).map(({ totalMs }) => totalMs / 1e3)
  ).sort((a, b) => a - b);
  const middle = times.length >> 1;
  return times.length % 2 === 1
    ? times[middle]!
    : (times[middle - 1]! + times[middle]!) / 2;
}

import { countAtChance, describeChance } from "../analysis/chance.ts";
import { attackedImagesOf } from "../results/attacked_images.ts";
import type { Outcome } from "../results/outcome.ts";
import type { FinishedCell, ResultSet } from "../results/result_set.ts";
import { axes } from "../spec/axes.ts";
import type { Axis } from "../spec/axis.ts";
import { valuesOf } from "../spec/values_of.ts";
import { formatTable } from "./table.ts";

/**
 * The table a sweep prints: a row for each point of the study, its seeds as
 * mean ± standard deviation. Accuracies are fractions of the test set, those under
 * attack of the test images that were attacked or, where training images were
 * attacked, too, of the originals and the copies. Those of
 * averaged weights and of the best epoch follow those of the last weights. Rows with
 * networks that are not above chance are marked, with a line below.
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
  const isFlipped = study.testFlip === true;
  const others = (["averaged", "best"] as const).filter((which) =>
    cells.some((cell) =>
      cell.status === "finished" && cell.outcome[which] !== undefined
    )
  );
  // Attacked training images are shown with their clean accuracy.
  const trainAttacks = attacks.filter((name) =>
    cells.some((cell) =>
      cell.status === "finished" &&
      cell.outcome.train?.byAttack?.[name] !== undefined
    )
  );
  const columns = axes.filter((axis: Axis) =>
    axis.role !== "replicate" &&
    (axis.isAlwaysShown === true || valuesOf(study, axis).length > 1)
  ) as readonly Axis[];
  const headings = [
    ...columns.map(({ heading }) => heading),
    "images",
    "clean",
    ...(isFlipped ? ["with mirror image"] : []),
    ...attacks,
    ...(hasWorst ? ["worst"] : []),
    ...others.flatMap((which) => [
      which,
      ...(attacks.length > 0 ? [`${which} worst`] : []),
    ]),
    ...(trainAttacks.length === 0 ? [] : trainParts.flatMap(([, title]) => [
      title,
      ...trainAttacks.map((name) => `${title} ${name}`),
    ])),
    "seeds",
    "s/epoch",
  ];
  const rows = [...groups.values()].map((group) => {
    const [{ config, duplication }] = group as [FinishedCell];
    const { originals, copies, removed } = duplication;
    const trained = originals + copies -
      (removed === undefined ? 0 : removed.originals + removed.copies);
    const accuracies = (
      correct: (test: Test) => number,
      testOf = ({ test }: Outcome) => test,
      rowsOf = ({ rows }: Test) => rows,
    ) =>
      meanAndSpread(
        group.flatMap(({ outcome }) => {
          const test = testOf(outcome);
          return test === null ? [] : [correct(test) / rowsOf(test)];
        }),
      );
    const attackedAccuracies = (
      correct: (test: Test) => number,
      testOf?: (outcome: Outcome) => Test | null,
    ) => accuracies(correct, testOf, (test) => attackedImagesOf(test).rows);
    return [
      // A coordinate that does not apply at ratio 0 has no value there.
      ...columns.map(({ valueOf }) => String(valueOf(config) ?? "-")),
      String(trained),
      accuracies((test) => test.clean.correct) +
      (countAtChance(group).atChance > 0 ? " *" : ""),
      ...(isFlipped
        ? [accuracies(({ flipped }) => flipped?.correct ?? NaN)]
        : []),
      ...attacks.map((name) =>
        attackedAccuracies((test) => test.byAttack[name]!.correct)
      ),
      ...(hasWorst
        ? [attackedAccuracies(({ worstCase }) => worstCase?.correct ?? NaN)]
        : []),
      ...others.flatMap((which) => {
        const testOf = (outcome: Outcome) => outcome[which]?.test ?? null;
        return [
          accuracies((test) => test.clean.correct, testOf),
          ...(attacks.length > 0
            ? [
              attackedAccuracies(
                ({ worstCase }) => worstCase?.correct ?? NaN,
                testOf,
              ),
            ]
            : []),
        ];
      }),
      ...(trainAttacks.length === 0 ? [] : trainParts.flatMap(([part]) => {
        const rates = (countOf: (train: Train) => Count | undefined) =>
          trainAccuracies(group, countOf);
        return [
          rates((train) => train[part]),
          ...trainAttacks.map((name) =>
            rates((train) => train.byAttack?.[name]?.[part])
          ),
        ];
      })),
      String(group.length),
      medianEpochSeconds(group).toFixed(2),
    ];
  });
  const table = formatTable(headings, rows, headings.indexOf("ratio"));
  const chance = countAtChance([...groups.values()].flat());
  return chance.atChance === 0
    ? table
    : `${table}\n\n* at chance level: ${describeChance(chance)}`;
}

type Test = NonNullable<FinishedCell["outcome"]["test"]>;

type Train = NonNullable<FinishedCell["outcome"]["train"]>;
type Count = Train["unique"];

/** What a network was trained on, and what the table calls it. */
const trainParts = [["unique", "originals"], ["copies", "copies"]] as const;

/** `-` where there are no such images, as copies at ratio 0. */
function trainAccuracies(
  group: readonly FinishedCell[],
  countOf: (train: Train) => Count | undefined,
): string {
  const trained = group.flatMap(({ outcome }) => outcome.train ?? []);
  if (trained.length === 0) return meanAndSpread([]);
  const rates = trained.flatMap((train) => {
    const count = countOf(train);
    return count === undefined || count.rows === 0
      ? []
      : [count.correct / count.rows];
  });
  return rates.length === 0 ? "-" : meanAndSpread(rates);
}

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

import { assert, assertEquals } from "@std/assert";
import { analyse } from "../../src/analysis/analyse.ts";
import { measure } from "../../src/analysis/metric.ts";
import { compareOutcomes } from "../../src/compare/compare_outcomes.ts";
import { cellTable } from "../../src/export/result_table.ts";
import { describeMetric } from "../../src/report/figure_captions.ts";
import { reportStudies } from "../../src/report/report_series.ts";
import { packBits, unpackBits } from "../../src/results/bit_string.ts";
import list from "../../src/results/cifar10_near_duplicates.json" with {
  type: "json",
};
import { onDistinctImages } from "../../src/results/distinct_images.ts";
import type { FinishedCell, ResultSet } from "../../src/results/result_set.ts";
import { fixture } from "../data/_files.ts";
import { pathOfRecorded, readRecorded } from "../recorded_sets.ts";

const finished = ({ cells }: ResultSet): FinishedCell[] =>
  cells.filter((cell) => cell.status === "finished");

const repeated = new Set(list.pairs.map(([test]) => test));

Deno.test("the list of near-duplicates has what Barz and Denzler found by other means", () => {
  // Six of the eight pairs that are closest in the features of their network
  // (ciFAIR, meta/duplicates_cifar10.csv).
  const closest = [
    [159, 25768],
    [7293, 9640],
    [6080, 9148],
    [2901, 6801],
    [673, 34116],
    [516, 43161],
  ];
  const pairs = new Set(list.pairs.map(([test, train]) => `${test} ${train}`));
  for (const pair of closest) assert(pairs.has(pair.join(" ")), `${pair}`);
  assertEquals(repeated.size, 170);
  assertEquals(list.pairs.length, 251);
  for (const [test, train, difference] of list.pairs) {
    assert(test! >= 0 && test! < 10_000 && train! >= 0 && train! < 50_000);
    assert(difference! > 0 && difference! <= list.made.options.maxDifference);
  }
});

Deno.test("the list has the test images in the order of subsets: the first 1,000 are the embedded ones", async () => {
  const order = list.testOrder;
  assertEquals(
    [...order].sort((a, b) => a - b),
    Array.from({ length: 10_000 }, (_, row) => row),
  );
  const { sourceRows } = JSON.parse(
    await Deno.readTextFile(fixture("cifar10-mini/manifest.json")),
  );
  const labels = JSON.parse(
    await Deno.readTextFile(fixture("cifar10-mini/labels.json")),
  );
  const labelOf = new Map<number, number>(
    sourceRows.test.map((row: number, i: number) => [row, labels.test[i]]),
  );
  // Classes take turns, in the order of their labels.
  assertEquals(
    order.slice(0, 1000).map((row) => labelOf.get(row)),
    order.slice(0, 1000).map((_, place) => place % 10),
  );
});

Deno.test("onDistinctImages() counts what is left without the images of the list", async () => {
  const { sourceRows } = JSON.parse(
    await Deno.readTextFile(fixture("cifar10-mini/manifest.json")),
  );
  const every = Array.from({ length: 10_000 }, (_, row) => row);
  for (
    const [name, rows] of [
      ["published-standard-6dbb1440", every],
      ["corrected-standard-67934a9c", sourceRows.test as number[]],
    ] as const
  ) {
    const cells = finished(await readRecorded(name));
    assert(cells.length > 0);
    for (const cell of cells) {
      const all = cell.outcome.test!;
      const { test } = onDistinctImages(cell)!.outcome;
      const left = rows.filter((row) => !repeated.has(row)).length;
      assertEquals(test!.rows, left);
      assertEquals(sum(test!.rowsPerClass), left);
      const scores = [
        [all.clean, test!.clean] as const,
        ...Object.keys(all.byAttack).map((attack) =>
          [all.byAttack[attack]!, test!.byAttack[attack]!] as const
        ),
      ];
      for (const [before, after] of scores) {
        const right = rows.filter((row, i) => {
          // Image 0 is the highest bit of the first hexadecimal digit.
          const digit = Number.parseInt(before.bits[i >> 2]!, 16);
          return (digit >> (3 - i % 4)) % 2 === 1 && !repeated.has(row);
        }).length;
        assertEquals(after.correct, right);
        assertEquals(sum(after.correctPerClass), right);
        assertEquals(
          unpackBits(after.bits, left).filter(Boolean).length,
          right,
        );
      }
      assertEquals(
        measure(cell, "clean-distinct"),
        100 * test!.clean.correct / left,
      );
    }
  }
});

/** The cell as if only the images that `limitTest` keeps had been attacked. */
function attackedOnly(cell: FinishedCell, count: number): FinishedCell {
  const { test } = cell.outcome;
  const places = new Map(list.testOrder.map((row, place) => [row, place]));
  const shown = list.testOrder.slice(0, count).toSorted((a, b) => a - b);
  const counts = (rows: readonly number[]) => {
    const perClass = new Array<number>(10).fill(0);
    for (const row of rows) perClass[places.get(row)! % 10]!++;
    return perClass;
  };
  const part = <Score extends { bits: string }>(score: Score): Score => {
    const bits = unpackBits(score.bits, 10_000);
    const right = shown.filter((row) => bits[row]);
    return {
      ...score,
      correct: right.length,
      correctPerClass: counts(right),
      bits: packBits(shown.map((row) => bits[row]!)),
    };
  };
  return {
    ...cell,
    outcome: {
      ...cell.outcome,
      test: {
        ...test!,
        attacked: { rows: count, rowsPerClass: counts(shown) },
        byAttack: Object.fromEntries(
          Object.entries(test!.byAttack).map(([name, of]) => [name, part(of)]),
        ),
        // As if no image that is right were found.
        worstCase: part(test!.clean),
      },
    },
  };
}

Deno.test("onDistinctImages() counts under attack the distinct ones of the attacked images", async () => {
  const count = 995;
  const [cell] = finished(await readRecorded("published-standard-6dbb1440"));
  const attacked = attackedOnly(cell!, count);
  const all = onDistinctImages(cell!)!.outcome.test!;
  const { test } = onDistinctImages(attacked)!.outcome;
  assertEquals([test!.clean, test!.rows], [all.clean, all.rows]);
  const shown = list.testOrder.slice(0, count).toSorted((a, b) => a - b);
  const left = shown.filter((row) => !repeated.has(row));
  assert(left.length < count);
  assertEquals(test!.attacked!.rows, left.length);
  assertEquals(sum(test!.attacked!.rowsPerClass), left.length);
  const clean = unpackBits(cell!.outcome.test!.clean.bits, 10_000);
  const right = left.filter((row) => clean[row]);
  assertEquals(
    unpackBits(test!.worstCase!.bits, left.length),
    left.map((row) => clean[row]),
  );
  assertEquals(test!.worstCase!.correct, right.length);
  assertEquals(
    measure(attacked, "adversarial-distinct"),
    100 * right.length / left.length,
  );
  const swapped = structuredClone(attacked);
  const perClass = swapped.outcome.test!.attacked!.rowsPerClass;
  assert(perClass[0] !== perClass[9]);
  [perClass[0], perClass[9]] = [perClass[9]!, perClass[0]!];
  assertEquals(onDistinctImages(swapped), null);
});

Deno.test("onDistinctImages() is null for other data sets, and for images that are not CIFAR-10's", async () => {
  for (const cell of finished(await readRecorded("quick-1e218e0d"))) {
    assertEquals(onDistinctImages(cell), null);
    assertEquals(measure(cell, "clean-distinct"), null);
  }
  const [cell] = finished(await readRecorded("published-standard-6dbb1440"));
  const { outcome } = cell!;
  const [a, b, ...others] = outcome.test!.clean.correctPerClass;
  const swapped = {
    ...cell!,
    outcome: {
      ...outcome,
      test: {
        ...outcome.test!,
        clean: {
          ...outcome.test!.clean,
          correctPerClass: [b!, a!, ...others],
        },
      },
    },
  };
  assert(a !== b);
  assertEquals(onDistinctImages(swapped), null);
  const diverged = { ...cell!, outcome: { ...outcome, test: null } };
  assertEquals(onDistinctImages(diverged), null);
});

Deno.test("analyse() has trends on distinct images, and all others as committed", async () => {
  const name = "corrected-adversarial-c950251f";
  const committed = JSON.parse(
    await Deno.readTextFile(
      pathOfRecorded(`${name}-analysis.json`),
    ),
  );
  const { trends, contrasts } = analyse([await readRecorded(name)]);
  const isDistinct = ({ metric }: { metric: string }) =>
    metric.endsWith("-distinct");
  const p = (list: { metric: string; holmP: number | null }[]) =>
    list.filter((one) => !isDistinct(one)).map(({ metric, holmP }) =>
      [metric, holmP] as const
    );
  assertEquals(p(contrasts), p(committed.contrasts));
  const slopes = (list: { metric: string; test: { mean: number } }[]) =>
    list.filter((one) => !isDistinct(one)).map(({ metric, test }) =>
      [metric, test.mean] as const
    );
  assertEquals(slopes(trends), slopes(committed.trends));
  const distinct = trends.filter(isDistinct).length;
  assertEquals(
    distinct,
    trends.filter(({ metric }) =>
      metric === "clean" || metric === "adversarial"
    )
      .length,
  );
  assert(contrasts.filter(isDistinct).every(({ holmP }) => holmP === null));
});

Deno.test("compareOutcomes() gives every accuracy on distinct images too, which does not decide", async () => {
  const [cell] = finished(await readRecorded("corrected-adversarial-c950251f"));
  const tolerance = { loss: 0, agreement: 1 };
  const { accuracies, smallestAgreement } = compareOutcomes(
    cell!,
    cell!,
    tolerance,
  );
  assertEquals(smallestAgreement, 1);
  const names = accuracies.map(({ evaluation }) => evaluation);
  const all = ["clean", ...Object.keys(cell!.outcome.test!.byAttack)];
  assertEquals(names, [...all, ...all.map((of) => `${of}, distinct images`)]);
  const { rows } = onDistinctImages(cell!)!.outcome.test!;
  assert(rows < cell!.outcome.test!.rows);
  assertEquals(accuracies.at(-1)!.rows, rows);
});

Deno.test("exports have columns on distinct images where there are some", async () => {
  const set = await readRecorded("corrected-adversarial-c950251f");
  const { columns, rows } = cellTable(set);
  const valuesOf = (wanted: string) => {
    const at = columns.findIndex(({ name }) => name === wanted);
    return rows.map((row) => row[at]);
  };
  const cells = finished(set).map((cell) => onDistinctImages(cell)!);
  assertEquals(
    valuesOf("distinct_clean_correct"),
    cells.map(({ outcome }) => outcome.test!.clean.correct),
  );
  assertEquals(
    valuesOf("distinct_pgd_20_accuracy"),
    cells.map(({ outcome: { test } }) =>
      test!.byAttack["pgd-20"]!.correct / test!.rows
    ),
  );
  assertEquals(
    cellTable(await readRecorded("quick-1e218e0d")).columns.filter(({ name }) =>
      name.startsWith("distinct_") && name !== "distinct_copied"
    ),
    [],
  );
});

Deno.test("reports have every accuracy on distinct images", async () => {
  const [report] = reportStudies([
    await readRecorded("published-standard-6dbb1440"),
  ]);
  const names = new Set(report!.series.map(({ metric }) => metric));
  for (
    const name of ["clean", "worst case", ...report!.sets[0]!.study.attacks]
  ) {
    assertEquals(names.has(`${name}, distinct images`), names.has(name), name);
  }
  assertEquals(
    describeMetric("clean, distinct images", report!),
    "Percentage of 9,830 test images (those without a near duplicate among the training images of CIFAR-10) that are classified correctly without an attack; always predicting the most frequent class gives 10.1 %.",
  );
  const [quick] = reportStudies([await readRecorded("quick-1e218e0d")]);
  assert(quick!.series.every(({ metric }) => !metric.includes("distinct")));
});

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

Deno.test("every weights that were tested are counted on distinct images", async () => {
  const [cell] = finished(await readRecorded("corrected-adversarial-c950251f"));
  const { outcome } = cell!;
  const test = outcome.test!;
  // The flipped images are right where the clean ones are wrong.
  const wrong = unpackBits(test.clean.bits, test.rows).map((right) => !right);
  const flipped = {
    correct: test.rows - test.clean.correct,
    correctPerClass: test.rowsPerClass.map((rows, c) =>
      rows - test.clean.correctPerClass[c]!
    ),
    bits: packBits(wrong),
  };
  const other = { weightsSha256: "0".repeat(64), test: { ...test, flipped } };
  const both: FinishedCell = {
    ...cell!,
    outcome: { ...outcome, averaged: other, best: { ...other, epoch: 0 } },
  };
  const view = onDistinctImages(both)!.outcome;
  assertEquals(view.averaged!.test.clean, view.test!.clean);
  assertEquals(view.best!.test.byAttack, view.test!.byAttack);
  assertEquals(
    view.best!.test.flipped!.correct,
    view.test!.rows - view.test!.clean.correct,
  );
  for (const weights of ["averaged", "best"] as const) {
    for (const score of ["clean", "adversarial"] as const) {
      assertEquals(
        measure(both, `${weights}-${score}-distinct`),
        measure(both, `${score}-distinct`),
      );
      assertEquals(measure(cell!, `${weights}-${score}-distinct`), null);
    }
  }
  const set = {
    ...await readRecorded("corrected-adversarial-c950251f"),
    cells: [both],
  };
  const { columns, rows } = cellTable(set);
  const valueOf = (wanted: string) =>
    rows[0]![columns.findIndex(({ name }) => name === wanted)];
  assertEquals(
    valueOf("distinct_best_flipped_accuracy"),
    view.best!.test.flipped!.correct / view.test!.rows,
  );
  assertEquals(
    valueOf("distinct_averaged_worst_case_correct"),
    valueOf("distinct_worst_case_correct"),
  );
});

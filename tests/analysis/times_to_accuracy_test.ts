import {
  assert,
  assertAlmostEquals,
  assertEquals,
  assertMatch,
  assertThrows,
} from "@std/assert";
import { analyse } from "../../src/analysis/analyse.ts";
import { formatAnalysis } from "../../src/analysis/format_analysis.ts";
import { timesToAccuracy } from "../../src/analysis/times_to_accuracy.ts";
import { UsageError } from "../../src/core/errors.ts";
import { packBits } from "../../src/results/bit_string.ts";
import {
  digestResultSet,
  type FinishedCell,
  type ResultSet,
} from "../../src/results/result_set.ts";
import type { CellConfig } from "../../src/spec/cell_config.ts";
import { planCells } from "../../src/spec/plan_cells.ts";
import { parseStudy, type StudyInput } from "../../src/spec/study.ts";
import { readRecorded } from "../recorded_sets.ts";
import { finishedCell, provenance } from "../results/finished_cell.ts";

const rows = 100;

/** A cell that has these counts of 100 images, and a time per epoch. */
function counted(
  counts: readonly (number | null)[],
  epochMs: number,
): FinishedCell {
  const cell = finishedCell(1);
  const correct = counts.at(-1) ?? 50;
  const perClass = Array.from(
    { length: 10 },
    (_, c) => Math.floor(correct / 10) + Number(c < correct % 10),
  );
  const epoch = { dataMs: 0, attackMs: 0, updateMs: 0, totalMs: epochMs };
  return {
    ...cell,
    outcome: {
      ...cell.outcome,
      epochs: counts.map((correct, i) => ({
        loss: 2 / (i + 1),
        images: 1,
        steps: 1,
        ...(correct !== null && { correct }),
      })),
      test: {
        rows,
        rowsPerClass: Array(10).fill(rows / 10),
        clean: {
          correct,
          correctPerClass: perClass,
          bits: packBits(Array.from({ length: rows }, (_, i) => i < correct)),
        },
        byAttack: {},
      },
    },
    timing: {
      ...cell.timing,
      // The first is slower and must not count.
      epochs: counts.map((_, i) =>
        i === 0 ? { ...epoch, totalMs: 9e4 } : epoch
      ),
    },
  };
}

Deno.test("timesToAccuracy() is the epochs to the highest accuracy that all reach, times the time per epoch after the first", () => {
  const times = timesToAccuracy([
    counted([10, 40, 30, 36], 100),
    counted([20, 30, 50, 45], 200),
  ])!;
  // The best of the first cell is 40, of the second 50.
  assertEquals(times.accuracy, 0.4);
  // In the second it is half-way from 30, after two epochs, to 50, after three.
  assertEquals(times.epochs[0], 2);
  assertAlmostEquals(times.epochs[1]!, 2.5, 1e-12);
  assertEquals(times.ms[0], 200);
  assertAlmostEquals(times.ms[1]!, 500, 1e-9);
});

Deno.test("timesToAccuracy() is the first time, though accuracy falls again", () => {
  const times = timesToAccuracy([counted([10, 30, 10, 40], 100)], 0.2)!;
  assertEquals(times.epochs, [1.5]);
});

Deno.test("timesToAccuracy() interpolates linearly between counts that are epochs apart", () => {
  // 25 is a quarter of the way from 20, after 2 epochs, to 40, after 6.
  const every4 = counted([null, 20, null, null, null, 40], 10);
  assertEquals(timesToAccuracy([every4], 0.25)!.epochs, [3]);
});

Deno.test("timesToAccuracy() gives a cell that reaches the target by its first count the epochs to that count", () => {
  const late = counted([null, null, 30, 40], 10);
  assertEquals(timesToAccuracy([late], 0.3)!.epochs, [3]);
  assertEquals(timesToAccuracy([late], 0.01)!.epochs, [3]);
});

Deno.test("timesToAccuracy() is null for a cell that never reaches the target, and exact for one that just does", () => {
  const { epochs, ms } = timesToAccuracy(
    [counted([1, 6], 10), counted([1, 7], 10)],
    0.07,
  )!;
  assertEquals(epochs, [null, 2]);
  assertEquals(ms, [null, 20]);
  // Not one count of 100 is missed by rounding.
  for (let count = 1; count <= 100; count++) {
    const asked = Number(`${count / 100}`);
    assertEquals(
      timesToAccuracy([counted([0, count], 1)], asked)!.epochs,
      [2],
    );
  }
});

Deno.test("timesToAccuracy() is null without counts, and has no time for a single epoch", () => {
  const none = counted([null, null], 10);
  assertEquals(timesToAccuracy([none]), null);
  assertEquals(timesToAccuracy([counted([1, 2], 10), none]), null);
  const { epochs, ms } = timesToAccuracy([counted([5], 10)])!;
  assertEquals([epochs, ms], [[1], [null]]);
});

/** Counts after its epochs, and milliseconds per epoch, for a cell. */
type World = (
  config: CellConfig,
) => { counts: (number | null)[]; epochMs: number };

/**
 * The result set that a sweep would give if the world were so.
 *
 * @param imageMs Time of an image; an epoch has as many as its time is for.
 */
function imagine(
  world: World,
  fields: Partial<StudyInput> = {},
  imageMs: (config: CellConfig) => number = () => 1,
): ResultSet {
  const study = parseStudy({
    name: "imagined",
    ratios: [0, 1],
    seeds: [1, 2, 3, 4, 5, 6],
    epochs: 4,
    evaluateEvery: 1,
    attacks: [],
    ...fields,
  });
  const cells = planCells(study, "wasm").map((cell): FinishedCell => {
    const { counts, epochMs } = world(cell.config);
    const made = counted(counts, epochMs);
    const images = epochMs / imageMs(cell.config);
    const epochs = made.outcome.epochs.map((epoch) => ({ ...epoch, images }));
    return { ...made, ...cell, outcome: { ...made.outcome, epochs } };
  });
  const parts = {
    schema: "dupbench/result-set/1",
    study,
    dataset: {
      name: "test",
      trainPerClass: [],
      testPerClass: [],
      sha256: "2".repeat(64),
    },
    provenance,
    cells,
  } as unknown as ResultSet;
  return { ...parts, digest: digestResultSet(parts) };
}

/** With copies it takes 3 epochs of 200 ms to 30, without 2 of 100 ms. */
const slower: World = ({ duplication: { ratio }, seed }) =>
  ratio === 0
    ? { counts: [10, 30, 40, 50 + seed], epochMs: 100 }
    : { counts: [10, 20, 30, 31], epochMs: 200 };

Deno.test("analyse() measures time and epochs to an accuracy in per cent of ratio 0, outside Holm's family", () => {
  const { trends, contrasts, timeToAccuracy, claims } = analyse([
    imagine(slower),
  ], {
    accuracy: 0.3,
  });
  const slopes = new Map(trends.map(({ metric, test }) => [metric, test.mean]));
  // 600 ms after 200, 3 epochs after 2.
  assertAlmostEquals(slopes.get("time-to-accuracy")!, 200, 1e-9);
  assertAlmostEquals(slopes.get("epochs-to-accuracy")!, 50, 1e-9);
  assertEquals(slopes.has("time-to-loss"), false);
  const times = contrasts.filter(({ metric }) => metric.endsWith("accuracy"));
  assertEquals(times.map(({ holmP }) => holmP), [null, null, null]);
  assertEquals(
    timeToAccuracy.map(({ arm: _, ...facts }) => facts),
    [
      {
        ratio: 0,
        accuracy: 0.3,
        cells: 6,
        unreached: 0,
        seeds: 6,
        epochs: 2,
        ms: 200,
      },
      {
        ratio: 1,
        accuracy: 0.3,
        cells: 6,
        unreached: 0,
        seeds: 6,
        epochs: 3,
        ms: 600,
      },
    ],
  );
  // An image takes 1 ms: 3 epochs of 200 images after 2 of 100.
  assertAlmostEquals(slopes.get("images-to-accuracy")!, 200, 1e-9);
  // With the first claim, which counts images; times are next to it.
  assertEquals(claims[0]!.verdict, "supported");
  assertAlmostEquals(claims[0]!.test!.mean, 200, 1e-9);
  assertEquals(
    claims[0]!.informational.map(({ metric, seedsLeftOut }) => [
      metric,
      seedsLeftOut,
    ]),
    [["time-to-accuracy", 0]],
  );
  assertAlmostEquals(claims[0]!.informational[0]!.test!.mean, 200, 1e-9);
});

Deno.test("analyse() compares copies with a control at the accuracy that is given", () => {
  // To 30: 2 epochs at ratio 0, 3 with copies, 4 with fresh images.
  const counts = { copies: [10, 20, 30, 31], fresh: [5, 10, 20, 30] };
  const set = imagine(({ duplication: { ratio, standIn }, seed }) => ({
    counts: ratio === 0
      ? [10, 30, 40, 50 + seed]
      : counts[standIn === "fresh" ? "fresh" : "copies"],
    epochMs: 100,
  }), { standIn: ["copies", "fresh"] });
  const { claims, trends } = analyse([set], { accuracy: 0.3 });
  const [copies, fresh] = trends.filter(({ metric }) =>
    metric === "images-to-accuracy"
  ).map(({ test }) => test.mean);
  assertEquals(claims[0]!.controls.map(({ control }) => control), ["fresh"]);
  const { test } = claims[0]!.controls[0]!;
  assertAlmostEquals(test.mean, copies! - fresh!, 1e-9);
  assertAlmostEquals(test.mean, -50, 1e-9);
});

Deno.test("analyse() compares copies with a control at one accuracy, which all ratios of both reach", () => {
  // Copies reach .31 and fresh images .30, so that .30 is what all reach: after 2
  // epochs at ratio 0, 3 with copies, 4 with fresh images.
  const counts = { copies: [10, 20, 30, 31], fresh: [5, 10, 20, 30] };
  const set = imagine(({ duplication: { ratio, standIn }, seed }) => ({
    counts: ratio === 0
      ? [10, 30, 40, 50 + seed]
      : counts[standIn === "fresh" ? "fresh" : "copies"],
    epochMs: 100,
  }), { standIn: ["copies", "fresh"] });
  const { claims, trends } = analyse([set]);
  const [copies, fresh] = trends.filter(({ metric }) =>
    metric === "images-to-accuracy"
  ).map(({ test }) => test.mean);
  // Each by itself has its own goal: at .31, ratio 0 takes 2.1 epochs.
  assertAlmostEquals(copies!, 100 * (4 / 2.1 - 1), 1e-9);
  assertAlmostEquals(fresh!, 100, 1e-9);
  assertAlmostEquals(claims[0]!.test!.mean, copies!, 1e-9);
  const { control, test } = claims[0]!.controls[0]!;
  assertEquals([control, test.n], ["fresh", 6]);
  assertAlmostEquals(test.mean, 100 * (3 - 4) / 2, 1e-9);
  const text = formatAnalysis(analyse([set]));
  assertMatch(
    text,
    /control \(fresh images in place of copies; to the same accuracy\): slope −50\.00/,
  );
});

Deno.test("analyse() compares at an accuracy that the compared ratios reach, whatever the others do", () => {
  // Copies at ratio 1, which no replacement has, do not get beyond .20.
  const set = imagine(({ duplication: { ratio, mode } }) => ({
    counts: ratio === 0
      ? [10, 30, 40, 50]
      : ratio === 1
      ? [5, 10, 15, 20]
      : mode === "replace"
      ? [10, 20, 35, 40]
      : [10, 20, 30, 45],
    epochMs: 100,
  }), {
    mode: ["add", "replace"],
    ratios: [0, 0.5, 1],
  });
  const { control, test } = analyse([set]).claims[0]!.controls[0]!;
  assertEquals(control, "replace");
  // To .40: 3 epochs at ratio 0, 3 2/3 with copies, 4 with replacements. To .20
  // both would take 2, and there would be no difference.
  assertAlmostEquals(test.mean, 100 * (3 + 2 / 3 - 4) / 3 / 0.5, 1e-9);
});

Deno.test("analyse() gives the difference of images to an accuracy that scipy gives for the recorded study", async () => {
  const set = await readRecorded("protocol-standard");
  const bySeed = Map.groupBy(
    set.cells.flatMap((cell) => cell.status === "finished" ? [cell] : []),
    ({ config: { seed } }) => seed,
  );
  /** Points (images trained on, share of the test images) after each epoch. */
  const curveOf = ({ outcome }: FinishedCell) => {
    let images = 0;
    return outcome.epochs.map((epoch): [number, number] => [
      images += epoch.images,
      epoch.correct! / outcome.test!.rows,
    ]);
  };
  const differences = [...bySeed.values()].map((cells) => {
    const curves = ["none", "copies", "fresh"].map((what) =>
      curveOf(
        cells.find(({ config: { duplication: { ratio, policy, standIn } } }) =>
          what === "none"
            ? ratio === 0
            : policy === "uniform" && (standIn ?? "copies") === what
        )!,
      )
    );
    const goal = Math.min(
      ...curves.map((of) => Math.max(...of.map(([, share]) => share))),
    );
    const [none, copies, fresh] = curves.map((of) => {
      const i = of.findIndex(([, share]) => share >= goal);
      const [[x0, y0], [x1, y1]] = [of[i - 1]!, of[i]!];
      return x0 + (x1 - x0) * (goal - y0) / (y1 - y0);
    });
    // Per unit of ratio, which is 0.8.
    return 100 * (copies! - fresh!) / none! / 0.8;
  });
  const mean = differences.reduce((sum, one) => sum + one) / 8;
  const { control, test } = analyse([set]).claims[0]!.controls[0]!;
  assertEquals([control, test.n], ["fresh", 8]);
  assertAlmostEquals(test.mean, mean, 1e-9);
  // numpy and scipy.stats.t.ppf on the same differences.
  assertAlmostEquals(test.mean, 13.275380886389957, 1e-9);
  assertAlmostEquals(test.interval![0], 10.32681134050951, 1e-9);
  assertAlmostEquals(test.interval![1], 16.223950432270403, 1e-9);
});

Deno.test("analyse() takes, by default, the accuracy that all ratios of a seed reach", () => {
  const { trends, timeToAccuracy, accuracy } = analyse([imagine(slower)]);
  assertEquals(accuracy, null);
  // 31: a tenth of the way from 30 to 40 without, the fourth epoch with copies.
  assertEquals(timeToAccuracy.map((r) => r.accuracy.toFixed(6)), [
    "0.310000",
    "0.310000",
  ]);
  const epochs = trends.find(({ metric }) => metric === "epochs-to-accuracy")!;
  assertAlmostEquals(epochs.test.mean, 100 * (4 / 2.1 - 1), 1e-9);
});

Deno.test("analyse() leaves out a seed that does not reach the accuracy at some ratio, and says so", () => {
  const set = imagine((config) =>
    config.seed <= 2 && config.duplication.ratio === 1
      ? { counts: [10, 20, 25, 29], epochMs: 200 }
      : slower(config)
  );
  const analysis = analyse([set], { accuracy: 0.3 });
  const trend = analysis.trends.find(({ metric }) =>
    metric === "time-to-accuracy"
  )!;
  assertEquals(trend.test.n, 4);
  assertAlmostEquals(trend.test.mean, 200, 1e-9);
  assertEquals(
    analysis.timeToAccuracy.map(({ cells, unreached, seeds }) => [
      cells,
      unreached,
      seeds,
    ]),
    [[6, 0, 4], [6, 2, 4]],
  );
  const text = formatAnalysis(analysis);
  assertMatch(
    text,
    /^The accuracy is 30\.0 % for every seed. .* 2 of 6 curves/m,
  );
  assertMatch(
    text,
    /For information, time to .*: slope \+200\.00 %.*, 2 left out\.$/m,
  );
  // No seed reaches .9: no statistics, but a sentence.
  const nobody = analyse([set], { accuracy: 0.9 });
  assertEquals(
    nobody.trends.filter(({ metric }) => metric.endsWith("accuracy")),
    [],
  );
  assertEquals(nobody.timeToAccuracy.map(({ epochs }) => epochs), [null, null]);
  assertMatch(
    formatAnalysis(nobody),
    /For information, time to .*: no seed reaches/,
  );
});

Deno.test("timesToAccuracy() counts images, those of an epoch in part", () => {
  const cell = counted([10, 30, 50], 10);
  const [first, second, third] = cell.outcome.epochs;
  // 40 is half-way through the third epoch: 7 + 20 + 100 / 2.
  const epochs = [
    { ...first!, images: 7 },
    { ...second!, images: 20 },
    { ...third!, images: 100 },
  ];
  const uneven = { ...cell, outcome: { ...cell.outcome, epochs } };
  assertEquals(timesToAccuracy([uneven], 0.4)!.images, [77]);
  assertEquals(timesToAccuracy([uneven], 0.1)!.images, [7]);
  assertEquals(timesToAccuracy([uneven], 0.9)!.images, [null]);
});

Deno.test("analyse() with equal epochs gives no verdict on efficiency, and shows times and images for information", () => {
  const { claims } = analyse([
    imagine(slower, { budget: ["epochs"] }),
  ], { accuracy: 0.3 });
  const [{ verdict, reason, test, informational }] = claims as [
    typeof claims[0],
  ];
  assertEquals([verdict, test], ["inconclusive", null]);
  assertMatch(reason, /^no data: .* with equal steps/);
  assertEquals(
    informational.map(({ label, test }) => [label, Math.round(test!.mean)]),
    [
      ["time per epoch with equal epochs", 100],
      ["images to accuracy with equal epochs", 200],
      ["time to accuracy with equal epochs", 200],
    ],
  );
});

Deno.test("analyse() judges efficiency by images, whatever the load of the machine", () => {
  // An image takes half as long again with copies, or a third of the time.
  const judged = (factor: number) => {
    const set = imagine(
      ({ duplication: { ratio }, seed }) => ({
        counts: ratio === 0 ? [10, 30, 40, 50 + seed] : [10, 20, 30, 31],
        epochMs: ratio === 0 ? 100 : 100 * factor,
      }),
      {},
      ({ duplication: { ratio } }) => ratio === 0 ? 1 : factor,
    );
    const { claims, warnings } = analyse([set], { accuracy: 0.3 });
    assertMatch(warnings.join(), /time per image differs by a factor of/);
    const [{ verdict, test, informational }] = claims as [typeof claims[0]];
    assertAlmostEquals(test!.mean, 50, 1e-9);
    return [verdict, Math.round(informational[0]!.test!.mean)];
  };
  // Three epochs after two, of equally many images.
  assertEquals(judged(1.5), ["supported", 125]);
  assertEquals(judged(1 / 3), ["supported", -50]);
});

Deno.test("analyse() without counts has the time to a loss, as before, and refuses an accuracy", () => {
  const set = imagine((config) => ({
    ...slower(config),
    counts: [null, null, null, null],
  }), { evaluateEvery: undefined });
  const { trends, timeToAccuracy, claims } = analyse([set]);
  assertEquals(trends.map(({ metric }) => metric), [
    "clean",
    "epoch-time",
    "time-to-loss",
  ]);
  assertEquals([timeToAccuracy, claims[0]!.informational], [[], []]);
  assertThrows(
    () => analyse([set], { accuracy: 0.3 }),
    UsageError,
    '"accuracy" needs runs with evaluations between epochs',
  );
  for (const accuracy of [0, -1, 1.5, NaN]) {
    assertThrows(
      () => analyse([imagine(slower)], { accuracy }),
      RangeError,
      `"accuracy" must be in (0, 1], got ${accuracy}`,
    );
  }
});

Deno.test("analyse() refuses a count above the number of images", () => {
  const set = imagine(slower);
  const [first] = set.cells as FinishedCell[];
  first!.outcome.epochs[2]!.correct = rows + 1;
  const error = assertThrows(() => analyse([set]), UsageError);
  assert(
    error.message.includes("outcome.epochs[2].correct must be at most 100"),
    error.message,
  );
});

import { assertEquals } from "@std/assert";
import { domainOf } from "../../src/report/line_figure.ts";
import { bandPoint, reportStudies } from "../../src/report/report_series.ts";
import { readResultSet } from "../../src/results/read_result_set.ts";
import { pathOfRecorded } from "../recorded_sets.ts";

const path = pathOfRecorded("quick-1e218e0d.json");

Deno.test("bandPoint() is mean ± t s / √n, t from the printed table", () => {
  // t_.975 at 4 degrees of freedom is 2.776 (any printed table); s² = 2.5.
  const { seeds, mean, low, high } = bandPoint(0.5, [1, 2, 3, 4, 5]);
  const reach = 2.776 * Math.sqrt(2.5 / 5);
  assertEquals([seeds, mean], [5, 3]);
  assertEquals(Math.abs(high! - (3 + reach)) < 1e-3, true, String(high));
  assertEquals(Math.abs(low! - (3 - reach)) < 1e-3, true, String(low));
});

Deno.test("bandPoint() of one seed has no interval", () => {
  assertEquals(bandPoint(1, [7]), {
    ratio: 1,
    seeds: 1,
    mean: 7,
    low: null,
    high: null,
  });
});

Deno.test("domainOf() holds means, and intervals of three seeds or more", () => {
  const two = { ratio: 0, seeds: 2, mean: 40, low: -10, high: 90 };
  const six = { ratio: 1, seeds: 6, mean: 50, low: 45, high: 55 };
  assertEquals(domainOf([two, six], false), [38, 57]);
  assertEquals(domainOf([six], true), [0, 55 * 1.1]);
});

Deno.test("reportStudies() gives the means that the cells' counts give", async () => {
  const set = await readResultSet(path);
  const [report] = reportStudies([set]);
  const cells = set.cells.flatMap((cell) =>
    cell.status === "finished" ? [cell] : []
  );
  for (const { arm, metric, points } of report!.series) {
    if (metric === "worst case" || metric === "epoch time") continue;
    for (const { ratio, seeds, mean } of points) {
      // By hand, from the file: no grouping, no pairing.
      const own = cells.filter(({ config: c }) =>
        c.training.name === arm.training && c.duplication.ratio === ratio &&
        (ratio === 0 || c.duplication.policy === arm.policy)
      ).map(({ outcome: { test } }) =>
        (metric === "clean" ? test!.clean : test!.byAttack[metric]!).correct /
        test!.rows * 100
      );
      assertEquals(seeds, own.length);
      const sum = own.reduce((a, b) => a + b, 0);
      assertEquals(Math.abs(mean - sum / own.length) < 1e-9, true);
    }
  }
  assertEquals(
    [...new Set(report!.series.map(({ metric }) => metric))],
    ["clean", "worst case", "fgsm", "pgd-10", "epoch time"],
  );
  // 2 ways to train, 2 policies, 2 ratios, 10 classes.
  assertEquals(report!.classes.length, 80);
  const first = report!.classes[0]!;
  const changes = [1, 2].map((seed) => {
    const at = (ratio: number) =>
      cells.find(({ config: c }) =>
        c.seed === seed && c.training.name === first.arm.training &&
        c.duplication.ratio === ratio &&
        (ratio === 0 || c.duplication.policy === first.arm.policy)
      )!.outcome.test!;
    return 100 *
      (at(first.ratio).clean.correctPerClass[first.class]! -
        at(0).clean.correctPerClass[first.class]!) /
      at(0).rowsPerClass[first.class]!;
  });
  assertEquals(
    Math.abs(first.mean - (changes[0]! + changes[1]!) / 2) < 1e-9,
    true,
  );
});

Deno.test("reportStudies() has learning curves at ratio 0 and the largest, against steps", async () => {
  const set = await readResultSet(path);
  const [without] = reportStudies([set]);
  assertEquals(without!.learning, []);
  // As if correct images had been counted after epochs 2, 4 and 6.
  const counted = set.cells.map((cell): typeof cell =>
    cell.status === "failed" ? cell : {
      ...cell,
      outcome: {
        ...cell.outcome,
        epochs: cell.outcome.epochs.map((epoch, i) =>
          i % 2 === 0
            ? epoch
            : { ...epoch, correct: 100 * i + 10 * cell.config.seed }
        ),
      },
    }
  );
  const [report] = reportStudies([{ ...set, cells: counted }]);
  // 2 ways to train, 2 policies, 2 of their 3 ratios.
  assertEquals(report!.learning.length, 8);
  const [none, most] = report!.learning;
  assertEquals([none!.ratio, most!.ratio], [0, 1]);
  // Full batches of 32 carry on from pass to pass of 2,000 images, so that two
  // passes are 125 steps; 1,000 test images.
  assertEquals(
    most!.points.map(({ epoch, steps, seeds, mean }) => [
      epoch,
      steps,
      seeds,
      mean,
    ]),
    [[2, 125, 2, 11.5], [4, 250, 2, 31.5], [6, 375, 2, 51.5]],
  );
});

Deno.test("reportStudies() keeps studies apart and joins the sets of one", async () => {
  const set = await readResultSet(path);
  const other = { ...set, study: { ...set.study, name: "other" } };
  const reports = reportStudies([set, other, set]);
  assertEquals(reports.map(({ study, sets }) => [study, sets.length]), [
    ["quick", 2],
    ["other", 1],
  ]);
  // The same cells twice are the same cells.
  assertEquals(reports[0]!.series, reports[1]!.series);
});

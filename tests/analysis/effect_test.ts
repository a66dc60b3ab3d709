import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { analyse } from "../../src/analysis/analyse.ts";
import {
  differenceEffect,
  inferenceOf,
  meanEffect,
  measureEffect,
  slopeEffect,
  testEffect,
} from "../../src/analysis/effect.ts";
import { groupArms } from "../../src/analysis/group_arms.ts";
import { formatClaim } from "../../src/analysis/format_analysis.ts";
import { isAccuracy } from "../../src/analysis/metric.ts";
import { testMean } from "../../src/analysis/paired_test.ts";
import { curvesOf } from "../../src/analysis/seed_curves.ts";
import { slopeOf } from "../../src/analysis/slope.ts";
import { contrastsOf, trendsOf } from "../../src/analysis/trends.ts";
import { packBits, unpackBits } from "../../src/results/bit_string.ts";
import type { FinishedCell, ResultSet } from "../../src/results/result_set.ts";
import type { BudgetName, StandInName } from "../../src/spec/names.ts";
import { imagine } from "./_imagine.ts";
import { readRecorded } from "../recorded_sets.ts";

const adversarial = await readRecorded("corrected-adversarial-c950251f");
const arms = groupArms([adversarial]);

/** Mean slope of clean accuracy over policies. */
function slopes(
  policies: readonly string[],
  budget: BudgetName,
  standIn: StandInName,
) {
  return meanEffect(
    arms.filter(({ arm }) =>
      policies.includes(arm.policy!) && arm.budget === budget &&
      arm.standIn === standIn
    ).map((runs) => slopeEffect(runs)),
  );
}

const both = ["uniform", "class-biased"];

/**
 * Found by an independent recomputation of this set, in another language, by the
 * crossed random-effects model with images stratified by class.
 */
const published = [
  {
    name: "both policies with equal steps",
    effect: slopes(both, "steps", "copies"),
    overSeeds: [-3.51, -1.59],
    crossed: [-4.09, -1.01],
  },
  {
    name: "class-biased copies with equal epochs",
    effect: slopes(["class-biased"], "epochs", "copies"),
    overSeeds: [-3.64, -0.63],
    crossed: [-4.75, 0.48],
  },
  {
    name: "both policies less fresh images",
    effect: differenceEffect(
      slopes(both, "steps", "copies"),
      slopes(both, "steps", "fresh"),
    ),
    overSeeds: [0.02, 3.14],
    crossed: [-0.01, 3.18],
  },
] as const;

for (const { name, effect, overSeeds, crossed } of published) {
  Deno.test(`testEffect() gives the intervals of an independent recomputation: ${name}`, () => {
    const tested = testEffect(effect, "clean", 1)!;
    const rounded = (ends: readonly number[]) =>
      ends.map((end) => Math.round(100 * end) / 100);
    assertEquals(rounded(tested.test.interval!), [...overSeeds]);
    assertEquals(rounded(tested.crossed!.interval), [...crossed]);
    assertEquals(rounded(inferenceOf(tested).interval!), [...crossed]);
    assertEquals(inferenceOf(tested).coversImages, true);
  });
}

Deno.test("testEffect() gives the standard errors of an independent recomputation", () => {
  const { crossed } = testEffect(published[0].effect, "clean", 1)!;
  assertEquals(crossed!.imageError.toFixed(2), "0.78");
  assertEquals(crossed!.seedError.toFixed(2), "0.37");
});

Deno.test("trends and contrasts of accuracies are the slopes and differences of the curves", () => {
  let checked = 0;
  for (const runs of arms) {
    for (const trend of trendsOf(runs, { margin: 1 })) {
      const { metric } = trend;
      if (!isAccuracy(metric)) continue;
      const curves = [...curvesOf(runs, metric).values()];
      assertAlmostEquals(
        trend.test.mean,
        testMean(curves.map(slopeOf)).mean,
        1e-12,
      );
      assertAlmostEquals(
        trend.test.sd,
        testMean(curves.map(slopeOf)).sd,
        1e-12,
      );
      assertAlmostEquals(trend.crossed!.mean, trend.test.mean, 1e-12);
      checked++;
    }
    for (
      const { metric, ratio, test, crossed } of contrastsOf(runs, { margin: 1 })
    ) {
      if (!isAccuracy(metric)) continue;
      const differences = [...curvesOf(runs, metric).values()].map((points) =>
        points.find(([r]) => r === ratio)![1] - points[0]![1]
      );
      assertAlmostEquals(test.mean, testMean(differences).mean, 1e-12);
      assertAlmostEquals(test.sd, testMean(differences).sd, 1e-12);
      assertAlmostEquals(crossed!.mean, test.mean, 1e-12);
      checked++;
    }
  }
  assert(checked > 100, `${checked}`);
});

Deno.test("analyse() adjusts the p-values that it shows, which cover test images", () => {
  const { contrasts, conditions } = analyse([adversarial]);
  const family = contrasts.filter(({ holmP }) => holmP !== null);
  assert(family.length > 20);
  const ps = family.map((one) => inferenceOf(one).p!);
  // Holm by its definition: the largest of the smaller ones times those left.
  const sorted = ps.toSorted((a, b) => a - b);
  const expected = ps.map((p) =>
    Math.max(
      ...sorted.filter((q) => q <= p).map((q) =>
        Math.min(1, q * (ps.length - sorted.indexOf(q)))
      ),
    )
  );
  family.forEach(({ holmP }, i) =>
    assertAlmostEquals(holmP!, expected[i]!, 1e-12)
  );
  for (const one of [...family, ...conditions]) {
    assert(one.holmP! >= inferenceOf(one).p!);
  }
  assert(family.some((one) => inferenceOf(one).p! > 2 * one.test.p!));
});

Deno.test("measureEffect() of single seeds is their slope", () => {
  for (const runs of arms) {
    const effect = measureEffect(slopeEffect(runs), "adversarial");
    for (const [seed, points] of curvesOf(runs, "adversarial")) {
      assertAlmostEquals(effect.get(seed)!, slopeOf(points), 1e-12);
    }
  }
});

/** Two seeds; policies and ratios as few as can be. */
const small = {
  training: ["standard" as const],
  policy: ["uniform" as const],
  budget: ["steps" as const],
  ratios: [0, 1],
  seeds: [1, 2],
};
const falling = ({ duplication: { ratio }, seed }: FinishedCell["config"]) => ({
  accuracy: 50 + seed - (3 + seed) * ratio,
});
const effectOf = (set: Parameters<typeof analyse>[0][number]) =>
  slopeEffect(groupArms([set])[0]!);

Deno.test("testEffect() has no crossed test where seeds saw other numbers of images", () => {
  const set = imagine(falling, small);
  const other = imagine(falling, small, { rows: 500 });
  const seedOne = (cell: { config: { seed: number } }) =>
    cell.config.seed === 1;
  const mixed = {
    ...set,
    cells: [
      ...set.cells.filter(seedOne),
      ...other.cells.filter((cell) => !seedOne(cell)),
    ],
  };
  const tested = testEffect(effectOf(mixed), "clean", 1)!;
  assertEquals(tested.crossed, null);
  assertAlmostEquals(tested.test.mean, -4.5, 1e-9);
  assertEquals(inferenceOf(tested), {
    interval: tested.test.interval,
    p: tested.test.p,
    detectable: tested.test.detectable,
    coversImages: false,
  });
  const { claims } = analyse(
    [set, other].map((one, i) => ({
      ...one,
      cells: one.cells.filter((cell) => seedOne(cell) === (i === 0)),
    })),
  );
  assert(formatClaim(claims[4]!, 4).includes("over seeds only"));
});

/** The set as if only its first images had been attacked. */
function attackedOnly(set: ResultSet, rows: number): ResultSet {
  const cells = structuredClone(set.cells);
  for (const { config, outcome } of cells as FinishedCell[]) {
    config.evaluation.attackImages = rows;
    const test = outcome.test!;
    const { bits } = test.clean;
    const right = unpackBits(bits, test.rows).slice(0, rows);
    const ofClass = (c: number) => (_: unknown, i: number) => i % 10 === c;
    const classes = Array.from({ length: 10 }, (_, c) => c);
    test.attacked = {
      rows,
      rowsPerClass: classes.map((c) => right.filter(ofClass(c)).length),
    };
    test.worstCase = {
      correct: right.filter(Boolean).length,
      correctPerClass: classes.map((c) =>
        right.filter(ofClass(c)).filter(Boolean).length
      ),
      bits: packBits(right),
    };
  }
  return { ...set, cells };
}

Deno.test("testEffect() of the worst case is over the attacked images, and that of clean accuracy over all", () => {
  const rows = 700;
  const set = imagine(falling, small, { rows: 1000 });
  const part = attackedOnly(set, rows);
  const clean = testEffect(effectOf(part), "clean", 1)!;
  assertEquals(clean, testEffect(effectOf(set), "clean", 1));
  // The same cells as if they had been tested on these images only.
  const alone = structuredClone(part);
  for (const { outcome } of alone.cells as FinishedCell[]) {
    const { attacked, worstCase } = outcome.test!;
    outcome.test = {
      ...attacked!,
      clean: worstCase!,
      byAttack: {},
    };
  }
  const worst = testEffect(effectOf(part), "adversarial", 1)!;
  assert(worst.crossed !== null);
  assertEquals(worst, testEffect(effectOf(alone), "clean", 1));
});

Deno.test("testEffect() of one seed, and of an accuracy that no cell has, tests nothing", () => {
  const one = testEffect(
    effectOf(imagine(falling, { ...small, seeds: [1] })),
    "clean",
    1,
  )!;
  assertEquals([one.crossed, one.equivalenceP, one.test.p], [null, null, null]);
  assertEquals(
    testEffect(effectOf(imagine(falling, small)), "averaged-clean", 1),
    null,
  );
});

Deno.test("testEffect() of the worst case of result sets without that score counts bits, and has no classes", () => {
  const set = imagine(falling, { ...small, seeds: [1, 2, 3, 4] });
  const [with_, without] = [true, false].map((isRecorded) => {
    const cells = (set.cells as FinishedCell[]).map((cell) => {
      const test = cell.outcome.test!;
      // An attack that misleads every tenth image: those of class 3.
      const hit = (i: number) => i % 10 !== 3;
      const bits = packBits(
        Array.from(
          { length: 1000 },
          (_, i) => i < test.clean.correct && hit(i),
        ),
      );
      const correctPerClass = test.clean.correctPerClass.map((n, c) =>
        c === 3 ? 0 : n
      );
      const correct = correctPerClass.reduce((a, b) => a + b);
      const score = { bits, correct, correctPerClass };
      const { worstCase: _, ...rest } = test;
      return {
        ...cell,
        outcome: {
          ...cell.outcome,
          test: {
            ...rest,
            byAttack: { fgsm: { ...score, maxPerturbation: 0 } },
            ...(isRecorded && { worstCase: score }),
          },
        },
      };
    });
    return testEffect(effectOf({ ...set, cells }), "adversarial", 1)!;
  });
  assertAlmostEquals(with_!.test.mean, without!.test.mean, 1e-12);
  assertAlmostEquals(with_!.crossed!.mean, with_!.test.mean, 1e-12);
  // Without counts by class, what classes differ in is an error of images: each has
  // 100 of 1,000, and so many fall from ratio 0 to 1, on average over seeds.
  const falls = Array.from({ length: 10 }, (_, c) => {
    const counts = set.cells.flatMap((cell) =>
      cell.status !== "finished" || c === 3 ? [] : [
        cell.outcome.test!.clean.correctPerClass[c]! *
        (cell.config.duplication.ratio === 0 ? 1 : -1),
      ]
    );
    return counts.reduce((a, b) => a + b, 0) / 4;
  });
  const mean = falls.reduce((a, b) => a + b) / 10;
  const between = falls.reduce((sum, v) => sum + (v - mean) ** 2, 0) / 10;
  assert(between > 1);
  assertAlmostEquals(
    without!.crossed!.imageError ** 2 * 999 -
      with_!.crossed!.imageError ** 2 * 990,
    between,
    1e-9,
  );
});

Deno.test("testEffect() of cells that are the same at every ratio is 0 on every image", () => {
  const ratios = [0, 0.1, 0.2, 0.3, 0.7, 1];
  const { test, crossed } = testEffect(
    effectOf(
      imagine(({ seed }) => ({ accuracy: 40 + seed }), { ...small, ratios }),
    ),
    "clean",
    1,
  )!;
  assertEquals([test.mean, test.p, crossed!.mean, crossed!.p], [0, 1, 0, 1]);
  assertEquals([crossed!.error, crossed!.seedError, crossed!.imageError], [
    0,
    0,
    0,
  ]);
});

import {
  assert,
  assertAlmostEquals,
  assertEquals,
  assertMatch,
} from "@std/assert";
import { analyse } from "../../src/analysis/analyse.ts";
import { hasPlainCopies, nameArm } from "../../src/analysis/arm.ts";
import { compareControls } from "../../src/analysis/controls.ts";
import { formatAnalysis } from "../../src/analysis/format_analysis.ts";
import { inferenceOf } from "../../src/analysis/effect.ts";
import { groupArms } from "../../src/analysis/group_arms.ts";
import { isRelative } from "../../src/analysis/metric.ts";
import type { FinishedCell, ResultSet } from "../../src/results/result_set.ts";
import type { StudyInput } from "../../src/spec/study.ts";
import { imagine, noise, type World } from "./_imagine.ts";

const verdicts = (world: World, study?: Partial<StudyInput>) =>
  analyse([imagine(world, study)]).claims.map(({ verdict }) => verdict);

/** Runs of every claim. */
const ofAllClaims: Partial<StudyInput> = {
  policy: ["uniform", "class-biased", "concentrated"],
  budget: ["steps"],
};

Deno.test("analyse() supports the claims where they hold", () => {
  assertEquals(
    verdicts((config) => {
      const { ratio, policy } = config.duplication;
      const cost =
        policy !== "uniform" || config.training.name === "adversarial" ? 3 : 0;
      return {
        accuracy: noise(config, 0.2) - cost * ratio,
        // Copies reach 600 after three epochs, originals after two and a half.
        counts: [100, 500 - 200 * ratio, 700 - 100 * ratio + config.seed],
      };
    }, ofAllClaims),
    Array(6).fill("supported"),
  );
});

Deno.test("analyse() contradicts the claims where the opposite holds", () => {
  assertEquals(
    verdicts((config) => {
      const { ratio } = config.duplication;
      return {
        accuracy: noise(config, 0.2) + 3 * ratio,
        counts: [100, 500 + 200 * ratio, 600 + 100 * ratio + config.seed],
      };
    }, ofAllClaims),
    Array(6).fill("contradicted"),
  );
});

Deno.test("analyse() contradicts an effect that is shown to be smaller than the margin", () => {
  const flat = verdicts((config) => ({
    accuracy: noise(config, 0.1),
    counts: [100, 500, 600],
  }), ofAllClaims);
  assertEquals(flat, [
    "contradicted",
    "contradicted",
    "contradicted",
    "contradicted",
    "supported",
    "contradicted",
  ]);
});

Deno.test("analyse() gives no verdict where the spread is too large, and says what slope it could detect", () => {
  // Half of the seeds gain what the other half loses.
  const set = imagine(({ seed, duplication }) => ({
    accuracy: 50 + 6 * duplication.ratio * (seed % 2 === 0 ? 1 : -1),
  }));
  const { claims } = analyse([set]);
  for (const { verdict, reason, test } of claims.slice(1, 4)) {
    assertEquals(verdict, "inconclusive");
    assertMatch(
      reason,
      /^neither an effect nor its absence is shown; with 8 seeds, 80 % power needs a slope of \d+(\.\d+)? points$/,
    );
    assert(test!.detectable! > 1);
  }
});

Deno.test("analyse() gives no verdict with fewer than six seeds, or without the runs", () => {
  const world: World = (config) => ({
    accuracy: noise(config, 0.1) - 9 * config.duplication.ratio,
  });
  assertEquals(
    verdicts(world, { seeds: [1, 2, 3, 4, 5] }),
    Array(6).fill("inconclusive"),
  );
  const { claims } = analyse([
    imagine(world, { training: ["standard"], policy: ["uniform"] }),
  ]);
  assertMatch(claims[1]!.reason, /^no data: .*uneven policy/);
  assertMatch(claims[2]!.reason, /^no data: .*adversarial training/);
});

Deno.test("analyse() pairs every seed with its own ratio 0", () => {
  // Seeds differ by 30 points, their slopes by nothing.
  const { trends, contrasts } = analyse([
    imagine((config) => ({
      accuracy: 20 + 30 * (config.seed % 2) - 4 * config.duplication.ratio,
    })),
  ]);
  for (const { metric, test } of trends) {
    if (isRelative(metric)) continue;
    assertAlmostEquals(test.mean, -4, 1e-9);
    assertAlmostEquals(test.sd, 0, 1e-9);
  }
  for (const { metric, ratio, test } of contrasts) {
    if (!isRelative(metric)) {
      assertAlmostEquals(test.mean, -4 * ratio, 1e-9);
    }
  }
});

Deno.test("analyse() leaves out a seed whose ratio 0 is missing", () => {
  const set = imagine((config) => ({ accuracy: noise(config, 0.1) }));
  const cells = set.cells.filter(({ config }) =>
    config.duplication.ratio > 0 || config.seed !== 3
  );
  for (const { test } of analyse([{ ...set, cells }]).trends) {
    assertEquals(test.n, 7);
  }
});

Deno.test("analyse() counts a cell that is in two files once", () => {
  const set = imagine((config) => ({ accuracy: noise(config, 0.1) }));
  assertEquals(analyse([set, set]).trends, analyse([set]).trends);
});

Deno.test("analyse() separates repetition from a mixed set by its controls", () => {
  const set = imagine((config) => {
    const { ratio, standIn } = config.duplication;
    const loss = { copies: 5, weights: 4, fresh: 2, "prior-restored": 1 };
    return { accuracy: 50 + config.seed - loss[standIn ?? "copies"] * ratio };
  }, {
    standIn: ["copies", "weights", "fresh", "prior-restored"],
    training: ["standard"],
  });
  const [, uneven] = analyse([set]).claims;
  const found = uneven!.controls.map((
    { control, test },
  ) => [control, Math.round(test.mean)]);
  assertEquals(found, [["weights", -1], ["fresh", -3], ["prior-restored", -4]]);
});

Deno.test("analyse() keeps conflicting labels out of the claims, and drawn sets in", () => {
  const set = imagine(({ duplication, drawTrain, seed }) => {
    const { conflict = 0, ratio } = duplication;
    const loss = conflict > 0 ? 20 : drawTrain === undefined ? 4 : 8;
    return { accuracy: 50 + seed - loss * ratio };
  }, {
    training: ["standard"],
    policy: ["class-biased"],
    budget: ["steps"],
    conflict: [0, 0.5],
    drawTrain: [50, "all"],
  });
  const { claims, trends } = analyse([set]);
  assertAlmostEquals(claims[1]!.test!.mean, -6, 1e-9);
  assertEquals(
    claims[1]!.arms.map(({ conflict, drawTrain }) => [conflict, drawTrain]),
    [[0, 50], [0, "all"]],
  );
  const clean = trends.filter(({ metric }) => metric === "clean");
  assertEquals(
    clean.map(({ arm, test }) => [
      nameArm(arm).split(", ").filter((part) => /drawn|conflict/.test(part)),
      Math.round(test!.mean),
    ]),
    [
      [["50 training images drawn"], -8],
      [["50 training images drawn", "conflict 0.5"], -20],
      [[], -4],
      [["conflict 0.5"], -20],
    ],
  );
});

Deno.test("analyse() keeps near copies and removed duplicates out of the claims", () => {
  // Only exact copies that stay cost anything: all together would cost less.
  const set = imagine(({ duplication, dedup, seed }) => {
    const isExact = duplication.nearKinds === undefined && dedup === undefined;
    return { accuracy: 50 + seed - (isExact ? 6 : 0) * duplication.ratio };
  }, {
    training: ["standard"],
    policy: ["class-biased"],
    budget: ["steps"],
    copies: ["exact", "near"],
    dedup: ["none", "exact", "near"],
  });
  const { claims, trends } = analyse([set]);
  assertAlmostEquals(claims[1]!.test!.mean, -6, 1e-9);
  assertEquals(claims[1]!.arms.length, 1);
  const clean = trends.filter(({ metric }) => metric === "clean");
  assertEquals(clean.length, 6);
  for (const { arm, test } of clean) {
    const isExact = arm.copies === "exact" && arm.dedup === "none";
    assertAlmostEquals(test.mean, isExact ? -6 : 0, 1e-9);
  }
});

Deno.test("analyse() compares the published figures with runs of the same policy and budget", () => {
  const set = imagine(({ duplication, seed }) => ({
    accuracy: 40 + seed + 3 * duplication.ratio,
  }), {
    training: ["standard"],
    policy: ["whole-copies"],
    budget: ["epochs"],
    ratios: [0, 1, 2],
    seeds: [1, 3],
  });
  const { published } = analyse([set]);
  // Table of the notebook: 70.72 % without duplicates, 73.41 % with one copy.
  assertEquals(
    published.rows.filter(({ training }) => training === "standard").map((
      { ratio, clean, measured },
    ) => [ratio, clean, measured.clean]),
    [
      [0, 70.72, 42],
      [1, 73.41, 45],
      [2, 73.7, 48],
      [3, 74.65, null],
      [4, 74.12, null],
      [5, 73.94, null],
    ],
  );
  // Another run of the authors rises where the one in the table falls.
  assertEquals(published.secondRun, [
    { ratio: 0, clean: 37.39, adversarial: 24.33 },
    { ratio: 1, clean: 41.38, adversarial: 25.17 },
  ]);
  const adversarial = published.rows.at(-1)!;
  assertEquals(adversarial.adversarial, 25.38);
  assertEquals(adversarial.measured, { clean: null, adversarial: null });
});

Deno.test("analyse() reports flags and failures, and formats everything", () => {
  const set = imagine((config) => ({ accuracy: noise(config, 0.5) }));
  const [first, second] = set.cells as FinishedCell[];
  first!.outcome.flags.push({ flag: "zero-gradient", where: "fgsm", value: 2 });
  const cells = [
    first!,
    {
      id: second!.id,
      status: "failed" as const,
      config: second!.config,
      error: "lost",
    },
    ...set.cells.slice(2),
  ];
  const analysis = analyse([{ ...set, cells }]);
  // The flag, the failure, and the seed that it leaves without a ratio 0.
  assertEquals(analysis.warnings.length, 3);
  const text = formatAnalysis(analysis);
  assertEquals(text.match(/^\d\. /gm)!.length, 6);
  // Every table is one: as many cells in each line as in its head.
  for (const block of text.split("\n\n").filter((b) => b.startsWith("|"))) {
    const widths = new Set(
      block.trim().split("\n").map((l) => l.split("|").length),
    );
    assertEquals(widths.size, 1, block);
  }
});

Deno.test("compareControls() has no control with equal steps for copies with equal epochs", () => {
  // More steps are worth 4 points, repetition nothing.
  const set = imagine(({ duplication, budget, seed }) => ({
    accuracy: 50 + seed + (budget === "epochs" ? 4 * duplication.ratio : 0),
  }), {
    training: ["standard"],
    policy: ["class-biased"],
    ratios: [0, 0.25, 0.5],
    mode: ["add", "replace"],
    standIn: ["copies", "weights", "fresh"],
  });
  const arms = groupArms([set]);
  const copiesOf = (budget: string) =>
    arms.filter(({ arm }) => hasPlainCopies(arm) && arm.budget === budget);
  const found = (budget: string) =>
    compareControls(copiesOf(budget), arms, { metric: "clean", margin: 1 })
      .map(({ control, test }) => [control, test.mean]);
  assertEquals(found("epochs"), [["fresh", 0]]);
  assertEquals(found("steps"), [["weights", 0], ["fresh", 0]]);
  // The claim is judged with equal steps.
  const { test, controls, informational } = analyse([set]).claims[1]!;
  assertEquals(test!.mean, 0);
  assertEquals(controls.map(({ control }) => control), ["weights", "fresh"]);
  assertEquals(informational.map(({ label }) => label), ["with equal epochs"]);
  assertAlmostEquals(informational[0]!.test!.mean, 4, 1e-9);
});

Deno.test("analyse() pairs copies of a class with controls of that class", () => {
  const study = (only: number, standIn: StudyInput["standIn"]) => {
    const loss = 2 + only;
    return imagine(({ duplication: { ratio }, seed }) => ({
      accuracy: 50 + seed - loss * ratio,
    }), {
      training: ["standard"],
      policy: ["single-class"],
      budget: ["steps"],
      class: only,
      standIn,
    });
  };
  const found = analyse([
    study(1, ["copies", "weights"]),
    study(7, ["weights"]),
    study(7, ["copies"]),
  ]).claims[1]!;
  assertEquals(found.arms.length, 2);
  assertEquals(found.controls.map(({ control }) => control), ["weights"]);
  assertAlmostEquals(found.controls[0]!.test.mean, 0, 1e-9);
  assertAlmostEquals(found.controls[0]!.test.sd, 0, 1e-9);
});

Deno.test("analyse() separates arms that differ only in the augmentation of copies", () => {
  const sets = (["own", "same"] as const).map((augmentCopies) =>
    imagine(({ duplication: { ratio }, augmentation, seed }) => ({
      accuracy: 50 + seed + (augmentation.copies === "own" ? 4 : -2) * ratio,
    }), {
      training: ["standard"],
      policy: ["uniform"],
      budget: ["epochs"],
      augment: "crop-flip",
      augmentCopies,
    })
  );
  const slopes = (of: ResultSet[]) =>
    analyse(of).trends.filter(({ metric }) => metric === "clean")
      .map(({ test }) => Math.round(test.mean));
  assertEquals(slopes(sets), [4, -2]);
  assertEquals(slopes(sets.toReversed()), [-2, 4]);
});

Deno.test("analyse() judges even and uneven copies of adversarial training apart", () => {
  // Uneven duplication costs 9 points, even duplication brings 1: −4 on average,
  // which the claim about both was judged by before.
  const { claims } = analyse([
    imagine((config) => {
      const { ratio, policy } = config.duplication;
      const gain = policy === "uniform" ? 1 : -9;
      return { accuracy: noise(config, 0.1) + gain * ratio };
    }),
  ]);
  const [, second, even, uneven, fifth] = claims;
  assertEquals(
    [even, uneven].map((claim) => [
      claim!.verdict,
      Math.round(claim!.test!.mean),
      claim!.arms.map(({ policy }) => policy),
    ]),
    [["contradicted", 1, ["uniform"]], ["supported", -9, ["class-biased"]]],
  );
  const shown = (claim: typeof second) =>
    claim!.informational.map((
      { label, test },
    ) => [label, Math.round(test!.mean)]);
  assertEquals(shown(even), [
    ["worst-case accuracy", 1],
    ["with equal epochs", 1],
  ]);
  assertEquals(shown(uneven), [
    ["worst-case accuracy", -9],
    ["with equal epochs", -9],
  ]);
  // One uneven policy only: what decides is not shown again.
  assertEquals(shown(second), [["with equal epochs", -9]]);
  assertEquals(shown(fifth), [["with equal epochs, as published", 1]]);
});

Deno.test("analyse() says where a slope differs from 0 but is within the margin", () => {
  const set = imagine((config) => ({
    accuracy: 50 + config.seed + (config.seed % 2) / 50 -
      0.4 * config.duplication.ratio,
  }), {
    training: ["standard"],
    policy: ["class-biased"],
    budget: ["steps"],
  }, { rows: 10_000 });
  const { claims } = analyse([set]);
  assertEquals(claims[1]!.verdict, "supported");
  assertMatch(
    claims[1]!.reason,
    /^by the test against 0, although the slope is shown to be within the margin$/,
  );
});

Deno.test("analyse() names the seeds that lack a ratio, and gives the power of few seeds", () => {
  const set = imagine((config) => ({ accuracy: noise(config, 0.5) }), {
    training: ["standard"],
    policy: ["uniform"],
    budget: ["steps"],
  });
  const cells = set.cells.filter(({ config: { seed, duplication } }) =>
    !(seed === 2 && duplication.ratio === 1) &&
    !(seed > 4 && duplication.ratio === 0)
  );
  const { warnings, claims, trends } = analyse([{ ...set, cells }]);
  const arm =
    "published-standard, standard training, uniform, equal steps, wasm";
  assertEquals(warnings, [
    ...[5, 6, 7, 8].map((seed) =>
      `seed ${seed} has no ratio 0 and is left out (${arm})`
    ),
    `seed 2 has no ratio 1; its slope is over the other ratios (${arm})`,
  ]);
  assertEquals(trends[0]!.test.n, 4);
  assertMatch(
    claims[4]!.reason,
    /^a verdict needs at least 6 seeds, and 5 seeds lack an arm, a ratio or the metric; with 3 seeds, 80 % power needs a slope of \d+(\.\d+)? points$/,
  );
});

Deno.test("analyse() finds no effect where accuracy is constant, whatever its value", () => {
  const { claims } = analyse([
    imagine(() => ({ accuracy: 33.3, counts: [100, 333] }), {
      ...ofAllClaims,
      ratios: [0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1],
      seeds: [1, 2, 3, 4, 5, 6],
    }),
  ]);
  assertEquals(claims.map(({ verdict }) => verdict), [
    "contradicted",
    "contradicted",
    "contradicted",
    "contradicted",
    "supported",
    "contradicted",
  ]);
});

Deno.test("analyse() tests nothing without duplicates, or with one seed", () => {
  // Ratio 0 only: there is nothing to compare.
  const none = analyse([
    imagine((config) => ({ accuracy: noise(config, 1) }), { ratios: [0] }),
  ]);
  assertEquals([none.trends, none.contrasts, none.seeds], [[], [], []]);
  for (const { verdict, reason } of none.claims) {
    assertEquals(verdict, "inconclusive");
    assertMatch(reason, /^no data/);
  }
  // One seed: means, and no test of anything.
  const one = analyse([
    imagine((config) => ({ accuracy: noise(config, 1) }), { seeds: [1] }),
  ]);
  for (
    const { test, holmP, bcaInterval, signFlipP, equivalenceP } of one.contrasts
  ) {
    assertEquals(
      [test.p, test.interval, holmP, bcaInterval, signFlipP, equivalenceP],
      Array(6).fill(null),
    );
  }
  assert(!/NaN|undefined|null/.test(formatAnalysis(one)));
  assert(!/NaN|undefined|null/.test(formatAnalysis(none)));
});

Deno.test("analyse() warns of a cell that has different outcomes in another file", () => {
  const study = { training: ["standard" as const], budget: ["steps" as const] };
  const set = imagine((config) => ({ accuracy: noise(config, 1) }), study);
  assertEquals(analyse([set, set]).warnings, []);
  const other = imagine(
    (config) => ({
      accuracy: noise(config, 1) + Number(config.seed === 2),
    }),
    study,
  );
  // Seed 2 at ratio 0, and two ratios of two policies.
  assertEquals(analyse([set, other]).warnings, [
    "5 cells have different outcomes in several files; those of the last file are used",
  ]);
  assertEquals(analyse([set, other]).trends, analyse([other]).trends);
});

Deno.test("analyse() has no accuracy of a class without test images", () => {
  const set = imagine((config) => ({ accuracy: noise(config, 1) }), {
    training: ["standard"],
    policy: ["class-biased"],
    budget: ["steps"],
  });
  for (const { outcome: { test } } of set.cells as FinishedCell[]) {
    test!.rowsPerClass[3] = 0;
    test!.clean.correctPerClass[3] = 0;
  }
  const { classes } = analyse([set]);
  assertEquals(classes.map((c) => c.class), [0, 1, 2, 4, 5, 6, 7, 8, 9]);
  assert(classes.every(({ test }) => Number.isFinite(test.mean)));
});

/** With and without duplicates, at ratio 0 only: six seeds. */
const withAndWithout: Partial<StudyInput> = {
  training: ["standard"],
  policy: ["uniform"],
  ratios: [0],
  dedup: ["none", "near"],
  budget: ["steps"],
  seeds: [1, 2, 3, 4, 5, 6],
};

Deno.test("analyse() compares duplicates removed with duplicates kept at ratio 0, paired by seed", () => {
  // Differences 1, 2, 3, 1, 2, 3: mean 2, deviation sqrt(4 / 5), and the .975
  // quantile of t with 5 degrees of freedom is 2.5706 (any table).
  const set = imagine(({ dedup, seed }) => ({
    accuracy: 50 + 3 * seed + (dedup === undefined ? 0 : 1 + (seed - 1) % 3),
  }), withAndWithout);
  const analysis = analyse([set]);
  const [clean, adversarial, ...others] = analysis.conditions;
  assertEquals([others.length, adversarial!.metric], [0, "adversarial"]);
  const { key, value, usual, ratio, mean, usualMean, test, finding } = clean!;
  assertEquals([key, value, usual, ratio, finding], [
    "dedup",
    "near",
    "none",
    0,
    "higher",
  ]);
  assertAlmostEquals(usualMean, 60.5, 1e-9);
  assertAlmostEquals(mean, 62.5, 1e-9);
  assertEquals(test.n, 6);
  assertAlmostEquals(test.mean, 2, 1e-9);
  const reach = 2.5706 * Math.sqrt(4 / 5 / 6);
  assertAlmostEquals(test.interval![0], 2 - reach, 1e-4);
  assertAlmostEquals(test.interval![1], 2 + reach, 1e-4);
  assertMatch(
    formatAnalysis(analysis),
    /near duplicates removed against duplicates kept \(ratio 0, .*\): clean accuracy is higher \(62\.50 % against 60\.50 %; difference \+2\.00 points, unadjusted 95 % interval \[\+1\.06, \+2\.94\]; 6 seeds/,
  );
});

Deno.test("analyse() compares conditions with the same ratio only, and concludes from six seeds on", () => {
  const world: World = ({ dedup, seed, duplication: { ratio } }) => ({
    accuracy: 60 + seed - 10 * ratio -
      (dedup === undefined ? 0 : 5 * ratio + (seed % 2) / 10),
  });
  const { conditions } = analyse([
    imagine(world, { ...withAndWithout, ratios: [0, 1] }),
  ]);
  assertEquals(
    conditions.filter(({ metric }) => metric === "clean").map((
      { ratio, finding },
    ) => [ratio, finding]),
    [[0, "no change above the margin"], [1, "lower"]],
  );
  const few = analyse([
    imagine(world, { ...withAndWithout, seeds: [1, 2, 3, 4, 5] }),
  ]);
  assertEquals(few.conditions[0]!.finding, "inconclusive");
  assertEquals(
    analyse([imagine(world, { ratios: [0, 1] })]).conditions,
    [],
    "nothing is compared without a second value of a condition",
  );
});

Deno.test("analyse() warns in one line of result sets of different versions", () => {
  const of = (
    name: string,
    versions: { dupbench?: string; packages?: Record<string, string> } = {},
  ): ResultSet => {
    const set = imagine(() => ({ accuracy: 50 }), {
      ...withAndWithout,
      name,
      dedup: ["none"],
      ratios: [0, 1],
    });
    const packages = { ...set.provenance.packages, ...versions.packages };
    return { ...set, provenance: { ...set.provenance, ...versions, packages } };
  };
  const warningsOf = (...sets: ResultSet[]) => analyse(sets).warnings;
  assertEquals(warningsOf(of("a"), of("b")), []);
  // What decides no number of a cell that ran on WebAssembly does not matter.
  assertEquals(
    warningsOf(
      of("a"),
      of("b", {
        packages: {
          "zod": "5.0.0",
          "@tensorflow/tfjs-backend-webgpu": "5.0.0",
        },
      }),
    ),
    [],
  );
  assertEquals(
    warningsOf(
      of("a"),
      of("b", { dupbench: "0.0.2" }),
      of("c", { packages: { "@tensorflow/tfjs-backend-wasm": "4.1.0" } }),
    ),
    [
      "these result sets were recorded with different versions, and differences between their cells may be due to that: dupbench 0.0.1 (a, c) and 0.0.2 (b); @tensorflow/tfjs-backend-wasm 4.0.0 (a, b) and 4.1.0 (c)",
    ],
  );
  // The parts of a merged set have their own provenances.
  const { provenance } = of("a", { dupbench: "0.0.3" });
  const merged = {
    ...of("a"),
    parts: [{ provenance: of("a").provenance }, { provenance }],
  } as ResultSet;
  assertMatch(
    warningsOf(merged).join("\n"),
    /^these result sets .*: dupbench 0\.0\.1 \(a\) and 0\.0\.3 \(a\)$/,
  );
});

Deno.test("analyse() concludes on conditions by p-values adjusted over all of them", () => {
  // At ratio 0 the differences are -3, 0 four times: mean -1.5, deviation 1.604,
  // t = -2.646 with 7 degrees of freedom, p = .033.
  const seeds = [1, 2, 3, 4, 5, 6, 7, 8];
  const world: World = ({ dedup, seed, duplication: { ratio } }) => ({
    accuracy: 60 + seed -
      (dedup === undefined
        ? 0
        : ratio === 0
        ? 3 * (seed % 2)
        : ratio === 1
        ? 8 + seed % 2
        : [1, -1][seed % 2]! + 0.2),
  });
  const options = { rows: 20_000 };
  const analysis = analyse([
    imagine(world, { ...withAndWithout, seeds, ratios: [0, 1, 2] }, options),
  ]);
  const { conditions } = analysis;
  // Clean and worst-case accuracy, which are equal here, at three ratios each.
  assertEquals(conditions.length, 6);
  const byHand = (ps: number[]) => {
    const adjusted = ps.map(() => 0);
    let most = 0;
    [...ps.keys()].sort((a, b) => ps[a]! - ps[b]!).forEach((at, rank) => {
      most = Math.max(most, Math.min(1, (6 - rank) * ps[at]!));
      adjusted[at] = most;
    });
    return adjusted;
  };
  const zero = conditions.map((one) => inferenceOf(one).p!);
  const bound = conditions.map(({ equivalenceP }) => equivalenceP!);
  byHand(zero).forEach((p, i) =>
    assertAlmostEquals(conditions[i]!.holmP!, p, 1e-12)
  );
  byHand(bound).forEach((p, i) =>
    assertAlmostEquals(conditions[i]!.equivalenceHolmP!, p, 1e-12)
  );
  const [first, second, third] = [0, 1, 2].map((ratio) =>
    conditions.find((one) => one.ratio === ratio && one.metric === "clean")!
  );
  // By itself the first is lower, and the third within the margin.
  const { p, interval } = inferenceOf(first!);
  assert(p! > 0.033 && p! < 0.05 && interval![1] < 0, `${p}`);
  assert(third!.equivalenceP! < 0.05, `${third!.equivalenceP}`);
  const adjusted = "shown by its own test, but not after Holm's adjustment";
  assertEquals(
    [first, second, third].map((one) => [one!.finding, one!.reason]),
    [["inconclusive", adjusted], ["lower", undefined], [
      "inconclusive",
      adjusted,
    ]],
  );
  // The interval that is shown says so, as it excludes 0.
  assertMatch(
    formatAnalysis(analysis),
    /ratio 0, .*clean accuracy is inconclusive: shown by its own test, but not after Holm's adjustment \(.*; difference −1\.50 points, unadjusted 95 % interval \[−2\.\d\d, −0\.\d\d\]/,
  );
});

Deno.test("analyse() gives no verdict and no conclusion from networks at chance level", () => {
  // Of 1000 images in 10 equal classes, a guess gives 100; the one-sided 1 %
  // bound of the binomial distribution is 123: P(X >= 123) = .01036 and
  // P(X >= 124) = .00793, in exact rational arithmetic by Python.
  const worldAt = (base: number): World => (config) => ({
    accuracy: config.seed === 3 ? base : 60 + config.seed / 10 -
      5 * config.duplication.ratio,
  });
  const claimOf = (base: number) =>
    analyse([imagine(worldAt(base), { ratios: [0, 1] })]).claims[1]!;
  const { verdict, reason } = claimOf(12.3);
  assertEquals(verdict, "inconclusive");
  assertMatch(
    reason,
    /^at ratio 0, 1 of 8 networks are not above chance \(accuracy 12\.3 %; always predicting the most frequent class gives 10\.0 %\)$/,
  );
  assert(!claimOf(12.4).reason.includes("chance"), claimOf(12.4).reason);

  const { conditions } = analyse([
    imagine(() => ({ accuracy: 10.4 }), withAndWithout),
  ]);
  assertEquals(conditions[0]!.finding, "inconclusive");
  assertEquals(conditions[0]!.chance.atChance, 6);
});

Deno.test("analyse() has no times where a coarse clock measured none", () => {
  const { trends, contrasts, warnings } = analyse([
    imagine(({ seed }) => ({ accuracy: 50 + seed, epochMs: 0 }), {
      training: ["standard"],
      policy: ["uniform"],
      budget: ["steps"],
    }),
  ]);
  const metrics = new Set(
    [...trends, ...contrasts].map(({ metric }) => metric),
  );
  assertEquals([...metrics], ["clean", "adversarial"]);
  assertEquals(warnings, []);
});

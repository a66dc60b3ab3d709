/** Effects by level, on result sets whose effects are known. */
import {
  assert,
  assertAlmostEquals,
  assertEquals,
  assertMatch,
} from "@std/assert";
import { analyse } from "../../src/analysis/analyse.ts";
import { inferenceOf } from "../../src/analysis/effect.ts";
import {
  formatAnalysis,
  formatLevelComparison,
} from "../../src/analysis/format_analysis.ts";
import type { LevelConclusion } from "../../src/analysis/levels.ts";
import type { StudyInput } from "../../src/spec/study.ts";
import { imagine, type World } from "./_imagine.ts";

const base: Partial<StudyInput> = {
  training: ["standard"],
  budget: ["steps"],
  policy: ["uniform"],
  ratios: [0, 0.8],
  seeds: [1, 2, 3, 4],
  attacks: [],
};

/** Of the comparisons, which levels of what, with their mean changes. */
const summaryOf = (world: World, study: Partial<StudyInput>) =>
  analyse([imagine(world, { ...base, ...study })]).levels
    .filter(({ metric }) => metric === "clean")
    .map(({ key, ratio, levels }) => [
      key,
      ratio,
      levels.map(({ value, change, difference }) => [
        value,
        Number(change.test.mean.toFixed(6)),
        difference && Number(difference.test.mean.toFixed(6)),
      ]),
    ]);

Deno.test("levelComparisons() gives the change at each multiplicity, and that minus the first, by hand", () => {
  // Changes by seed; times 20,000 images they are whole numbers.
  const changes: Record<number, number[]> = {
    1: [-0.1, -0.3, -0.5, -0.3],
    10: [-1, -1.2, -1.8, -1.6],
    100: [-2.5, -3.1, -2.9, -2.7],
  };
  const set = imagine(({ seed, duplication: { ratio, multiplicity } }) => ({
    accuracy: 80 + seed +
      (ratio === 0 ? 0 : changes[multiplicity!]![seed - 1]!),
  }), {
    ...base,
    policy: ["concentrated"],
    multiplicity: [100, 1, 10],
  }, { rows: 20_000 });
  const { levels: [comparison], claims } = analyse([set]);
  const { key, ratio, runs, levels } = comparison!;
  assertEquals([key, ratio, runs.multiplicity, runs.policy], [
    "multiplicity",
    0.8,
    null,
    "concentrated",
  ]);
  assertEquals(levels.map(({ value }) => value), [1, 10, 100]);
  // The .975 quantile of t with 3 degrees of freedom, from a table.
  const intervalOf = (values: number[]) => {
    const mean = values.reduce((sum, v) => sum + v) / 4;
    const squares = values.reduce((sum, v) => sum + (v - mean) ** 2, 0);
    const reach = 3.182446 * Math.sqrt(squares / 3) / 2;
    return { mean, ends: [mean - reach, mean + reach] };
  };
  levels.forEach(({ value, change, difference }) => {
    const own = changes[Number(value)]!;
    const first = changes[1]!;
    const expected = [
      [change, own] as const,
      ...(difference === null
        ? []
        : [[difference, own.map((v, i) => v - first[i]!)] as const]),
    ];
    for (const [effect, values] of expected) {
      const { mean, ends } = intervalOf(values);
      assertEquals(effect.test.n, 4);
      assertAlmostEquals(effect.test.mean, mean, 1e-9);
      assertAlmostEquals(effect.test.interval![0], ends[0]!, 1e-5);
      assertAlmostEquals(effect.test.interval![1], ends[1]!, 1e-5);
      // Test images are a sample, too, so that it is never narrower.
      const { interval, coversImages } = inferenceOf(effect);
      assert(
        coversImages && interval![1] - interval![0] >= ends[1]! - ends[0]!,
      );
    }
  });
  assertEquals(levels.map(({ difference }) => difference === null), [
    true,
    false,
    false,
  ]);
  // Four seeds have intervals and no verdict.
  assert(
    claims.every(({ holmP, verdict }) =>
      holmP === null && verdict === "inconclusive"
    ),
  );
  assertMatch(
    formatLevelComparison(comparison!),
    /^Change of clean accuracy \(ratio 0\.8, .*concentrated, .*\): multiplicity 1 −0\.30 points, \[.*\], 4 seeds; multiplicity 10 −1\.40 points, .*, minus multiplicity 1 −1\.10, \[.*\], lower; multiplicity 100 −2\.80 points, .*, minus multiplicity 1 −2\.50, \[.*\], lower\.$/,
  );
  assertMatch(
    formatAnalysis(analyse([set])),
    /^\| clean accuracy \| multiplicity 10 \| .*concentrated, .* \| 0\.8 \| 4 \| −1\.40 \| \[.*\] \| −1\.10 \| \[.*\] \| 4 \| \.0\d\d \| \d?\.\d{3} \| \d\.\d\d \| lower \|$/m,
  );
});

Deno.test("levelComparisons() adjusts p-values over the differences of all comparisons", () => {
  const set = imagine(
    ({ seed, width = 1, duplication: { ratio, policy } }) => ({
      accuracy: 70 + seed +
        ratio * (policy === "uniform" ? 1 : 2) * (width - 0.1 * (seed % 3)),
    }),
    {
      ...base,
      policy: ["uniform", "class-biased"],
      width: [0.25, 0.5, 1],
    },
    { rows: 20_000 },
  );
  const effects = analyse([set]).levels.flatMap(({ levels }) =>
    levels.flatMap(({ difference, conclusion }) =>
      difference === null
        ? []
        : [{ p: inferenceOf(difference).p!, difference, ...conclusion! }]
    )
  );
  // Two policies, two differences each, of two accuracies.
  assertEquals(effects.length, 8);
  // Holm (1979): the i-th smallest of m is multiplied by m - i + 1.
  const holm = (values: number[], i: number) => {
    const order = values.toSorted((a, b) => a - b);
    const at = order.indexOf(values[i]!);
    const steps = order.slice(0, at + 1)
      .map((p, rank) => Math.min(1, p * (order.length - rank)));
    return Math.max(...steps);
  };
  effects.forEach(({ holmP, equivalenceHolmP }, i) => {
    assertAlmostEquals(holmP!, holm(effects.map(({ p }) => p), i), 1e-12);
    assertAlmostEquals(
      equivalenceHolmP!,
      holm(effects.map(({ difference }) => difference.equivalenceP!), i),
      1e-12,
    );
  });
  assert(effects.some(({ p, holmP }) => holmP! > p));
});

Deno.test("levelComparisons() finds a difference, its absence or neither, with at least four seeds", () => {
  /** The difference of the effect at width 1, in points, from that at width 0.5. */
  const findingOf = (
    of: (seed: number) => number,
    { seeds = [1, 2, 3, 4], accuracy = 70 } = {},
  ) => {
    const world: World = ({ seed, width = 1, duplication: { ratio } }) => ({
      accuracy: accuracy +
        (accuracy > 20 ? ratio * (width === 1 ? of(seed) : 0) / 0.8 : 0),
    });
    const set = imagine(world, { ...base, width: [0.5, 1], seeds }, {
      rows: 20_000,
    });
    const { levels: [comparison] } = analyse([set]);
    const [first, { finding, reason }] = comparison!.levels
      .map(({ conclusion }) => conclusion) as [null, LevelConclusion];
    assertEquals(first, null);
    return [finding, reason];
  };
  assertEquals(findingOf(() => -2), ["lower", undefined]);
  assertEquals(findingOf(() => 2), ["higher", undefined]);
  // Smaller than the margin, whether it is 0 or not.
  const none = "no change above the margin";
  assertEquals(findingOf(() => 0), [none, undefined]);
  assertEquals(findingOf(() => -0.5), [none, undefined]);
  const open = "inconclusive";
  assertEquals(findingOf((seed) => seed % 2 === 0 ? 3 : -4), [
    open,
    "the interval is too wide",
  ]);
  assertEquals(findingOf(() => -2, { seeds: [1, 2, 3] }), [
    open,
    "a conclusion needs at least 4 seeds",
  ]);
  assertEquals(findingOf(() => -2, { accuracy: 10 }), [
    open,
    "these networks have not learned",
  ]);
});

Deno.test("levelComparisons() pairs with ratio 0 of the same level, so that a level's own accuracy does not count", () => {
  const world: World = ({ seed, width = 1, duplication: { ratio } }) => ({
    accuracy: 60 + seed + 10 * width - 2 * width * ratio,
  });
  assertEquals(summaryOf(world, { width: [1, 0.25, 0.5] }), [[
    "width",
    0.8,
    [[0.25, -0.4, null], [0.5, -0.8, -0.4], [1, -1.6, -1.2]],
  ]]);
  const drawn: World = ({ seed, drawTrain, duplication: { ratio } }) => ({
    accuracy: 60 + seed - (drawTrain === undefined ? 3 : 1) * ratio,
  });
  assertEquals(summaryOf(drawn, { drawTrain: ["all", 20000, 5000] }), [[
    "drawTrain",
    0.8,
    [[5000, -0.8, null], [20000, -0.8, 0], ["all", -2.4, -1.6]],
  ]]);
});

Deno.test("levelComparisons() compares conflicting labels, kinds of copies and removed duplicates, all else equal", () => {
  assertEquals(
    summaryOf(({ seed, duplication: { ratio, conflict = 0 } }) => ({
      accuracy: 60 + seed - (1 + 10 * conflict) * ratio,
    }), { conflict: [0, 0.1, 0.3] }),
    [["conflict", 0.8, [[0, -0.8, null], [0.1, -1.6, -0.8], [
      0.3,
      -3.2,
      -2.4,
    ]]]],
  );
  // As in protocol-dedup: near copies are not searched for exact ones.
  const world: World = (
    { seed, dedup, duplication: { ratio, nearKinds } },
  ) => ({
    accuracy: 60 + seed -
      (dedup === undefined ? 5 : 1) * (nearKinds === undefined ? 1 : 0.5) *
        ratio,
  });
  assertEquals(
    summaryOf(world, {
      copies: ["exact", "near"],
      dedup: ["none", "exact", "near"],
      exclude: [{ copies: ["near"], dedup: ["exact"] }],
    }),
    [
      ["copies", 0.8, [["exact", -4, null], ["near", -2, 2]]],
      ["copies", 0.8, [["exact", -0.8, null], ["near", -0.4, 0.4]]],
      ["dedup", 0.8, [["none", -4, null], ["exact", -0.8, 3.2], [
        "near",
        -0.8,
        3.2,
      ]]],
      ["dedup", 0.8, [["none", -2, null], ["near", -0.4, 1.6]]],
    ],
  );
});

Deno.test("levelComparisons() of ratios gives changes, whose curvature the slope would hide", () => {
  const world: World = ({ seed, duplication: { ratio } }) => ({
    accuracy: 60 + seed - 2 * Math.log2(1 + ratio),
  });
  const study = { ...base, ratios: [0, 1, 3] };
  assertEquals(summaryOf(world, study), [[
    "ratio",
    null,
    [[1, -2, null], [3, -4, -2]],
  ]]);
  // Least squares over (0, 0), (1, -2), (3, -4): slope -9 / 7, which is no change
  // that was seen; the parabola through them has the coefficient 1 / 3.
  const trend = analyse([imagine(world, study)]).trends.find(({ metric }) =>
    metric === "clean"
  )!;
  assertAlmostEquals(trend.test.mean, -9 / 7, 1e-9);
  assertAlmostEquals(trend.curvature!.test.mean, 1 / 3, 1e-9);
});

Deno.test("levelComparisons() joins levels of several result sets, over the seeds that both have", () => {
  const world: World = ({ seed, width = 1, duplication: { ratio } }) => ({
    accuracy: 60 + seed - (seed > 4 ? 9 : 2 * width) * ratio,
  });
  const ends = imagine(world, { ...base, width: [0.25, 1] });
  const middle = imagine(world, {
    ...base,
    width: [0.5],
    seeds: [1, 2, 3, 4, 5, 6],
  });
  const { levels: [comparison] } = analyse([ends, middle]);
  assertEquals(
    comparison!.levels.map(({ value, change, difference }) => [
      value,
      change.test.n,
      difference?.test.n ?? null,
      difference && Number(difference.test.mean.toFixed(6)),
    ]),
    [[0.25, 4, null, null], [0.5, 6, 4, -0.4], [1, 4, 4, -1.2]],
  );
  // One level, or other images, is no comparison.
  assertEquals(analyse([middle]).levels, []);
  const elsewhere = imagine(world, { ...base, width: [1] }, {
    sha256: "7".repeat(64),
  });
  assertEquals(analyse([middle, elsewhere]).levels, []);
});

Deno.test("levelComparisons() says where networks are at chance level", () => {
  const set = imagine(({ seed, width = 1 }) => ({
    accuracy: width === 1 ? 50 + seed : 10,
  }), { ...base, width: [0.25, 1] });
  const { levels: [comparison] } = analyse([set]);
  assertEquals(comparison!.levels.map(({ chance }) => chance.atChance), [4, 0]);
  assertMatch(
    formatLevelComparison(comparison!),
    /width 0\.25 \+0\.00 points, .* \(4 of 4 networks are not above chance/,
  );
});

Deno.test("levelComparisons() does not compare near copies of other kinds, of which the coordinates say nothing", () => {
  const world: World = ({ seed, duplication: { ratio, conflict = 0 } }) => ({
    accuracy: 60 + seed - (1 + 10 * conflict) * ratio,
  });
  const keysOf = (kinds: ("flip" | "shift")[]) =>
    analyse(kinds.map((kind, i) =>
      imagine(world, {
        ...base,
        copies: ["near"],
        nearKinds: [kind],
        conflict: [i / 10],
      })
    )).levels.filter(({ metric }) => metric === "clean")
      .map(({ key }) => key);
  assertEquals(keysOf(["flip", "flip"]), ["conflict"]);
  assertEquals(keysOf(["flip", "shift"]), []);
});

Deno.test("levelComparisons() has the level without conflicting labels where plans are drawn anew and copies are fixed", () => {
  const world: World = ({ seed, duplication: { ratio, conflict = 0 } }) => ({
    accuracy: 60 + seed - (1 + 10 * conflict) * ratio,
  });
  assertEquals(
    summaryOf(world, {
      policy: ["whole-copies"],
      plans: "anew",
      ratios: [0, 1],
      conflict: [0, 0.1],
    }),
    [["conflict", 1, [[0, -1, null], [0.1, -2, -1]]]],
  );
});

/** The rules of the verdicts, on result sets whose effects are known. */
import {
  assert,
  assertAlmostEquals,
  assertEquals,
  assertMatch,
} from "@std/assert";
import { analyse } from "../../src/analysis/analyse.ts";
import { claims as rules } from "../../src/analysis/claims.ts";
import { inferenceOf } from "../../src/analysis/effect.ts";
import { formatClaim } from "../../src/analysis/format_analysis.ts";
import type { CellConfig } from "../../src/spec/cell_config.ts";
import type { StudyInput } from "../../src/spec/study.ts";
import { describeClaim } from "../../src/report/describe_claim.ts";
import { findingOf } from "../../src/report/finding.ts";
import { readRecorded } from "../recorded_sets.ts";
import { imagine, noise, type World } from "./_imagine.ts";

const plain = (text: string) => text.replaceAll("\u00a0", " ");

const at = (pattern: RegExp) =>
  rules.findIndex(({ statement }) => pattern.test(statement));
const uneven = at(/^Duplication that is uneven across classes lowers accuracy/);
const evenAdversarial = at(/even across classes lowers .* adversarially/);
const noRise = at(/^With even duplication/);
const concentrated = at(/^Many copies of few images/);

const standard: Partial<StudyInput> = {
  training: ["standard"],
  budget: ["steps"],
};

/** Every policy loses so many points per ratio. */
const losing =
  (points: Readonly<Record<string, number>>): World => (config) => {
    const { policy, ratio } = config.duplication;
    return { accuracy: noise(config, 0.1) - (points[policy] ?? 0) * ratio };
  };

Deno.test("judgeClaims() judges by the seeds that ran every arm: others would change the mixture", () => {
  const set = imagine(losing({ "class-biased": 4, "single-class": 24 }), {
    ...standard,
    policy: ["class-biased", "single-class"],
    class: 3,
    seeds: [1, 2, 3, 4, 5, 6],
  });
  const whole = analyse([set]).claims[uneven]!;
  assertEquals([whole.verdict, whole.seedsLeftOut], ["supported", 0]);
  assertAlmostEquals(whole.test!.mean, -14, 0.2);
  const cells = set.cells.filter(({ config: { seed, duplication } }) =>
    duplication.policy !== "single-class" || seed <= 3
  );
  const { claims, warnings } = analyse([{ ...set, cells }]);
  const { verdict, reason, test, seedsLeftOut } = claims[uneven]!;
  // Not −9, the mean of −14 of three seeds and −4 of three others.
  assertAlmostEquals(test!.mean, -14, 0.2);
  assertEquals([verdict, test!.n, seedsLeftOut], ["inconclusive", 3, 3]);
  assertMatch(
    reason,
    /^a verdict needs at least 6 seeds, and 3 seeds lack an arm, a ratio or the metric; /,
  );
  assertEquals(warnings, [
    "seeds 4, 5, 6 lack an arm that other seeds have (published-standard, standard training, single-class, equal steps, wasm); means over arms use the other seeds",
  ]);
});

Deno.test("judgeClaims() counts every seed that it leaves out, whatever the seed lacks", () => {
  const name =
    "published-standard, standard training, concentrated, equal steps, wasm";
  const set = imagine(losing({ concentrated: 4 }), {
    ...standard,
    policy: ["concentrated"],
    ratios: [0, 0.8],
  });
  const without = (lacks: (config: CellConfig) => boolean) => {
    const cells = set.cells.filter(({ config }) => !lacks(config));
    const { claims, warnings } = analyse([{ ...set, cells }]);
    const { test, seedsLeftOut } = claims[concentrated]!;
    return { counts: [test?.n, seedsLeftOut], warnings };
  };
  // Its only copies, without which the seed has nothing to be compared.
  assertEquals(
    without(({ seed, duplication }) => seed === 3 && duplication.ratio > 0),
    {
      counts: [7, 1],
      warnings: [
        `seed 3 lacks an arm that other seeds have (${name}); means over arms use the other seeds`,
      ],
    },
  );
  assertEquals(
    without(({ seed, duplication }) => seed === 3 && duplication.ratio === 0),
    {
      counts: [7, 1],
      warnings: [`seed 3 has no ratio 0 and is left out (${name})`],
    },
  );
  assertEquals(without(({ duplication }) => duplication.ratio === 0), {
    counts: [undefined, 0],
    warnings: [1, 2, 3, 4, 5, 6, 7, 8].map((seed) =>
      `seed ${seed} has no ratio 0 and is left out (${name})`
    ),
  });
});

Deno.test("judgeClaims() counts a seed all of whose cells failed or diverged", () => {
  const set = imagine(losing({ concentrated: 4 }), {
    ...standard,
    policy: ["concentrated"],
    ratios: [0, 0.8],
  });
  const cells = set.cells.map((cell): typeof cell => {
    if (cell.config.seed > 2 || cell.status === "failed") return cell;
    const { id, config, outcome } = cell;
    return config.seed === 1
      ? { id, config, status: "failed", error: "out of memory" }
      : { ...cell, outcome: { ...outcome, test: null, divergedAtEpoch: 0 } };
  });
  const { claims, warnings } = analyse([{ ...set, cells }]);
  const { test, seedsLeftOut, verdict } = claims[concentrated]!;
  assertEquals([test!.n, seedsLeftOut, verdict], [6, 2, "supported"]);
  assertMatch(warnings.join("\n"), /^seeds 1, 2 lack an arm that other/m);
});

Deno.test("judgeClaims() says of which test a verdict is", () => {
  const reasonOf = (slope: number, margin = 1) => {
    const world: World = (config) => ({
      accuracy: noise(config, 0.1) + slope * config.duplication.ratio,
    });
    const set = imagine(world, {
      ...standard,
      policy: ["uniform"],
      ratios: [0, 1],
    }, { rows: 20_000 });
    const { verdict, reason } = analyse([set], { margin }).claims[noRise]!;
    return `${verdict}: ${reason}`;
  };
  // A fall of 10 points is less than 1 point up, and not within 1 point of 0.
  assertEquals(reasonOf(-10), "supported: by the test of the margin");
  assertEquals(reasonOf(0), "supported: by the test of the margin");
  assertEquals(reasonOf(10), "contradicted: by the test against 0");
  assertEquals(
    reasonOf(3, 10),
    "contradicted: by the test against 0, although the slope is shown to be below the margin",
  );
});

Deno.test("judgeClaims() needs even and uneven copies of adversarial training to fall, each by itself", () => {
  const { claims } = analyse([
    imagine(losing({ "class-biased": 9 }), {
      training: ["adversarial"],
      budget: ["steps"],
    }),
  ]);
  assertEquals(
    [evenAdversarial, evenAdversarial + 1].map((i) => claims[i]!.verdict),
    ["contradicted", "supported"],
  );
});

Deno.test("judgeClaims() takes training on examples of one step for adversarial training", () => {
  const { claims } = analyse([
    imagine(losing({ "class-biased": 9 }), {
      training: ["n-fgsm"],
      budget: ["steps"],
      policy: ["class-biased"],
    }),
  ]);
  assertEquals(claims[evenAdversarial + 1]!.verdict, "supported");
  assertEquals(claims[uneven]!.test, null);
});

Deno.test("judgeClaims() tests the curvature of the mean over arms", () => {
  // The middle ratio falls by 3, of two arms by 3 and by nothing on average 1.5.
  const { claims } = analyse([
    imagine(({ duplication: { policy, ratio } }) => ({
      accuracy: 50 - (policy === "class-biased" && ratio === 0.5 ? 3 : 0),
    }), { ...standard, policy: ["class-biased", "single-class"], class: 3 }),
  ]);
  const { test, curvature } = claims[uneven]!;
  assertAlmostEquals(test!.mean, 0, 1e-12);
  assertAlmostEquals(curvature!.test.mean, 6, 1e-9);
  assert(curvature!.crossed!.imageError > 0);
  assertMatch(formatClaim(claims[uneven]!, 0), /p of the curvature < \.001/);
});

Deno.test("judgeClaims() has no weights as a control of even copies, as these are the run at ratio 0", () => {
  // Even copies cost 2 points: weights, which cost nothing, say nothing about it.
  const { claims } = analyse([
    imagine(({ duplication: { ratio, standIn }, seed }) => ({
      accuracy: 50 + seed -
        (standIn === "weights" ? 0 : standIn === "fresh" ? 3 : 2) * ratio,
    }), {
      ...standard,
      policy: ["uniform", "class-biased"],
      standIn: ["copies", "weights", "fresh"],
    }),
  ]);
  const found = (i: number) =>
    claims[i]!.controls.map(({ control, test }) => [
      control,
      Math.round(test.mean),
    ]);
  assertEquals(found(noRise), [["fresh", 1]]);
  assertEquals(found(uneven), [["weights", -2], ["fresh", 1]]);
});

Deno.test("judgeClaims() says of which copies a control is that others ran without", () => {
  const set = imagine(({ duplication: { policy, ratio, standIn }, seed }) => ({
    accuracy: 50 + seed -
      ((standIn ?? "copies") === "copies" && policy === "single-class"
          ? 20
          : 4) *
        ratio,
  }), {
    ...standard,
    policy: ["class-biased", "single-class"],
    class: 3,
    standIn: ["copies", "weights", "fresh"],
    exclude: [{ policy: ["single-class"], standIn: ["weights"] }],
  });
  const claim = analyse([set]).claims[uneven]!;
  assertAlmostEquals(claim.test!.mean, -12, 1e-6);
  assertEquals(
    claim.controls.map(({ control, arms, test }) => [
      control,
      arms?.map(({ policy }) => policy),
      Math.round(test.mean),
    ]),
    [["weights", ["class-biased"], 0], ["fresh", undefined, -8]],
  );
  // A difference of 0 is not one of the -12 that the claim is about.
  assertMatch(
    formatClaim(claim, 0),
    /control \(weights in place of copies; class-biased only\): slope \+0\.00/,
  );
  assertMatch(
    formatClaim(claim, 0),
    /control \(fresh images in place of copies\): slope −8\.00/,
  );
  assertEquals(
    describeClaim(claim, []).controls.map((text) =>
      plain(text).replace(/ \(.*$/, "")
    ),
    [
      "weights in place of copies, class-biased only: 0.0 points",
      "fresh images in place of copies: −8.0 points",
    ],
  );
  assertEquals(findingOf([claim]).further, [
    "In standard training, uneven copies, on average over class-biased and single-class, cost more accuracy than fresh images of the same classes; class-biased copies cost within the margin as much as weights on their originals",
  ]);
});

Deno.test("judgeClaims() has no replacing as a control of uneven copies, as it changes the class mix further", () => {
  const { claims } = analyse([
    imagine(({ duplication: { ratio, mode }, seed }) => ({
      accuracy: 50 + seed - (mode === "replace" ? 30 : 6) * ratio,
    }), {
      ...standard,
      policy: ["uniform", "class-biased"],
      mode: ["add", "replace"],
      ratios: [0, 0.25, 0.5],
    }),
  ]);
  assertEquals(claims[uneven]!.controls, []);
  assertEquals(
    claims[noRise]!.controls.map(({ control, test }) => [
      control,
      Math.round(test.mean),
    ]),
    [["replace", 24]],
  );
});

Deno.test("judgeClaims() judges many copies of few images, with their controls", () => {
  const { claims } = analyse([
    imagine(({ duplication: { ratio, standIn }, seed }) => ({
      accuracy: 50 + seed - (standIn === "weights" ? 7 : 3) * ratio,
    }), {
      ...standard,
      policy: ["concentrated"],
      standIn: ["copies", "weights"],
    }),
  ]);
  const { verdict, test, controls, origin } = claims[concentrated]!;
  assertEquals([origin, verdict], ["study", "supported"]);
  assertAlmostEquals(test!.mean, -3, 1e-9);
  assertAlmostEquals(controls[0]!.test.mean, 4, 1e-9);
  // The paper's claims are not about it.
  for (const claim of claims.filter(({ origin }) => origin === "paper")) {
    assertEquals(claim.test, null);
  }
});

Deno.test("judgeClaims() judges every claim with equal steps, never with equal epochs", () => {
  // With equal epochs all goes the other way.
  const world: World = (config) => {
    const { ratio } = config.duplication;
    const sign = config.budget === "epochs" ? 1 : -1;
    return {
      accuracy: noise(config, 0.1) + 4 * sign * ratio,
      counts: [100, 500, 600 + 50 * sign * ratio + config.seed],
    };
  };
  const study: Partial<StudyInput> = {
    policy: ["uniform", "class-biased", "concentrated"],
    ratios: [0, 1],
  };
  const judged = (budget: StudyInput["budget"]) =>
    analyse([imagine(world, { ...study, budget: budget! })]).claims.map((
      { verdict },
    ) => verdict);
  const steps = Array(6).fill("supported");
  assertEquals(judged(["steps"]), steps);
  assertEquals(judged(["steps", "epochs"]), steps);
  assertEquals(judged(["epochs"]), Array(6).fill("inconclusive"));
});

Deno.test("judgeClaims() adjusts over all claims of the paper, whether they have runs in the same file or not", () => {
  // Three seeds differ from three others, so that p is between .01 and .05.
  const world: World = ({ duplication: { policy, ratio }, seed }) => ({
    accuracy: 50 + seed -
      (policy === "uniform" ? -0.5 : 3.2 + 2.5 * (seed % 2 === 0 ? 1 : -1)) *
        ratio,
  });
  const study = { ...standard, seeds: [1, 2, 3, 4, 5, 6] };
  const [alone] = [
    analyse([imagine(world, { ...study, policy: ["class-biased"] })]).claims,
  ];
  const { p, holmP, boundP, boundHolmP, verdict, reason } = alone![uneven]!;
  assert(p! > 0.01 && p! < 0.05, `${p}`);
  // Five claims of the paper, four of which have no runs here.
  assertAlmostEquals(holmP!, 5 * p!, 1e-12);
  assertEquals(boundHolmP, Math.min(1, 5 * boundP!));
  assertEquals(verdict, "inconclusive");
  assertMatch(reason, /^neither an effect nor its absence is shown; /);

  const both = analyse([
    imagine(world, { ...study, policy: ["class-biased", "uniform"] }),
  ]).claims;
  const ps = [both[uneven]!, both[noRise]!];
  // Holm by hand: the smaller p five times, the other four times or as much.
  const [small, large] = ps.toSorted((a, b) => a.p! - b.p!);
  assertAlmostEquals(small!.holmP!, Math.min(1, 5 * small!.p!), 1e-12);
  assertAlmostEquals(
    large!.holmP!,
    Math.min(1, Math.max(small!.holmP!, 4 * large!.p!)),
    1e-12,
  );
  // Claims without runs have none.
  assertEquals(both[0]!.holmP, null);
  // Questions of this project are a family of their own.
  const question = analyse([
    imagine(world, { ...study, policy: ["concentrated"] }),
  ]).claims[concentrated]!;
  assertEquals([question.holmP, question.verdict], [question.p, "supported"]);
});

Deno.test("judgeClaims() judges by the wider of the tests over seeds and over images", () => {
  // Every seed loses exactly .4 points: seeds show no spread, 1,000 images do.
  const { claims } = analyse([
    imagine(({ duplication: { ratio } }) => ({ accuracy: 50 - 0.4 * ratio }), {
      ...standard,
      policy: ["class-biased"],
    }),
  ]);
  const { test, crossed, p, verdict } = claims[uneven]!;
  assertEquals([test!.p, test!.interval], [0, [test!.mean, test!.mean]]);
  // 4 of 1,000 images change: a deviation of 100 x sqrt(.004 x .996).
  assertAlmostEquals(
    crossed!.error,
    100 * Math.sqrt(0.004 * 0.996 / 1000),
    2e-3,
  );
  assertEquals(p, crossed!.p);
  assert(p! > 0.04 && p! < 0.05, `${p}`);
  assertEquals(
    inferenceOf({ test: test!, crossed }).interval,
    crossed!.interval,
  );
  // By seeds alone it would be an effect for certain; it is within the margin.
  assertEquals(verdict, "contradicted");
});

/** Losses by network, width, set size or data set. */
const by = (lossOf: (config: CellConfig) => number): World => (config) => ({
  accuracy: 50 + config.seed % 2 / 10 -
    lossOf(config) * config.duplication.ratio,
});
const oneArm: Partial<StudyInput> = {
  ...standard,
  policy: ["class-biased"],
  ratios: [0, 1],
};

Deno.test("judgeClaims() is the mean over networks and widths that ran with the same seeds, and says so", () => {
  const [set] = [
    imagine(by(({ width = 1 }) => width === 1 ? 2 : 6), {
      ...oneArm,
      width: [1, 2],
    }),
  ];
  const claim = analyse([set!]).claims[uneven]!;
  assertAlmostEquals(claim.test!.mean, -4, 1e-9);
  assertEquals([claim.test!.n, claim.verdict], [8, "supported"]);
  assertEquals(claim.averagedOver, ["2 values of width: 1, 2"]);
  assertEquals(claim.omitted, []);
  // The same test images with both: crossed, not counted twice.
  assertEquals(claim.crossed!.images, 1000);
  assertMatch(formatClaim(claim, 0), /; mean over 2 values of width: 1, 2\./);
});

Deno.test("judgeClaims() lists what the mean is over in ascending order, and all last, in whatever order sets are read", () => {
  const study = (width: number, drawTrain: number | "all") =>
    imagine(by(() => 2), {
      ...oneArm,
      dataset: "cifar10",
      width: [width],
      drawTrain: [drawTrain],
    });
  const { averagedOver } = analyse([
    study(0.5, "all"),
    study(0.25, 20_000),
    study(1, 5000),
    study(0.25, "all"),
  ]).claims[uneven]!;
  assertEquals(averagedOver, [
    "3 values of width: 0.25, 0.5, 1",
    "3 values of drawn: 5000, 20000, all",
  ]);
});

Deno.test("judgeClaims() leaves out, and names, networks that ran with fewer or other seeds", () => {
  const study = (width: number, seeds: number[]) =>
    imagine(by(({ width = 1 }) => width === 1 ? 2 : 6), {
      ...oneArm,
      width: [width],
      seeds,
    });
  const many = [1, 2, 3, 4, 5, 6, 7, 8];
  for (const others of [[1, 2, 3], [11, 12, 13, 14, 15, 16, 17, 18]]) {
    const claim = analyse([study(1, many), study(2, others)]).claims[uneven]!;
    assertAlmostEquals(claim.test!.mean, -2, 1e-9);
    assertEquals([claim.test!.n, claim.seedsLeftOut], [8, 0]);
    assertEquals(claim.averagedOver, []);
    assertEquals(claim.omitted, [
      `published-standard, width 2, standard training, class-biased, equal steps, wasm (${others.length} seeds)`,
    ]);
    assertMatch(
      formatClaim(claim, 0),
      /Left out, with other seeds, arms, ratios or test images: /,
    );
  }
});

Deno.test("judgeClaims() leaves out networks that ran with other arms or ratios, as they would weigh arms unequally", () => {
  const losses = { "class-biased": 2, "single-class": 8 };
  const whole = imagine(losing(losses), {
    ...standard,
    policy: ["class-biased", "single-class"],
    class: 3,
    ratios: [0, 0.5, 1],
  });
  for (
    const other of [
      { policy: ["class-biased" as const], ratios: [0, 0.5, 1] },
      {
        policy: ["class-biased" as const, "single-class" as const],
        class: 3,
        ratios: [0, 0.5],
      },
    ]
  ) {
    const wide = imagine(losing({ "class-biased": 0, "single-class": 0 }), {
      ...standard,
      ...other,
      width: [2],
    });
    // In whichever order they are read.
    for (const sets of [[whole, wide], [wide, whole]]) {
      const claim = analyse(sets).claims[uneven]!;
      assertEquals(claim.arms.map(({ width }) => width), [1, 1]);
      assertAlmostEquals(claim.test!.mean, -5, 0.2);
      assertEquals(claim.omitted.length, other.policy.length);
    }
  }
});

Deno.test("judgeClaims() crosses seeds with the images of several set sizes once, and of several data sets apart", () => {
  const study = (fields: Partial<StudyInput>, sha256: string) =>
    imagine(
      by(({ dataset: { name, limitTrain } }) =>
        name === "fashion-mnist" || limitTrain === 5000 ? 6 : 2
      ),
      { ...oneArm, limitTest: 1000, ...fields },
      {
        sha256: sha256.repeat(64),
      },
    );
  const cifar = (limitTrain: number, sha: string) =>
    study({ dataset: "cifar10", limitTrain }, sha);
  const sizes = analyse([cifar(1000, "a"), cifar(5000, "b")]).claims[uneven]!;
  assertEquals(sizes.averagedOver, ["2 training set sizes: 1000, 5000"]);
  assertEquals(sizes.crossed!.images, 1000);
  assertAlmostEquals(sizes.test!.mean, -4, 1e-9);

  // Images of a part of a data set, or fewer of them, may be the same ones.
  for (
    const fields of [
      { dataset: "cifar10" as const, limitTrain: 5000, limitTest: 500 },
      { dataset: "cifar10-mini" as const, limitTrain: 1000 },
    ]
  ) {
    const pair = [cifar(1000, "a"), study(fields, "d")];
    const { test, averagedOver, omitted } = analyse(pair).claims[uneven]!;
    assertAlmostEquals(test!.mean, -2, 1e-9);
    assertEquals([averagedOver, omitted.length], [[], 1]);
  }

  const sets = analyse([
    cifar(1000, "a"),
    study({ dataset: "fashion-mnist", limitTrain: 1000 }, "c"),
  ]).claims[uneven]!;
  assertEquals(sets.averagedOver, ["2 data sets: cifar10, fashion-mnist"]);
  assertEquals(sets.crossed!.images, 2000);
  assertAlmostEquals(sets.test!.mean, -4, 1e-9);
  assertAlmostEquals(sets.crossed!.mean, -4, 1e-9);
  // 20 and 60 of 1,000 images fall; each data set counts half.
  const variance = (share: number) =>
    (100 / 2) ** 2 * share * (1 - share) / 1000;
  assertAlmostEquals(
    sets.crossed!.imageError,
    Math.sqrt(variance(0.02) + variance(0.06)),
    5e-3,
  );
});

Deno.test("the claim on efficiency is of standard training, what is for information too", async () => {
  // Adversarial runs without evaluations between epochs must not hide the others'.
  const sets = await Promise.all(
    ["protocol-standard", "protocol-adversarial"].map(readRecorded),
  );
  const [alone] = analyse(sets.slice(0, 1)).claims;
  const [both] = analyse(sets).claims;
  assertEquals(both!.informational, alone!.informational);
  assert(both!.informational.some(({ test }) => test !== null));
});

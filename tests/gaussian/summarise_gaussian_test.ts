import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { openStream } from "../../src/core/stream.ts";
import {
  formatGaussian,
  formatVerdict,
} from "../../src/gaussian/format_gaussian.ts";
import {
  type GaussianResult,
  type GaussianRun,
  joinGaussianResult,
} from "../../src/gaussian/gaussian_result.ts";
import {
  type GaussianStudy,
  gaussianStudySchema,
} from "../../src/gaussian/gaussian_study.ts";
import { summariseGaussian } from "../../src/gaussian/summarise_gaussian.ts";

/** Accuracies of class -1 and +1, from 0 to 1. */
type World = (
  run: Pick<GaussianRun, "seed" | "policy" | "standIn">,
  ratio: number,
) => [negative: number, positive: number];

/** The result of the study in a world with these accuracies. */
function imagine(
  world: World,
  seeds: number[] = [1, 2, 3, 4, 5, 6, 7, 8],
): GaussianResult {
  const study: GaussianStudy = gaussianStudySchema.parse({
    points: 1000,
    heldOut: 1000,
    balanced: [0, 1000, 2000],
    biased: [0, 2000, 4000],
    seeds,
  });
  const runs = seeds.flatMap((seed) => {
    const run = (
      policy: GaussianRun["policy"],
      standIn: GaussianRun["standIn"],
      copies: number,
    ): GaussianRun => {
      const rates = world({ seed, policy, standIn }, copies / 2000);
      const share = policy === "biased" ? 0.8 : 0.5;
      const added: [number, number] = [(1 - share) * copies, share * copies];
      const right = (points: [number, number]) =>
        rates.map((rate, i) => Math.round(rate * points[i]!)) as [
          number,
          number,
        ];
      const each = right([1000, 1000]);
      return {
        seed,
        policy,
        standIn,
        added,
        vectors: 7,
        original: each,
        trained: right([1000 + added[0], 1000 + added[1]]),
        heldOut: each,
      };
    };
    return [
      run("none", "copies", 0),
      ...(["balanced", "biased"] as const).flatMap((policy) =>
        (["copies", "fresh"] as const).flatMap((standIn) =>
          study[policy].slice(1).map((n) => run(policy, standIn, n))
        )
      ),
    ];
  });
  return joinGaussianResult(study, runs);
}

/** Random difference of a run, as a fraction; uniform with the given half width. */
function noise(
  { seed, policy, standIn }: Parameters<World>[0],
  ratio: number,
  width: number,
): number {
  const stream = openStream(seed, "gaussian", policy, standIn, ratio);
  return width * (2 * stream.uniform() - 1);
}

const verdicts = (world: World, seeds?: number[]) =>
  summariseGaussian(imagine(world, seeds)).verdicts.map((v) => v.verdict);

Deno.test("summariseGaussian() supports both claims where they hold", () => {
  assertEquals(
    verdicts((run, ratio) => {
      const cost = run.policy === "biased" ? 0.05 * ratio : 0;
      const rate = 0.7 + noise(run, ratio, 0.002) - cost;
      return [rate, rate];
    }),
    ["supported", "supported"],
  );
});

Deno.test("summariseGaussian() contradicts both claims where the opposite holds", () => {
  assertEquals(
    verdicts((run, ratio) => {
      const rate = 0.5 + noise(run, ratio, 0.002) + 0.05 * ratio;
      return [rate, rate];
    }),
    ["contradicted", "contradicted"],
  );
});

Deno.test("summariseGaussian() takes a change within the margin as no change", () => {
  assertEquals(
    verdicts((run, ratio) => {
      const rate = 0.7 + noise(run, ratio, 0.002);
      return [rate, rate];
    }),
    ["contradicted", "supported"],
  );
});

Deno.test("summariseGaussian() is inconclusive where the spread is too large, or with five seeds", () => {
  const spread: World = ({ seed }, ratio) => {
    const rate = 0.5 + 0.06 * ratio * (seed % 2 === 0 ? 1 : -1);
    return [rate, rate];
  };
  assertEquals(verdicts(spread), ["inconclusive", "inconclusive"]);
  const clear: World = (run, ratio) => {
    const rate = 0.7 + noise(run, ratio, 0.002) - 0.1 * ratio;
    return [rate, rate];
  };
  assertEquals(verdicts(clear, [1, 2, 3, 4, 5]), [
    "inconclusive",
    "inconclusive",
  ]);
  assertEquals(verdicts(clear, [1]), []);
});

/** Student's t with 7 degrees of freedom: P(T < t), in closed form. */
function tCdf7(t: number): number {
  const angle = Math.atan(t / Math.sqrt(7));
  const cos = Math.cos(angle);
  return 0.5 +
    (angle +
        Math.sin(angle) * (cos + 2 / 3 * cos ** 3 + 8 / 15 * cos ** 5)) /
      Math.PI;
}

Deno.test("formatVerdict() gives the p of the test that the verdict rests on", () => {
  // Four slopes each at mean ± spread, so that the deviation is spread sqrt(8/7).
  const verdictsOf = (mean: number, spread: number) =>
    summariseGaussian(imagine(({ seed }, ratio) => {
      const rate = 0.5 + (mean + (seed % 2 ? spread : -spread)) * ratio / 100;
      return [rate, rate];
    })).verdicts;
  const error = (spread: number) => spread * Math.sqrt(8 / 7) / Math.sqrt(8);
  const firstLines = (mean: number, spread: number) =>
    verdictsOf(mean, spread).map((one) => formatVerdict(one).split("\n")[0]!);

  // A fall of 0.8 is below +1 for certain, but not shown to be within ±1.
  const [, fall] = verdictsOf(-0.8, 0.7);
  assertAlmostEquals(fall!.boundP, tCdf7(-1.8 / error(0.7)), 1e-9);
  assertAlmostEquals(fall!.equivalenceP, tCdf7(-0.2 / error(0.7)), 1e-9);
  assert(fall!.boundP < 0.001 && fall!.equivalenceP > 0.2);
  assertEquals(firstLines(-0.8, 0.7), [
    "Class-biased copies lower accuracy: **supported** (by the test against 0, p .019).",
    "More uniform copies do not significantly improve accuracy: **supported** (by the test that the slope is below the margin, p < .001).",
  ]);
  assertAlmostEquals(2 * tCdf7(-0.8 / error(0.7)), 0.019, 5e-4);

  // Shown to be within the margin, and above 0 all the same.
  assertEquals(firstLines(0.4, 0.4), [
    "Class-biased copies lower accuracy: **contradicted** (by the test against 0, p .033; the slope is also shown to be within the margin, p .003).",
    "More uniform copies do not significantly improve accuracy: **contradicted** (by the test against 0, p .033; the slope is also shown to be below the margin, p .003).",
  ]);
  assertAlmostEquals(2 * tCdf7(-0.4 / error(0.4)), 0.033, 5e-4);
  assertAlmostEquals(tCdf7(-0.6 / error(0.4)), 0.003, 5e-4);

  // No change, and nothing shown.
  assertEquals(
    firstLines(0.2, 0.8)[0],
    "Class-biased copies lower accuracy: **contradicted** (by the test that the slope is within the margin, p .017).",
  );
  assertAlmostEquals(tCdf7(-0.8 / error(0.8)), 0.017, 5e-4);
  assertEquals(
    firstLines(0.4, 2)[0],
    "Class-biased copies lower accuracy: **inconclusive** (neither an effect nor its absence is shown, by the test against 0, p .613, and the test that the slope is within the margin, p .227).",
  );
  assertAlmostEquals(2 * tCdf7(-0.4 / error(2)), 0.613, 5e-4);
  assertAlmostEquals(tCdf7(-0.6 / error(2)), 0.227, 5e-4);
});

Deno.test("summariseGaussian() measures class by class, in points per copy per original", () => {
  const { trends } = summariseGaussian(
    imagine(({ policy, standIn, seed }, ratio) => {
      const bias = policy === "biased"
        ? (standIn === "copies" ? 0.1 : 0.06)
        : 0;
      return [0.8 - bias * ratio, 0.5 + seed / 100 + bias / 2 * ratio];
    }),
  );
  for (const { policy, standIn, classes, slope, difference, means } of trends) {
    const bias = policy === "biased" ? (standIn === "copies" ? 10 : 6) : 0;
    const expected = { "-1": -bias, "+1": bias / 2, both: -bias / 4 }[classes];
    const [least, most] = policy === "biased" ? [0, 2] : [0, 1];
    assertAlmostEquals(slope.mean, expected, 1e-9);
    assertAlmostEquals(difference.mean, expected * (most! - least!), 1e-9);
    assertAlmostEquals(means.at(-1)! - means[0]!, difference.mean, 1e-9);
  }
});

Deno.test("summariseGaussian() subtracts the slope of fresh points from that of copies", () => {
  const { verdicts: [biased, balanced] } = summariseGaussian(
    imagine(({ policy, standIn, seed }, ratio) => {
      const loss = policy === "biased"
        ? (standIn === "copies" ? 0.05 : 0.03)
        : 0;
      const rate = 0.6 + seed / 100 - loss * ratio;
      return [rate, rate];
    }),
  );
  assertAlmostEquals(biased!.copiesMinusFresh.mean, -2, 1e-9);
  assertAlmostEquals(balanced!.copiesMinusFresh.mean, 0, 1e-9);
});

Deno.test("formatGaussian() writes well-formed tables, with the published results", () => {
  for (const seeds of [[1], [1, 2, 3, 4, 5, 6]]) {
    const result = imagine(() => [0.7, 0.6], seeds);
    const text = formatGaussian(result, summariseGaussian(result), "x.svg");
    const tables = text.split("\n\n").filter((block) => block.startsWith("|"));
    // Two policies on three samples, the differences, the published figures.
    assertEquals(tables.length, 8);
    for (const block of tables) {
      const widths = block.trim().split("\n").map((l) => l.split("|").length);
      assertEquals(new Set(widths).size, 1, block);
    }
    assert(!/NaN|undefined|null/.test(text));
    assert(text.includes("](x.svg)"));
  }
  const result = imagine(() => [0.7, 0.6], [1]);
  const text = formatGaussian(result, summariseGaussian(result), "x (1).svg");
  assert(text.includes("](x%20%281%29.svg)"));
});

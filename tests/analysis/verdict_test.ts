import { assertAlmostEquals, assertEquals } from "@std/assert";
import { formatVerdict } from "../../src/analysis/format_verdict.ts";
import { type Verdict, verdictOf } from "../../src/analysis/verdict.ts";
import type { FinishedCell, ResultSet } from "../../src/results/result_set.ts";
import { imagine } from "./_imagine.ts";

/** Accuracies in points of seeds 1 to 6. */
const asIs = [60, 61, 62, 60, 61, 62];
const cleaned = [62, 63, 65, 62, 63, 65];

/** A paired study of six seeds, whose 1,000 test images include 100 that leak. */
function imaginePaired(): ResultSet {
  const set = imagine(({ seed, dedup, duplication }) => ({
    accuracy: dedup !== undefined
      ? cleaned[seed - 1]!
      : asIs[seed - 1]! - 10 * Number(duplication.ratio > 0),
  }), {
    training: ["standard"],
    policy: ["uniform"],
    budget: ["steps"],
    ratios: [0, 0.25],
    dedup: ["none", "near"],
    exclude: [{ ratios: [0.25], dedup: ["near"] }],
    seeds: [1, 2, 3, 4, 5, 6],
    leaks: "apart",
  }, { rows: 900 });
  set.dataset.testPerClass = Array(10).fill(90);
  for (const cell of set.cells as FinishedCell[]) {
    cell.duplication = {
      ...cell.duplication,
      originals: cell.config.dedup ? 400 : 500,
      copies: cell.config.duplication.ratio > 0 ? 125 : 0,
      ...(cell.config.dedup && {
        removed: { originals: 100, copies: 0, slotsSha256: "0".repeat(64) },
      }),
    };
    cell.outcome.epochs = [
      { loss: 1, images: 480, steps: 15 },
      { loss: 1, images: 512, steps: 16 },
    ];
    cell.outcome.leaked = { rows: 100, correct: 80 };
  }
  return set;
}

Deno.test("verdictOf() pairs the arms by seed: differences, interval and leaks by hand", () => {
  const { own, more, leaks, ...rest } = verdictOf(imaginePaired(), 1)!;
  assertEquals(rest, {
    trainRows: 500,
    testRows: 900,
    removed: 100,
    ratio: 0.25,
    added: 125,
    steps: 31,
    images: 992,
    margin: 1,
  });
  // Differences -2, -2, -3, -2, -2, -3: mean -7/3, standard deviation .5164, and
  // 2.5706 x .5164 / sqrt 6 = .5419.
  assertAlmostEquals(own!.effect.test.mean, -7 / 3, 1e-9);
  const [low, high] = own!.effect.test.interval!;
  assertAlmostEquals(low, -7 / 3 - 0.5419, 1e-3);
  assertAlmostEquals(high, -7 / 3 + 0.5419, 1e-3);
  assertEquals(own!.finding, "lower");
  assertAlmostEquals(own!.mean, 61, 1e-9);
  assertAlmostEquals(own!.otherMean, 190 / 3, 1e-9);
  assertAlmostEquals(more!.effect.test.mean, -10, 1e-9);
  assertEquals(more!.finding, "lower");
  // 61 % of 900 and 80 of 100: 629 of 1,000.
  assertEquals([leaks!.images, leaks!.of], [100, 1000]);
  assertAlmostEquals(leaks!.accuracy, 80, 1e-9);
  assertAlmostEquals(leaks!.otherAccuracy, 61, 1e-9);
  assertAlmostEquals(leaks!.allAccuracy, 62.9, 1e-9);
});

Deno.test("verdictOf() is about paired studies whose leaks are apart only, and needs tested runs", () => {
  assertEquals(verdictOf(imagine(() => ({ accuracy: 60 })), 1), null);
  const set = imaginePaired();
  const failed = {
    ...set,
    cells: set.cells.map(({ id, config }) => ({
      id,
      config,
      status: "failed" as const,
      error: "lost",
    })),
  };
  assertEquals(verdictOf(failed, 1), null);
});

Deno.test("verdictOf() concludes nothing from five seeds", () => {
  const set = imaginePaired();
  const five = {
    ...set,
    cells: set.cells.filter(({ config }) => config.seed < 6),
  };
  assertEquals(verdictOf(five, 1)!.own!.finding, "inconclusive");
  assertEquals(
    verdictOf(five, 1)!.own!.reason,
    "a conclusion needs at least 6 seeds",
  );
});

/** A verdict whose numbers are easy to follow in its lines. */
const plain: Verdict = {
  trainRows: 1000,
  testRows: 400,
  removed: 200,
  ratio: 0.25,
  added: 250,
  steps: 310,
  images: 9920,
  own: contrast(-2, "lower", [62, 64]),
  more: contrast(0.5, "inconclusive", [62.5, 62]),
  leaks: {
    images: 50,
    of: 450,
    accuracy: 90,
    otherAccuracy: 62,
    allAccuracy: 65.1,
  },
  margin: 1,
};

function contrast(
  mean: number,
  finding: "lower" | "inconclusive",
  [arm, other]: readonly [number, number],
): NonNullable<Verdict["own"]> {
  return {
    pairs: [],
    mean: arm,
    otherMean: other,
    effect: {
      test: {
        n: 6,
        mean,
        sd: 1,
        interval: [mean - 1.5, mean + 1.5],
        p: 0.02,
        effect: 1,
        detectable: 2.1,
      },
      crossed: null,
      equivalenceP: 0.5,
    },
    finding,
    ...(finding === "inconclusive" &&
      { reason: "the interval is too wide" }),
    needs: { seeds: 24, images: 400 },
  };
}

Deno.test("formatVerdict() answers in five lines", () => {
  const { headline, lines } = formatVerdict(plain);
  assertEquals(
    headline,
    "The duplicates in these images lower accuracy by 2.0 points",
  );
  assertEquals(lines, [
    "Duplicates: 200 of 1,000 training images (20.0 %). Accuracy with them 62.0 %, cleaned 64.0 %: they lower it by 2.0 points (95 % interval of the change −3.5 to −0.5, over 6 seeds; shown).",
    "More: 250 duplicates like these, 0.25 per image, are added. Accuracy 62.5 %; they change it by +0.5 points (95 % interval of the change −1.0 to +2.0, over 6 seeds; no conclusion: the interval is too wide).",
    "Training: every run takes 310 steps of 32 images; one pass over the images takes 1,000 as they are and 800 cleaned, so duplicates make it 25.0 % longer.",
    "Leaks: 50 of 450 test images have a duplicate among the training images and are not counted above. Without cleaning, 90.0 % of these are classified correctly, and 62.0 % of the others: including them would raise accuracy by 3.1 points.",
    "Power: 6 seeds and 400 test images detect a change of 2.1 points with 80 % power; detecting 1 point would take about 24 seeds.",
  ]);
});

Deno.test("formatVerdict() without duplicates or leaks says so, and never concludes more than the finding", () => {
  const { own: _, leaks: __, ...rest } = plain;
  const { headline, lines } = formatVerdict({ ...rest, removed: 0 });
  assertEquals(
    headline,
    "These runs show no effect of duplicates added to these images on accuracy: +0.5 points, 95 % interval −1.0 to +2.0",
  );
  assertEquals(lines.length, 5);
  assertEquals(
    lines[3],
    "Leaks: none of the 400 test images has a duplicate among the training images.",
  );
});

Deno.test("formatVerdict() does not round what is found to the margin that it misses", () => {
  const powerOf = (detectable: number) => {
    const { effect, ...own } = plain.own!;
    const test = { ...effect.test, detectable };
    const { lines } = formatVerdict({
      ...plain,
      own: { ...own, effect: { ...effect, test, crossed: null } },
    });
    return lines.at(-1)!.replace(/^.* test images detect a /, "");
  };
  assertEquals(
    powerOf(1.04),
    "change of 1.1 points with 80 % power; detecting 1 point would take about 24 seeds.",
  );
  assertEquals(
    powerOf(0.96),
    "change of 1 point with 80 % power.",
  );
  assertEquals(
    powerOf(0.04),
    "change of 0.1 points with 80 % power.",
  );
});

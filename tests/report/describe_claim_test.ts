import { assertEquals } from "@std/assert";
import { analyse } from "../../src/analysis/analyse.ts";
import { describeClaim } from "../../src/report/describe_claim.ts";
import { reportStudies } from "../../src/report/report_series.ts";
import { readRecorded } from "../recorded_sets.ts";

const sets = await Promise.all(
  ["corrected-standard-67934a9c", "corrected-adversarial-mini"].map((name) =>
    readRecorded(name)
  ),
);
const texts = analyse(sets).claims.map((claim) =>
  describeClaim(claim, reportStudies(sets))
);
const plain = (text: string) => text.replaceAll("\u00a0", " ");

Deno.test("describeClaim() gives verdict, change, interval, seeds and runs", () => {
  // As in results/README.md and corrected-standard-67934a9c-analysis.json.
  assertEquals(texts[1]!.verdict, "✓ Supported.");
  assertEquals(
    plain(texts[1]!.finding),
    "Clean accuracy: −16.0 points per copy per original (slope over all ratios; 95 % interval −17.9 to −14.1, 6 seeds, p < .001, adjusted p < .001). A slope of 2.7 points would have been detected with 80 % power.",
  );
  assertEquals(texts[1]!.controls.map(plain), [
    "weights in place of copies: −0.1 points (−2.9 to +2.8)",
    "fresh images in place of copies: +1.2 points (−0.1 to +2.5)",
  ]);
  assertEquals(
    texts[1]!.runs,
    "standard training, class-biased and single-class, equal steps, in corrected-standard",
  );
});

Deno.test("describeClaim() gives the power of an inconclusive trend", () => {
  assertEquals(texts[2]!.verdict, "○ Inconclusive.");
  assertEquals(
    plain(texts[2]!.finding),
    "Clean accuracy: +1.5 points per copy per original (slope over all ratios; 95 % interval −3.2 to +6.2, 6 seeds, p = .444, adjusted p = .889). With 6 seeds, 80 % power needs a slope of 6.3 points; a smaller one may exist.",
  );
});

Deno.test("describeClaim() does not round a sign away", () => {
  const claim = analyse(sets).claims[2];
  const test = { ...claim!.test!, mean: 0.04, interval: [0.012, 0] as const };
  const { finding } = describeClaim(
    {
      ...claim!,
      test: { ...test, interval: [...test.interval] },
      crossed: null,
    },
    [],
  );
  assertEquals(
    plain(finding).includes(
      "Clean accuracy: +0.04 points per copy per original (slope over all ratios; 95 % interval +0.01 to 0.0,",
    ),
    true,
    finding,
  );
});

Deno.test("describeClaim() says what a trend is the mean over, and what is left out", () => {
  const claim = analyse(sets).claims[1]!;
  const { runs } = describeClaim({
    ...claim,
    averagedOver: ["2 data sets: cifar10, fashion-mnist"],
    omitted: ["resnet-20 (2 seeds)"],
  }, reportStudies(sets));
  assertEquals(
    runs,
    "standard training, class-biased and single-class, equal steps, in corrected-standard; mean over 2 data sets: cifar10, fashion-mnist; left out, with other seeds, arms, ratios or test images: resnet-20 (2 seeds)",
  );
});

Deno.test("describeClaim() counts seeds that are left out, and keeps a p below .05 there", () => {
  const claim = analyse(sets).claims[2]!;
  const test = { ...claim.test!, p: 0.0499, detectable: 0.03 };
  const textOf = (seedsLeftOut: number) =>
    describeClaim({
      ...claim,
      test,
      crossed: null,
      holmP: 0.05,
      seedsLeftOut,
      informational: [{
        label: "worst-case accuracy",
        metric: "adversarial",
        test,
        crossed: null,
        seedsLeftOut,
      }],
    }, []);
  const { finding, information } = textOf(1);
  assertEquals(
    plain(finding).match(/6 seeds.*$/)![0],
    "6 seeds, 1 seed left out, p = .0499, adjusted p = .050). With 6 seeds, 80 % power needs a slope of 0.03 points; a smaller one may exist.",
  );
  assertEquals(
    plain(information[0]!).match(/, 1 .*$/)![0],
    ", 1 seed left out",
  );
  assertEquals(
    plain(textOf(2).information[0]!).match(/, 2 .*$/)![0],
    ", 2 seeds left out",
  );
});

Deno.test("describeClaim() gives the p of the margin where a verdict rests on it", () => {
  const claim = analyse(sets).claims[2]!;
  const textOf = (reason: string) =>
    plain(
      describeClaim({
        ...claim,
        verdict: "contradicted",
        reason,
        boundP: 0.0004,
        boundHolmP: 0.002,
      }, []).finding,
    );
  assertEquals(
    textOf("by the test of the margin").match(/The verdict[^A]*?\.002\./)?.[0],
    "The verdict is by the test of the margin, p < .001, adjusted p = .002.",
  );
  assertEquals(textOf("by the test against 0").includes("margin"), false);
});

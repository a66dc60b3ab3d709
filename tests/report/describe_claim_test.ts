import { assertEquals } from "@std/assert";
import { analyse } from "../../src/analysis/analyse.ts";
import { describeClaim } from "../../src/report/describe_claim.ts";
import { reportStudies } from "../../src/report/report_series.ts";
import { readResultSet } from "../../src/results/read_result_set.ts";

const sets = await Promise.all(
  ["corrected-standard-67934a9c", "corrected-adversarial-mini"].map((name) =>
    readResultSet(
      new URL(`../../results/${name}.json`, import.meta.url).pathname,
    )
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
    "Clean accuracy changes by −16.0 points for one duplicate per original, by the trend over all ratios (95 % interval −17.3 to −14.7, 6 seeds, p < .001).",
  );
  assertEquals(texts[1]!.controls.map(plain), [
    "weights in place of copies: −0.1 points (−2.9 to +2.8)",
    "fresh images in place of copies: +1.2 points (−0.1 to +2.5)",
    "copies in a set of fixed size: +24.1 points (+18.4 to +29.8)",
  ]);
  assertEquals(
    texts[1]!.runs,
    "standard training, class-biased and single-class, equal steps, in corrected-standard-67934a9c",
  );
});

Deno.test("describeClaim() says what an inconclusive trend could have shown", () => {
  assertEquals(texts[2]!.verdict, "○ Inconclusive.");
  assertEquals(
    plain(texts[2]!.finding),
    "Clean accuracy changes by −2.3 points for one duplicate per original, by the trend over all ratios (95 % interval −5.5 to +0.9, 6 seeds, p = .120). So many seeds show a change of 4.3 points or more four times in five; a smaller one may be there.",
  );
});

Deno.test("describeClaim() hides no sign by rounding", () => {
  const [claim] = analyse(sets).claims;
  const test = { ...claim!.test!, mean: 0.04, interval: [0.012, 0] as const };
  const { finding } = describeClaim(
    { ...claim!, test: { ...test, interval: [...test.interval] } },
    [],
  );
  assertEquals(
    plain(finding).includes(
      "by +0.04 % for one duplicate per original, by the trend over all ratios (95 % interval +0.01 to 0.0,",
    ),
    true,
    finding,
  );
});

import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { compareValues } from "../../src/verify/compare_values.ts";
import { chromiumTest } from "../chromium_available.ts";
import { firefoxTest } from "../firefox_available.ts";
import { runBrowser } from "../run_browser.ts";
import { type MadePage, withPage } from "./_make_page.ts";
import type { Seen } from "./_read_page.ts";

/** The honest cell passes; of the forged one, the page says what and where. */
function judgeHonest(seen: Seen, { honest }: MadePage, engine: RegExp): void {
  const count = compareValues(honest, honest).length;
  assert(count > 20, `${count} values`);
  assertEquals(
    seen.verdict,
    `All ${count} recorded values were reproduced, bit for bit`,
  );
  assert(engine.test(seen.explanation), seen.explanation);
  assertEquals([seen.different, seen.values], [[], count]);
  const steps = honest.outcome.epochs.reduce((sum, one) => sum + one.steps, 0);
  assertEquals([seen.points, seen.focused], [steps, "verdict"]);
}

function judgeForged(seen: Seen, { forged }: MadePage): void {
  const count = compareValues(forged, forged).length;
  assertEquals(
    seen.verdict,
    `1 of ${count} recorded values was not reproduced`,
  );
  const { correct } = forged.outcome.test!.clean;
  const field = "outcome.test.clean.correct";
  assertEquals(seen.different, [[field, `${correct + 1}`, `${correct}`]]);
  for (const part of [forged.id, field, `${correct + 1} `, `got ${correct} `]) {
    assertStringIncludes(seen.explanation, part);
  }
  assertEquals([seen.values, seen.focused], [count, "verdict"]);
}

chromiumTest(
  "a page that verifies passes a true cell and says which number of a forged one is false; by keyboard, at 360 px, light and dark, without a network; axe finds nothing; its text needs no script",
  () =>
    withPage(async (page, url) => {
      const { cells, withoutScript, ...found } = await runBrowser(
        "tests/browser/_verify_in_chromium.ts",
        url,
      );
      judgeHonest(cells[0], page, /^Chromium \d+/);
      judgeForged(cells[1], page);
      assertEquals(
        {
          ...found,
          requests: found.requests.filter((url: string) =>
            !/^(file|blob|data):/.test(url)
          ),
        },
        {
          stops: ["skip", "cell", "start"],
          requests: [],
          complaints: [],
          widths: [360, 360],
          violations: [],
        },
      );
      assertStringIncludes(withoutScript, page.honest.id);
      assertStringIncludes(withoutScript, "results/tiny.json");
      assert(!withoutScript.includes("Train and compare"), withoutScript);
    }),
);

firefoxTest(
  "a page that verifies passes a true cell and says which number of a forged one is false",
  () =>
    withPage(async (page, url) => {
      const { cells: [first, second] } = await runBrowser(
        "tests/browser/_verify_in_firefox.ts",
        url,
      );
      judgeHonest(first, page, /^Firefox \d+/);
      judgeForged(second, page);
    }),
);

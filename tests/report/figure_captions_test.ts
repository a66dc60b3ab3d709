import { assertEquals, assertMatch } from "@std/assert";
import { describeMetric } from "../../src/report/figure_captions.ts";
import { reportStudies } from "../../src/report/report_series.ts";
import { imagine } from "../analysis/_imagine.ts";

Deno.test("describeMetric() lists numbers of test images in ascending order, in whatever order sets are read", () => {
  const setOf = (rows: number) => {
    const set = imagine(() => ({ accuracy: 50 }), { seeds: [1, 2, 3] }, {
      rows,
      sha256: String(rows).padStart(64, "0"),
    });
    const testPerClass = Array(10).fill(rows / 10);
    return { ...set, dataset: { ...set.dataset, testPerClass } };
  };
  const [large, small] = [setOf(1000), setOf(500)];
  const captions = [[large, small], [small, large]].map((sets) =>
    describeMetric("clean", reportStudies(sets)[0]!)
  );
  assertMatch(captions[0]!, /^Percentage of 500 or 1,000 test images that /);
  assertEquals(captions[0], captions[1]);
});

import { assertEquals } from "@std/assert";
import { analyse } from "../../src/analysis/analyse.ts";
import { armOf } from "../../src/analysis/arm.ts";
import published from "../../src/analysis/published.json" with {
  type: "json",
};
import { canonicalJson } from "../../src/core/digest.ts";
import { overlayPublished } from "../../src/report/published_points.ts";
import {
  type ReportSeries,
  reportStudies,
} from "../../src/report/report_series.ts";
import type { CellConfig } from "../../src/spec/cell_config.ts";
import { namedStudies } from "../../src/spec/named_studies.ts";
import { planCells } from "../../src/spec/plan_cells.ts";
import type { Study } from "../../src/spec/study.ts";
import { readRecorded } from "../recorded_sets.ts";

/** A curve of the study's first duplicated cell, as the analysis groups it. */
function seriesOf(
  study: string,
  metric: string,
  fields: Partial<Study> = {},
): ReportSeries {
  const { config } = planCells({ ...namedStudies[study]!, ...fields }, "wasm")
    .find(({ config }) => config.duplication.ratio > 0)!;
  const {
    duplication: _,
    budget: __,
    seed: ___,
    augmentation,
    ...rest
  }: CellConfig = config;
  return {
    arm: armOf(config),
    protocol: canonicalJson(["00", rest, augmentation.name]),
    metric,
    unit: "points",
    points: [],
  };
}

const comparison = analyse([await readRecorded("quick-1e218e0d")]).published;

Deno.test("overlayPublished() lays the printed points over the paper's own protocol, also on fewer images", async () => {
  const set = await readRecorded("published-standard-6dbb1440");
  const [report] = reportStudies([set]);
  const clean = report!.series.filter(({ metric }) => metric === "clean");
  const { points, differences } = overlayPublished(clean, comparison);
  assertEquals(differences, []);
  assertEquals(
    points.map(({ ratio, mean }) => [ratio, mean.toFixed(2)]),
    published.rows.filter(({ training }) => training === "standard")
      .map(({ ratio, clean }) => [ratio, (100 * clean).toFixed(2)]),
  );
});

Deno.test("overlayPublished() draws nothing where data or epochs differ, and names them", async () => {
  const set = await readRecorded("published-standard-mini-99de87f6");
  const [report] = reportStudies([set]);
  const clean = report!.series.filter(({ metric }) => metric === "clean");
  assertEquals(overlayPublished(clean, comparison), {
    points: [],
    differences: ["data set", "epochs"],
  });
});

Deno.test("overlayPublished() does not take another attack for the paper's", () => {
  const own = seriesOf("published-adversarial", "pgd-10");
  assertEquals(overlayPublished([own], comparison).points.length, 11);
  const corrected = namedStudies["corrected-adversarial"]!;
  const epochs = { ...corrected, name: "x", budget: ["epochs" as const] };
  const [, cell] = planCells({ ...epochs, seeds: [1] }, "wasm");
  assertEquals(cell!.config.model, own.arm.model);
  const { duplication: _, budget: __, seed: ___, augmentation, ...rest } = cell!
    .config;
  const other = {
    ...own,
    protocol: canonicalJson(["00", rest, augmentation.name]),
    metric: "pgd-20",
  };
  const { points, differences } = overlayPublished([other], comparison);
  assertEquals(points, []);
  assertEquals(differences.includes("attack"), true);
  assertEquals(differences.includes("adversarial training"), true);
});

Deno.test("overlayPublished() draws over runs whose training images were not attacked, too", () => {
  const plain = seriesOf("published-adversarial", "pgd-10", {
    attackTraining: undefined,
  });
  const { points, differences } = overlayPublished([plain], comparison);
  assertEquals([points.length, differences], [11, []]);
});

Deno.test("overlayPublished() draws nothing for what the paper did not measure", async () => {
  const [report] = reportStudies([await readRecorded("quick-1e218e0d")]);
  assertEquals(overlayPublished(report!.series, comparison), {
    points: [],
    differences: [],
  });
});

import { largest, smallest } from "../core/extremes.ts";
import { listWords } from "../core/list_words.ts";
import type { PublishedComparison } from "../analysis/compare_published.ts";
import { attackedImagesOf } from "../results/attacked_images.ts";
import { onDistinctImages } from "../results/distinct_images.ts";
import type { ResultSet } from "../results/result_set.ts";
import type { Band } from "./band.ts";
import { FEWEST_FOR_INTERVALS } from "./draw_panel.ts";
import { formatEpsilon } from "./format_epsilon.ts";
import { publishedStyle } from "./palette.ts";
import { overlayPublished } from "./published_points.ts";
import { DISTINCT, type StudyReport } from "./report_series.ts";
import type { SeriesPanel } from "./series_panels.ts";

/** Joins sentences; empty ones are left out. */
export function joinSentences(...sentences: readonly string[]): string {
  return sentences.filter((text) => text !== "").join(" ");
}

/** What a metric of accuracy counts, among how many images. */
export function describeMetric(metric: string, { sets }: StudyReport): string {
  const isDistinct = metric.endsWith(DISTINCT);
  const all = isDistinct ? metric.slice(0, -DISTINCT.length) : metric;
  const [, weights = "", outcome = all] =
    /^(flipped |averaged |best )?(clean|worst case)$/.exec(all) ?? [];
  const isClean = outcome === "clean";
  const counts = sets.flatMap((set) =>
    isDistinct
      ? distinctPerClass(set, isClean)
      : isClean
      ? testPerClass(set)
      : attackedPerClass(set)
  );
  const images = `Percentage of ${
    orList(counts.map(total), formatNumber)
  } test images${
    isDistinct
      ? " (those without a near duplicate among the training images of CIFAR-10)"
      : ""
  }`;
  const by = byWeights[weights.trim()] ?? "";
  if (isClean) {
    const chance = orList(
      counts.map((perClass) => largest(perClass) / total(perClass)),
      (share) => `${Number((100 * share).toFixed(1))} %`,
    );
    return `${images} that are classified correctly${by} without an attack; always predicting the most frequent class gives ${chance}.`;
  }
  const radii = orList(
    sets.flatMap(({ cells }) =>
      cells.map(({ config }) => config.evaluation.epsilon)
    ),
    formatEpsilon,
  );
  const threat = `an attack may change each pixel by at most ε = ${radii}`;
  return outcome === "worst case"
    ? `${images} that are classified correctly${by} both clean and under every attack of the study; ${threat}.`
    : `${images} that are classified correctly under the attack; ${threat}.`;
}

/** Whose accuracy it is, where it is not that of the last weights. */
const byWeights: Readonly<Record<string, string>> = {
  "flipped": " by the mean of the logits of the image and of its mirror image,",
  "averaged": " by the moving average of the weights",
  "best": " by the weights after the best epoch on held-out images,",
};

/** How many seeds points are means over, and what bands show. */
export function describeSpread(
  chosen: readonly { points: readonly Band[] }[],
): string {
  const counts = chosen.flatMap(({ points }) => points.map((p) => p.seeds));
  const [fewest, most] = [smallest(counts), largest(counts)];
  if (most === 1) return "One seed, so there are no intervals.";
  const seeds = fewest === most ? `${most}` : `${fewest} to ${most}`;
  const means = `Points are means over ${seeds} seeds`;
  if (most < FEWEST_FOR_INTERVALS) {
    return `${means}, too few for meaningful intervals.`;
  }
  return `${means}; bars and bands are the 95 % t intervals of the means${
    fewest < FEWEST_FOR_INTERVALS
      ? `, of those over ${FEWEST_FOR_INTERVALS} seeds or more`
      : ""
  }.`;
}

/**
 * Draws the paper's points over the panels that repeat its protocol.
 *
 * @returns What a caption must say of it; empty where the paper has no such
 * points.
 */
export function drawPublishedOver(
  panels: readonly SeriesPanel[],
  { sets }: StudyReport,
  published: PublishedComparison,
): string {
  const differences = new Set<string>();
  let isDrawn = false;
  for (const { curves, series } of panels) {
    const found = overlayPublished(series, published);
    found.differences.forEach((name) => differences.add(name));
    if (found.points.length === 0) continue;
    curves.push({
      name: "the paper",
      style: publishedStyle,
      isPointsOnly: true,
      points: found.points,
    });
    isDrawn = true;
  }
  if (isDrawn) {
    const images = orList(
      sets.flatMap(({ dataset, cells }) =>
        cells.map(({ config: { drawTrain } }) =>
          drawTrain ?? total(dataset.trainPerClass)
        )
      ),
      formatNumber,
    );
    return `Crosses are the paper's printed results with the same protocol: one seed each, on all 50,000 training images; the runs here had ${images}.`;
  }
  return differences.size === 0
    ? ""
    : `The paper's points are not shown, because these runs differ from its protocol in ${
      listWords(differences)
    }.`;
}

type PerClass = ResultSet["dataset"]["testPerClass"];

function testPerClass({ dataset }: ResultSet): PerClass[] {
  return [dataset.testPerClass];
}

/** Images under attack, which are the same in all cells of a set. */
function attackedPerClass(set: ResultSet): PerClass[] {
  const tested = set.cells.flatMap((cell) =>
    cell.status === "finished" ? cell.outcome.test ?? [] : []
  );
  return tested[0] === undefined
    ? testPerClass(set)
    : [attackedImagesOf(tested[0]).rowsPerClass];
}

/** Those of a set's cells that have distinct images. */
function distinctPerClass({ cells }: ResultSet, isClean: boolean): PerClass[] {
  return cells.flatMap((cell) => {
    const view = cell.status === "finished" ? onDistinctImages(cell) : null;
    const test = view?.outcome.test;
    if (!test) return [];
    return [isClean ? test.rowsPerClass : attackedImagesOf(test).rowsPerClass];
  }).slice(0, 1);
}

/** Numbers, each once and ascending, in whatever order the sets are. */
function orList(
  values: readonly number[],
  format: (value: number) => string,
): string {
  const ascending = values.toSorted((a, b) => a - b);
  return [...new Set(ascending.map(format))].join(" or ");
}

function formatNumber(value: number): string {
  return value.toLocaleString("en");
}

function total(perClass: readonly number[]): number {
  return perClass.reduce((sum, rows) => sum + rows, 0);
}

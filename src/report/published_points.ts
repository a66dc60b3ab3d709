import {
  isLikePublished,
  type PublishedComparison,
} from "../analysis/compare_published.ts";
import { canonicalJson } from "../core/digest.ts";
import type { CellConfig } from "../spec/cell_config.ts";
import { namedStudies } from "../spec/named_studies.ts";
import { planCells } from "../spec/plan_cells.ts";
import { type TrainingName, trainings } from "../spec/axes/training.ts";
import { namesOf } from "../spec/term.ts";
import type { BandPoint, ReportSeries } from "./report_series.ts";

/** The paper's points in a panel. */
export interface PublishedOverlay {
  /** Empty where the protocol is not the paper's, or the paper has no such points. */
  points: BandPoint[];
  /** Why a similar curve has none: what its protocol differs in. */
  differences: string[];
}

type Protocol = Omit<
  CellConfig,
  "duplication" | "budget" | "seed" | "augmentation"
>;

/**
 * The paper's points for curves of one metric. They are drawn only over runs
 * with its own protocol, that of the studies `published-standard` and
 * `published-adversarial`; the number of images, seeds and backend may differ.
 */
export function overlayPublished(
  series: readonly ReportSeries[],
  { rows }: PublishedComparison,
): PublishedOverlay {
  const points: BandPoint[] = [];
  const differences = new Set<string>();
  for (const training of namesOf(trainings)) {
    const like = series.filter(({ arm }) => isLikePublished(arm, training));
    for (const { protocol, metric } of like) {
      // The paper's attack was PGD.
      const isClean = metric === "clean";
      if (!isClean && !metric.startsWith("pgd-")) continue;
      const values = rows.filter((row) => row.training === training)
        .flatMap((row) => {
          const mean = isClean ? row.clean : row.adversarial;
          return mean === null ? [] : [{ ratio: row.ratio, mean }];
        });
      if (values.length === 0) continue;
      const found = differencesOf(protocol, training, metric);
      found.forEach((name) => differences.add(name));
      if (found.length > 0 || points.length > 0) continue;
      points.push(
        ...values.map((v) => ({ ...v, seeds: 1, low: null, high: null })),
      );
    }
  }
  return { points, differences: [...differences] };
}

/** What a protocol differs from the published one in, as far as a metric is affected. */
function differencesOf(
  protocol: string,
  training: TrainingName,
  metric: string,
): string[] {
  const [, here, augmentation]: [string, Protocol, unknown] = JSON.parse(
    protocol,
  );
  const study = namedStudies[`published-${training}`];
  // The paper trained in no other way.
  if (study === undefined) return ["training"];
  const there = planCells(study, here.backend)[0]!.config;
  const pairs: [name: string, here: unknown, there: unknown][] = [
    ["data set", here.dataset.name, there.dataset.name],
    ["model", here.model, there.model],
    ["epochs", here.epochs, there.epochs],
    ["batch", here.batch, there.batch],
    ["optimizer", here.optimizer, there.optimizer],
    ["schedule", here.schedule, there.schedule],
    ["label smoothing", here.labelSmoothing ?? 0, there.labelSmoothing ?? 0],
    ["adversarial training", here.training, there.training],
    ["augmentation", augmentation, there.augmentation.name],
    [
      "augmentation of test images",
      here.evaluation.augmentation ?? "none",
      there.evaluation.augmentation ?? "none",
    ],
  ];
  if (metric !== "clean") {
    const threat = ({ evaluation }: Pick<CellConfig, "evaluation">) => {
      const { epsilon, alpha, lowest = 0, randomStart = true } = evaluation;
      return { epsilon, alpha, lowest, randomStart };
    };
    const isSame = there.evaluation.attacks.includes(metric) &&
      canonicalJson(threat(here)) === canonicalJson(threat(there));
    pairs.push(["attack", isSame, true]);
  }
  return pairs.filter(([, a, b]) => canonicalJson(a) !== canonicalJson(b))
    .map(([name]) => name);
}

import {
  isLikePublished,
  type PublishedComparison,
} from "../analysis/compare_published.ts";
import { canonicalJson } from "../core/digest.ts";
import type { CellConfig } from "../spec/cell_config.ts";
import { namedStudies } from "../spec/named_studies.ts";
import { planCells } from "../spec/plan_cells.ts";
import type { BandPoint, ReportSeries } from "./report_series.ts";

/** The paper's points for a panel. */
export interface PublishedOverlay {
  /** Empty where the protocol is not the paper's, or it has no such points. */
  points: BandPoint[];
  /** Where they are left out of a like curve: what its protocol differs in. */
  differences: string[];
}

type Protocol = Omit<
  CellConfig,
  "duplication" | "budget" | "seed" | "augmentation"
>;

/**
 * The paper's points for curves of one metric. They are drawn only over runs of
 * its own protocol, as `published-standard` and `published-adversarial` have it:
 * the number of images may be another, and so may seeds and backend.
 */
export function overlayPublished(
  series: readonly ReportSeries[],
  { rows }: PublishedComparison,
): PublishedOverlay {
  const points: BandPoint[] = [];
  const differences = new Set<string>();
  for (const training of ["standard", "adversarial"]) {
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

/** In what a protocol is not the published one, as far as a metric tells. */
function differencesOf(
  protocol: string,
  training: string,
  metric: string,
): string[] {
  const [, here, augmentation]: [string, Protocol, string] = JSON.parse(
    protocol,
  );
  const study = namedStudies[`published-${training}`]!;
  const there = planCells(study, here.backend)[0]!.config;
  const pairs: [name: string, here: unknown, there: unknown][] = [
    ["data set", here.dataset.name, there.dataset.name],
    ["model", here.model, there.model],
    ["epochs", here.epochs, there.epochs],
    ["batch", here.batch, there.batch],
    ["optimizer", here.optimizer, there.optimizer],
    ["schedule", here.schedule, there.schedule],
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
      const { attacks: _, augmentation: __, ...rest } = evaluation;
      return rest;
    };
    const isSame = there.evaluation.attacks.includes(metric) &&
      canonicalJson(threat(here)) === canonicalJson(threat(there));
    pairs.push(["attack", isSame, true]);
  }
  return pairs.filter(([, a, b]) => canonicalJson(a) !== canonicalJson(b))
    .map(([name]) => name);
}

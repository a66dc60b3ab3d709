import type { MetricName } from "../spec/metrics.ts";
import { type Arm, hasPlainCopies } from "./arm.ts";
import published from "./published.json" with { type: "json" };
import type { ArmTrend } from "./trends.ts";

/** A published point and the same measurement here, accuracies in points. */
export interface PublishedRow {
  /** How it was trained. */
  training: string;
  /** Copies per original image. */
  ratio: number;
  /** Published accuracy on (augmented) test images. */
  clean: number;
  /** Published accuracy under PGD; `null` where it was not measured. */
  adversarial: number | null;
  /** Means over seeds in these result sets; `null` where they have no such runs. */
  measured: { clean: number | null; adversarial: number | null };
}

/** The published figures, each with the same measurement here. */
export interface PublishedComparison {
  /** Where they were published. */
  source: string;
  /** One row per point. */
  rows: PublishedRow[];
  /** Another run with adversarial training, from a comment in the notebook. */
  secondRun: Pick<PublishedRow, "ratio" | "clean" | "adversarial">[];
}

/**
 * Compares the published figures with runs of the same policy and training with
 * equal epochs, whatever their data set and model. The mean of all such arms is
 * taken.
 */
export function comparePublished(
  trends: readonly ArmTrend[],
): PublishedComparison {
  return {
    source: published.source,
    secondRun: published.secondRun.map(({ ratio, clean, adversarial }) => ({
      ratio,
      clean: inPoints(clean),
      adversarial: inPoints(adversarial),
    })),
    rows: published.rows.map((row) => {
      const { training, ratio, clean } = row;
      const adversarial = "adversarial" in row ? row.adversarial! : null;
      const measured = (metric: MetricName) =>
        meanAt(
          trends.filter((t) =>
            t.metric === metric && isLikePublished(t.arm, training)
          ),
          ratio,
        );
      return {
        training,
        ratio,
        clean: inPoints(clean),
        adversarial: adversarial === null ? null : inPoints(adversarial),
        measured: {
          clean: measured("clean"),
          adversarial: measured("adversarial"),
        },
      };
    }),
  };
}

/** Published with four digits, which a product of floats exceeds. */
function inPoints(rate: number): number {
  return Number((100 * rate).toFixed(2));
}

/** Whether an arm has the duplication, budget and training of a published one. */
export function isLikePublished(arm: Arm, training: string): boolean {
  const policy = training === "standard" ? "whole-copies" : "uniform";
  return arm.training === training && arm.policy === policy &&
    hasPlainCopies(arm) && arm.budget === "epochs";
}

function meanAt(trends: readonly ArmTrend[], ratio: number): number | null {
  const values = trends.flatMap(({ ratios, means }) => {
    const mean = means[ratios.indexOf(ratio)];
    return mean === undefined ? [] : [mean];
  });
  return values.length === 0
    ? null
    : values.reduce((sum, v) => sum + v, 0) / values.length;
}

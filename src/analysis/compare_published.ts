import type { MetricName } from "./metric.ts";
import published from "./published.json" with { type: "json" };
import type { Arm } from "./seed_curves.ts";
import type { ArmTrend } from "./trends.ts";

/** A published point and its like here, accuracies in points. */
export interface PublishedRow {
  /** How it was trained. */
  training: string;
  /** Duplicates per original image. */
  ratio: number;
  /** Published accuracy on (augmented) test images. */
  clean: number;
  /** Published accuracy under PGD; `null` where it was not measured. */
  adversarial: number | null;
  /** Means over seeds here; `null` where no such runs were given. */
  here: { clean: number | null; adversarial: number | null };
}

/** The published figures, each with its like here. */
export interface PublishedComparison {
  /** Where they were published. */
  source: string;
  /** A row a point. */
  rows: PublishedRow[];
  /** Another run with adversarial training, which the notebook has in a comment. */
  secondRun: Pick<PublishedRow, "ratio" | "clean" | "adversarial">[];
}

/**
 * Puts the published figures beside those of runs that are like them: copies
 * of the same policy with equal epochs, on whatever data and model they were.
 * Where several arms are, the mean of all is taken.
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
      const here = (metric: MetricName) =>
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
        here: { clean: here("clean"), adversarial: here("adversarial") },
      };
    }),
  };
}

/** Published with four digits; a product of floats has more. */
function inPoints(rate: number): number {
  return Number((100 * rate).toFixed(2));
}

/** Whether an arm is duplicated, budgeted and trained as a published one. */
export function isLikePublished(arm: Arm, training: string): boolean {
  const policy = training === "standard" ? "whole-copies" : "uniform";
  return arm.training === training && arm.policy === policy &&
    arm.mode === "add" && arm.standIn === "copies" && arm.dedup === "none" &&
    arm.budget === "epochs";
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

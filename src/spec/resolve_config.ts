import { axes, type Point } from "./axes.ts";
import type { Axis } from "./axis.ts";
import type { BackendName } from "./backends.ts";
import type { CellConfig } from "./cell_config.ts";
import { resolveOptimizer } from "./optimizers.ts";
import { type Recipe, withRecipe } from "./recipe.ts";
import { renewedValue } from "./renewed_fields.ts";
import { resolveSchedule } from "./schedules.ts";
import { BATCH, SCHEDULE, type Study } from "./study.ts";
import { resolveThreat } from "./threat.ts";

/**
 * The config of a cell: what the axes make of their values at its point, and
 * what is the same in every cell of the study.
 */
export function resolveConfig(
  ofAllNetworks: Study,
  { point, backend }: { point: Point; backend: BackendName },
): CellConfig {
  const study = withRecipe(ofAllNetworks, point.model);
  const augmentation = resolveAugmentation(study, point);
  return {
    dataset: {
      name: study.dataset,
      limitTrain: study.limitTrain ?? null,
      limitTest: study.limitTest ?? null,
      ...renewedValue(study, "split"),
    },
    ...Object.assign(
      {},
      ...axes.map((axis: Axis) => axis.resolve(study, point)),
    ),
    epochs: study.epochs,
    // Beyond the last epoch every number asks for the same.
    ...(study.evaluateEvery !== undefined &&
      { evaluateEvery: Math.min(study.evaluateEvery, study.epochs) }),
    batch: study.batch ?? BATCH,
    ...renewedValue(study, "batching"),
    optimizer: resolveOptimizer(study.optimizer, { ...study }),
    schedule: resolveSchedule(study.schedule ?? SCHEDULE, { ...study }),
    ...(study.labelSmoothing && { labelSmoothing: study.labelSmoothing }),
    augmentation,
    evaluation: {
      attacks: study.attacks,
      ...resolveThreat(study),
      ...(study.testRandomStart === false && { randomStart: false }),
      ...(study.testAugment && augmentation.name !== "none" &&
        { augmentation: augmentation.name }),
      ...(study.attackTraining && { attackTraining: true as const }),
    },
    backend,
  };
}

function resolveAugmentation(
  { augment: name, augmentCopies }: Study & Recipe,
  { ratio }: Point,
): CellConfig["augmentation"] {
  const hasChoice = name !== "none" && ratio > 0;
  return { name, copies: hasChoice ? augmentCopies : "own" };
}

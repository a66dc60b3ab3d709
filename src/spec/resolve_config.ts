import { resolveAugmentation } from "./augmentations.ts";
import { axes, type Point } from "./axes.ts";
import type { Axis } from "./axis.ts";
import type { BackendName } from "./backends.ts";
import type { CellConfig } from "./cell_config.ts";
import { resolveOptimizer } from "./optimizers.ts";
import { readingConfig } from "./reading.ts";
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
  const augmentation = augmentationOf(study, point);
  const reading = readingConfig(study);
  return {
    dataset: {
      name: study.dataset,
      limitTrain: study.limitTrain ?? null,
      limitTest: study.limitTest ?? null,
      ...(study.validation !== undefined &&
        { validation: study.validation }),
      ...renewedValue(study, "split"),
      ...(study.leaks === "apart" && { leaks: study.leaks }),
      ...(reading && { reading }),
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
    ...(study.averageDecay !== undefined &&
      { averageDecay: study.averageDecay }),
    augmentation,
    evaluation: {
      attacks: study.attacks,
      ...resolveThreat(study),
      ...(study.testRandomStart === false && { randomStart: false }),
      ...(study.testAugment && augmentation.name !== "none" &&
        { augmentation: augmentation.name }),
      ...(study.testFlip && { flip: true as const }),
      ...(study.attackImages !== undefined &&
        { attackImages: study.attackImages }),
      ...(study.attackTraining && { attackTraining: true as const }),
    },
    backend,
  };
}

function augmentationOf(
  study: Study & Recipe,
  { ratio }: Point,
): CellConfig["augmentation"] {
  const hasChoice = study.augment !== "none" && ratio > 0;
  return {
    ...resolveAugmentation(study.augment, { ...study }),
    copies: hasChoice ? study.augmentCopies : "own",
  };
}

import { augmentationFields } from "./augmentations.ts";
import { recipeOf } from "./find_network.ts";
import { optimizerFields } from "./optimizers.ts";
import { scheduleFields } from "./schedules.ts";
import type { AugmentationName, OptimizerName } from "./names.ts";
import type { Study } from "./study_types.ts";

/** Fields of a study that a network's recipe may have. */
export type RecipeField =
  | "optimizer"
  | "learningRate"
  | "momentum"
  | "nesterov"
  | "weightDecay"
  | "decayOn"
  | "biasRate"
  | "schedule"
  | "scheduleEvery"
  | "scheduleGamma"
  | "scheduleWarmup"
  | "scheduleStart"
  | "scheduleEnd"
  | "labelSmoothing"
  | "batch"
  | "augment"
  | "cropPadding"
  | "border"
  | "flip"
  | "cutout";

/**
 * How a network is trained by a study that does not say: values of fields of
 * studies. A recorded recipe is a promise like a default: result sets whose
 * studies do not say rely on it.
 */
export interface Recipe
  extends Pick<Study, Exclude<RecipeField, "optimizer" | "augment">> {
  /** Optimizer. */
  readonly optimizer: OptimizerName;
  /** Augmentation of training images. */
  readonly augment: AugmentationName;
}

/** The fields whose values belong to a choice, such as those of an optimizer. */
const belongings: readonly [
  choice: "optimizer" | "schedule" | "augment",
  fields: readonly string[],
][] = [
  ["optimizer", optimizerFields],
  ["schedule", Object.keys(scheduleFields)],
  ["augment", Object.keys(augmentationFields)],
];

/**
 * A study as one of its networks is trained: what it does not say is the
 * network's. If it chooses another optimizer, schedule or augmentation, what the
 * recipe says of its own does not apply.
 *
 * @param study Fields of a study; those that are `undefined` are not said.
 * @param model Name of the network.
 */
export function withRecipe<S extends Partial<Pick<Study, RecipeField>>>(
  study: S,
  model: string,
): S & Recipe {
  const recipe = recipeOf(model);
  const foreign = new Set(belongings.flatMap(([choice, fields]) => {
    const given = study[choice];
    return given === undefined || given === recipe[choice] ? [] : fields;
  }));
  const said = new Set(
    Object.entries(study).flatMap(([field, value]) =>
      value === undefined ? [] : [field]
    ),
  );
  const taken = Object.entries(recipe).filter(([field]) =>
    !said.has(field) && !foreign.has(field)
  );
  return { ...study, ...Object.fromEntries(taken) } as S & Recipe;
}

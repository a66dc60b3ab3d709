import { repeatingStandIns, standInAxis } from "./axes/stand_in.ts";
import { TRAIN_STEPS } from "./axes/training.ts";
import { augmentations, type AugmentationTerm } from "./augmentations.ts";
import {
  neededBy,
  optimizerOptionFields,
  optimizers,
  optimizersReading,
  resolveOptimizer,
} from "./optimizers.ts";
import { policies, type PolicyTerm } from "./policies.ts";
import { readingFieldNames } from "./reading.ts";
import { withRecipe } from "./recipe.ts";
import { schedulesByField } from "./schedules.ts";
import type { Study } from "./study_types.ts";
import { EPSILON } from "./threat.ts";

/** What of a study decides which of its fields have an effect. */
interface Choices extends
  Pick<
    Study,
    | "optimizer"
    | "momentum"
    | "weightDecay"
    | "schedule"
    | "augment"
    | "cropPadding"
    | "trainAlpha"
  > {
  readonly model: readonly string[];
  readonly dataset: string;
  readonly training: readonly string[];
  readonly policy: readonly string[];
  readonly ratios?: readonly number[] | undefined;
  readonly copies?: readonly string[] | undefined;
  readonly standIn?: readonly string[] | undefined;
  readonly conflict?: readonly number[] | undefined;
  readonly evaluateEvery?: number | undefined;
  readonly attacks?: readonly string[] | undefined;
}

/** A condition of a field: without it the field would silently do nothing. */
interface Condition {
  readonly field: string;
  /** What it needs, such as `policy single-class`. */
  readonly need: string;
  /** The value that asks for nothing; default: every value asks for something. */
  readonly usual?: unknown;
  holds(choices: Choices): boolean;
  /**
   * What recorded studies fulfil instead, which must stay readable: earlier
   * versions took more. Default: the same.
   */
  recorded?(choices: Choices): boolean;
}

/** Of a condition that no recorded study need fulfil. */
const always = () => true;

const policyEntries: readonly [string, PolicyTerm][] = Object.entries(policies);

const fixedPolicies = policyEntries.filter(([, { isFixed }]) => isFixed)
  .map(([name]) => name);

const augmentationEntries: readonly [string, AugmentationTerm][] = Object
  .entries(augmentations);

const hasAdversarial = ({ training }: Choices) =>
  training.includes("adversarial");

const hasPgd = ({ attacks }: Choices) =>
  attacks?.some((name) => name.startsWith("pgd-")) ?? true;

const hasAugmentation = (study: Choices) =>
  recipesOf(study).some(({ augment }) => augment !== "none");

/**
 * The fields that act under a condition only. Later axes need none: values of an
 * axis that give equal cells are one cell.
 */
const conditions: readonly Condition[] = [
  ...["split", ...readingFieldNames].map((field): Condition => ({
    field,
    need: "dataset folder",
    holds: ({ dataset }) => dataset === "folder",
  })),
  ...policyEntries.flatMap(([name, { fields = {} }]) =>
    Object.keys(fields).map((field): Condition => ({
      field,
      need: `policy ${name}`,
      holds: ({ policy }) => policy.includes(name),
    }))
  ),
  {
    field: "nearKinds",
    need: "copies near",
    holds: ({ copies }) => copies?.includes("near") ?? false,
  },
  {
    field: "conflict",
    need: `standIn ${repeatingStandIns.join(" or ")}`,
    holds: ({ standIn = standInAxis.fallback, conflict = [] }) =>
      conflict.every((share) => share === 0) ||
      repeatingStandIns.some((name) => standIn.includes(name)),
  },
  {
    field: "plans",
    need: `a policy other than ${
      fixedPolicies.join(", ")
    }, copies near, standIn fresh or conflict above 0`,
    holds: ({ policy, copies = [], standIn = [], conflict = [] }) =>
      policy.some((name) => !fixedPolicies.includes(name)) ||
      copies.includes("near") || standIn.includes("fresh") ||
      conflict.some((share) => share > 0),
  },
  {
    field: "validation",
    need: "evaluateEvery",
    holds: ({ evaluateEvery }) => evaluateEvery !== undefined,
  },
  {
    field: "trainAlpha",
    need: "training other than standard",
    holds: ({ training }) => training.some((name) => name !== "standard"),
  },
  {
    field: "overfittingImages",
    need: "training other than standard",
    holds: ({ training }) => training.some((name) => name !== "standard"),
  },
  {
    field: "noise",
    need: "training n-fgsm",
    holds: ({ training }) => training.includes("n-fgsm"),
  },
  ...["attackImages", "attackTraining"].map((field): Condition => ({
    field,
    need: "attacks",
    holds: ({ attacks }) => attacks === undefined || attacks.length > 0,
  })),
  {
    field: "momentum",
    need: `optimizer ${optimizersReading("momentum").join(" or ")}`,
    holds: (study) =>
      recipesOf(study).some(({ optimizer }) =>
        optimizersReading("momentum").includes(optimizer)
      ),
    recorded: ({ optimizer }) =>
      optimizer === undefined ||
      optimizersReading("momentum").some((name) => name === optimizer),
  },
  ...Object.keys(optimizerOptionFields).map(optimizerCondition)
    .filter((condition) => condition !== undefined),
  ...[...schedulesByField()].map(([field, names]): Condition => ({
    field,
    need: `schedule ${names.join(" or ")}`,
    holds: (study) =>
      recipesOf(study).some(({ schedule }) =>
        names.some((name) => name === schedule)
      ),
  })),
  ...augmentationEntries.flatMap(([name, { reads = {} }]) =>
    Object.values(reads).map((field): Condition => ({
      field,
      need: `augment ${name}`,
      holds: (study) =>
        recipesOf(study).some(({ augment }) => augment === name),
    }))
  ),
  {
    field: "border",
    need: "cropPadding of at least 1",
    holds: (study) =>
      recipesOf(study).some(({ cropPadding }) => cropPadding !== 0),
  },
  {
    field: "nearKinds",
    need: `standIn ${repeatingStandIns.join(" or ")}`,
    recorded: always,
    holds: ({ standIn = standInAxis.fallback }) =>
      repeatingStandIns.some((name) => standIn.includes(name)),
  },
  {
    field: "augmentCopies",
    need: "augment crop-flip, a ratio above 0 and a standIn other than weights",
    usual: "own",
    recorded: always,
    holds: (study) => {
      const { ratios = [1], standIn = standInAxis.fallback } = study;
      return hasAugmentation(study) && ratios.some((ratio) => ratio > 0) &&
        standIn.some((name) => name !== "weights");
    },
  },
  {
    field: "testAugment",
    need: "augment crop-flip",
    usual: false,
    recorded: always,
    holds: hasAugmentation,
  },
  {
    field: "epsilon",
    need: "attacks or training other than standard",
    usual: EPSILON,
    recorded: always,
    holds: ({ attacks, training }) =>
      attacks === undefined || attacks.length > 0 ||
      training.some((name) => name !== "standard"),
  },
  {
    field: "alpha",
    need: "attacks pgd-N, or training adversarial without trainAlpha",
    recorded: always,
    holds: (study) =>
      hasPgd(study) ||
      (hasAdversarial(study) && study.trainAlpha === undefined),
  },
  {
    field: "attackLowest",
    need: "attacks pgd-N or training adversarial",
    recorded: always,
    holds: (study) => hasPgd(study) || hasAdversarial(study),
  },
  {
    field: "testRandomStart",
    need: "attacks pgd-N",
    usual: true,
    recorded: always,
    holds: hasPgd,
  },
  {
    field: "trainSteps",
    need: "training adversarial",
    usual: TRAIN_STEPS,
    recorded: always,
    holds: hasAdversarial,
  },
  {
    field: "randomStart",
    need: "training adversarial",
    usual: true,
    recorded: always,
    holds: hasAdversarial,
  },
];

/** The study as each of its networks is trained. */
function recipesOf(study: Choices) {
  return study.model.map((model) => withRecipe(study, model));
}

/** The condition of an option of optimizers; none if it always has an effect. */
function optimizerCondition(field: string): Condition | undefined {
  const names = optimizersReading(field);
  const number = neededBy(field);
  const isOfAll = names.length === Object.keys(optimizers).length;
  if (isOfAll && number === undefined) return undefined;
  return {
    field,
    need: [
      ...(isOfAll ? [] : [`optimizer ${names.join(" or ")}`]),
      ...(number === undefined ? [] : [`${number} above 0`]),
    ].join(" and "),
    holds: (study) =>
      recipesOf(study).some((of) => {
        if (!names.includes(of.optimizer)) return false;
        const spec: Readonly<Record<string, unknown>> = {
          ...resolveOptimizer(of.optimizer, { ...of }),
        };
        return number === undefined || Number(spec[number]) > 0;
      }),
  };
}

/** Which fields of a study need what to have an effect, for documentation. */
export const fieldConditions: readonly Pick<
  Condition,
  "field" | "need" | "usual"
>[] = conditions;

/**
 * The fields of a study that would silently do nothing. Whoever sets one expects
 * an effect, so its absence is refused.
 *
 * @param options `isRecorded`: whether it may be a study that an earlier version
 * recorded, which took more; default: it is new.
 */
export function findIdleFields(
  study: Choices & object,
  { isRecorded = false }: { isRecorded?: boolean } = {},
): readonly Pick<Condition, "field" | "need">[] {
  const given: Readonly<Record<string, unknown>> = { ...study };
  return conditions.filter(({ field, usual, holds, recorded = holds }) =>
    given[field] !== undefined &&
    JSON.stringify(given[field]) !== JSON.stringify(usual) &&
    !(isRecorded ? recorded : holds)(study)
  );
}

/** Fields that a policy of the study needs and that are absent. */
export function findMissingFields(
  study: Pick<Choices, "policy"> & object,
): { field: string; policy: string }[] {
  const given: Readonly<Record<string, unknown>> = { ...study };
  return policyEntries.flatMap(([policy, { needs = [] }]) =>
    study.policy.includes(policy)
      ? needs.filter((field) => given[field] === undefined)
        .map((field) => ({ field, policy }))
      : []
  );
}

/**
 * The study without the fields that would do nothing, such as those of a policy
 * that another one displaced.
 */
export function withoutIdleFields<S extends Choices & object>(study: S): S {
  const idle = new Set(findIdleFields(study).map(({ field }) => field));
  return Object.fromEntries(
    Object.entries(study).filter(([field]) => !idle.has(field)),
  ) as S;
}

import {
  gaussianPolicyTerms,
  gaussianStandInTerms,
} from "../gaussian/gaussian_terms.ts";
import { flagNames } from "../results/outcome.ts";
import { attackFamilies } from "../spec/attacks.ts";
import {
  augmentations,
  borders,
  copyAugmentations,
  flips,
} from "../spec/augmentations.ts";
import { coordinates } from "../spec/axes.ts";
import { budgets } from "../spec/axes/budget.ts";
import { copyKinds, nearKinds } from "../spec/axes/copies.ts";
import { dedups } from "../spec/axes/dedup.ts";
import { modes } from "../spec/axes/mode.ts";
import { standIns } from "../spec/axes/stand_in.ts";
import { trainings } from "../spec/axes/training.ts";
import { batchings } from "../spec/batchings.ts";
import { backends } from "../spec/backends.ts";
import { datasets } from "../spec/datasets.ts";
import { metrics } from "../spec/metrics.ts";
import { shortcuts } from "../spec/layers.ts";
import { networks } from "../spec/networks.ts";
import { decayScopes, optimizers } from "../spec/optimizers.ts";
import { plans } from "../spec/plans.ts";
import { policies } from "../spec/policies.ts";
import { schedules } from "../spec/schedules.ts";
import { leakRules } from "../spec/leak_rules.ts";
import { splits } from "../spec/splits.ts";
import type { Term } from "../spec/term.ts";
import type { NameEntry } from "./type_source.ts";

const none = { "none": "nothing is duplicated, which is ratio 0" };

/** The unions of `src/spec/names.ts`, from the tables of spec. */
export const specNames: readonly NameEntry[] = [
  {
    name: "AttackFamilyName",
    about: "Name of a family of attacks.",
    members: meaningsOf(attackFamilies),
  },
  {
    name: "AugmentationName",
    about: "Name of a random change of training images.",
    members: meaningsOf(augmentations),
  },
  {
    name: "BatchingName",
    about: "Name of a way to use images that do not fill a batch.",
    members: meaningsOf(batchings),
  },
  {
    name: "BorderName",
    about: "Name of a content of the border that is added before cropping.",
    members: meaningsOf(borders),
  },
  {
    name: "CopyAugmentationName",
    about: "Name of a way to augment copies.",
    members: meaningsOf(copyAugmentations),
  },
  {
    name: "BackendName",
    about: "Name of a TensorFlow.js backend.",
    members: meaningsOf(backends),
  },
  {
    name: "BackendRequest",
    about: "A backend that a study may request.",
    members: {
      "auto": "`webgpu` on a hardware adapter, otherwise `wasm`",
      ...meaningsOf(backends),
    },
  },
  {
    name: "BudgetName",
    about: "Name of the quantity that is held equal across ratios.",
    members: meaningsOf(budgets),
  },
  {
    name: "CoordinateKey",
    about:
      "The name of a coordinate: of a value that tells cells apart. All but `backend` are axes of a study.",
    members: Object.fromEntries(
      coordinates.map(({ key }) => [key, undefined]),
    ),
  },
  {
    name: "CopyKindName",
    about: "Name of a relation of a copy to its original.",
    members: meaningsOf(copyKinds),
  },
  {
    name: "DatasetName",
    about: "Name of a data set.",
    members: meaningsOf(datasets),
  },
  {
    name: "DecayScope",
    about: "Name of the parameters that decay.",
    members: meaningsOf(decayScopes),
  },
  {
    name: "DedupName",
    about: "Name of a way to remove duplicates before training.",
    members: meaningsOf(dedups),
  },
  {
    name: "FlipName",
    about: "Name of a rule that selects the images to mirror.",
    members: meaningsOf(flips),
  },
  {
    name: "MetricName",
    about: "Name of what an analysis measures.",
    members: meaningsOf(metrics),
  },
  {
    name: "ModeName",
    about: "Name of a mode: whether the training set grows with the copies.",
    members: meaningsOf(modes),
  },
  {
    name: "NearKind",
    about: "Name of a way in which a near copy differs from its original.",
    members: meaningsOf(nearKinds),
  },
  {
    name: "Shortcut",
    about: "How the input of a residual block reaches its output.",
    members: shortcuts,
  },
  {
    name: "NetworkName",
    about: "Name of a network.",
    members: meaningsOf(networks),
  },
  {
    name: "OptimizerName",
    about: "Name of an optimizer.",
    members: meaningsOf(optimizers),
  },
  {
    name: "PlanRule",
    about: "Name of a way to draw copies at different ratios.",
    members: meaningsOf(plans),
  },
  {
    name: "StudyPolicyName",
    about: "Name of a policy that a study may ask for.",
    members: meaningsOf(policies),
  },
  {
    name: "PolicyName",
    about: "Name of the policy of a cell.",
    members: { ...none, ...meaningsOf(policies) },
  },
  {
    name: "ScheduleName",
    about: "Name of a schedule of the learning rate.",
    members: meaningsOf(schedules),
  },
  {
    name: "LeakRule",
    about:
      "Name of a way to count test images with a duplicate among the training images.",
    members: meaningsOf(leakRules),
  },
  {
    name: "SplitRule",
    about: "Name of a way to split a folder into training and test images.",
    members: meaningsOf(splits),
  },
  {
    name: "StandInName",
    about: "Name of what is put in the place of the copies.",
    members: meaningsOf(standIns),
  },
  {
    name: "TrainingName",
    about: "Name of a way to train.",
    members: meaningsOf(trainings),
  },
];

/** The unions of result sets. */
export const resultNames: readonly NameEntry[] = [{
  name: "Flag",
  about: "Name of a reason why a result may be doubtful.",
  members: plainNames(flagNames),
}];

/** The unions of the toy experiment. */
export const gaussianNames: readonly NameEntry[] = [
  {
    name: "GaussianPolicy",
    about: "Name of which points are copied.",
    members: meaningsOf(gaussianPolicyTerms),
  },
  {
    name: "GaussianStandIn",
    about: "Name of what is added: copies, or fresh points in their place.",
    members: meaningsOf(gaussianStandInTerms),
  },
];

function meaningsOf(
  table: Readonly<Record<string, Term>>,
): Record<string, string> {
  return Object.fromEntries(
    Object.entries(table).map(([name, { meaning }]) => [name, meaning]),
  );
}

function plainNames(names: readonly string[]): Record<string, undefined> {
  return Object.fromEntries(names.map((name) => [name, undefined]));
}

import { z } from "zod";
import type { Axis } from "../axis.ts";
import { count, laterField } from "../field.ts";
import { networkOf } from "../find_network.ts";
import { hasBatchNorm } from "../network.ts";
import type { Study, TrainingConfig } from "../study_types.ts";
import type { Point } from "../axes.ts";
import { resolveThreat, threatShape } from "../threat.ts";
import { type MarkedTerm, namesOf } from "../term.ts";
import type { TrainingName } from "../names.ts";

export type { TrainingName };

/** Ways to train. */
export const trainings = {
  "standard": {
    title: "standard training",
    meaning: "training on the images as they are",
    mark: "circle",
  },
  "adversarial": {
    title: "adversarial training",
    meaning:
      "training on images that PGD has attacked, instead of the images themselves (Madry et al. 2018)",
    mark: "square",
  },
  "n-fgsm": {
    title: "N-FGSM training",
    meaning:
      "training on images to which random noise and one step along the sign of the gradient are added, without projection to the ball (N-FGSM; de Jorge et al. 2022)",
    mark: "triangle-up",
  },
} as const satisfies Record<string, MarkedTerm>;

/** Radius of N-FGSM's noise over epsilon, as published for epsilon 8/255. */
const NOISE = 2;

/** Steps of PGD in adversarial training, where a study does not say. */
export const TRAIN_STEPS = 10;

/** Images on which catastrophic overfitting is looked for: a batch of them. */
const OVERFITTING_IMAGES = 250;

/** Fields of a study about the attacks of training. */
export const trainingFields = {
  trainAlpha: laterField(z.number().gt(0).max(1), {
    meaning: "Step size of the training attack, in pixel units",
    fallback: "alpha; for n-fgsm epsilon",
  }),
  overfittingImages: laterField(count, {
    meaning:
      "Training images on which catastrophic overfitting is checked, after the epochs of evaluateEvery and after the last",
    fallback: `${OVERFITTING_IMAGES} for n-fgsm, none for adversarial`,
  }),
  noise: laterField(z.number().gt(0).max(100), {
    meaning: "Radius of the uniform noise of n-fgsm, in multiples of epsilon",
    fallback: NOISE,
  }),
};

const overfittingImages = z.int().min(1).describe(
  "Training images on which catastrophic overfitting is checked; absent: none",
);

/** In which mode batch normalisation runs while a batch is attacked. */
const batchNorm = z.literal("running").optional().describe(
  "Statistics that batch normalisation uses while images are attacked: the running statistics; absent: the network has no batch normalisation",
);

const shape = {
  training: z.discriminatedUnion("name", [
    z.strictObject({
      name: z.literal("standard").describe("Way to train"),
    }),
    z.strictObject({
      name: z.literal("adversarial"),
      epsilon: threatShape.epsilon,
      alpha: threatShape.alpha,
      steps: z.int().min(1).describe("PGD iterations"),
      randomStart: z.boolean().describe(
        "Whether PGD starts at a random point of the ball",
      ),
      lowest: threatShape.lowest,
      overfittingImages: overfittingImages.optional(),
      batchNorm,
    }),
    z.strictObject({
      name: z.literal("n-fgsm"),
      epsilon: threatShape.epsilon,
      alpha: threatShape.alpha,
      noise: z.number().describe(
        "Radius of the uniform noise, in multiples of epsilon",
      ),
      overfittingImages,
      batchNorm,
    }),
  ]).describe("How the network is trained"),
};

type Resolve = (study: Study, point: Point) => TrainingConfig;

const resolvers: Readonly<Record<TrainingName, Resolve>> = {
  "standard": () => ({ name: "standard" }),
  "adversarial": (study, point) => {
    const { alpha, ...threat } = resolveThreat(study);
    return {
      name: "adversarial",
      ...threat,
      alpha: study.trainAlpha ?? alpha,
      steps: study.trainSteps,
      randomStart: study.randomStart,
      ...(study.overfittingImages !== undefined &&
        { overfittingImages: study.overfittingImages }),
      ...batchNormOf(study, point),
    };
  },
  "n-fgsm": (study, point) => ({
    name: "n-fgsm",
    epsilon: study.epsilon,
    alpha: study.trainAlpha ?? study.epsilon,
    noise: study.noise ?? NOISE,
    overfittingImages: study.overfittingImages ?? OVERFITTING_IMAGES,
    ...batchNormOf(study, point),
  }),
};

/** The field of a network that has batch normalisation. */
function batchNormOf({ networks }: Study, { model }: Point) {
  const network = networkOf({ model, network: networks?.[model] });
  return hasBatchNorm(network) ? { batchNorm: "running" as const } : {};
}

/** How networks are trained. */
export const trainingAxis: Axis<
  "training",
  "training",
  TrainingName,
  false,
  typeof shape
> = {
  field: "training",
  key: "training",
  role: "condition",
  heading: "training",
  isAlwaysShown: true,
  meaning:
    "Ways to train: standard, adversarial (on PGD examples) or n-fgsm (adversarial, on examples of one step)",
  entry: z.enum(namesOf(trainings)),
  fallback: ["standard"],
  isLater: false,
  shape,
  terms: trainings,
  resolve: (study, point) => ({
    training: resolvers[point.training](study, point),
  }),
  valueOf: ({ training }) => training.name,
  say: (name) => trainings[name].title,
};

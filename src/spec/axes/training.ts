import { z } from "zod";
import type { Axis } from "../axis.ts";
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
      "training on images that PGD has attacked, in place of the images themselves (Madry et al. 2018)",
    mark: "square",
  },
} as const satisfies Record<string, MarkedTerm>;

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
    }),
  ]).describe("How the network is trained"),
};

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
  meaning: "Ways to train; adversarial training is on PGD examples",
  entry: z.enum(namesOf(trainings)),
  fallback: ["standard"],
  isLater: false,
  shape,
  terms: trainings,
  resolve: (study, { training: name }) => ({
    training: name === "standard" ? { name } : {
      name,
      ...resolveThreat(study),
      steps: study.trainSteps,
      randomStart: study.randomStart,
    },
  }),
  valueOf: ({ training }) => training.name,
  say: (name) => trainings[name].title,
};

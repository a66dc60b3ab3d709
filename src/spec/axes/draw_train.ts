import { z } from "zod";
import type { Axis } from "../axis.ts";
import { count } from "../field.ts";

const ALL = "all";

const shape = {
  drawTrain: z.int().min(1).optional().describe(
    "Training images, after the limit, that the seed of the run draws; absent: all",
  ),
};

/** How many training images the seed of a cell draws. */
export const drawTrainAxis: Axis<
  "drawTrain",
  "drawTrain",
  "all" | number,
  true,
  typeof shape
> = {
  field: "drawTrain",
  key: "drawTrain",
  role: "condition",
  heading: "drawn",
  meaning:
    "Number of training images, after limitTrain, that each seed draws: a class-balanced subset of this size, or all; fresh images are taken from the others",
  entry: z.union([z.literal(ALL), count]),
  fallback: [ALL],
  isLater: true,
  keepsClaims: true,
  shape,
  usual: ALL,
  resolve: (_, { drawTrain }) => drawTrain === ALL ? {} : { drawTrain },
  valueOf: ({ drawTrain }) => drawTrain ?? ALL,
  say: (drawTrain) =>
    drawTrain === ALL
      ? "all training images"
      : `${drawTrain} training images drawn`,
};

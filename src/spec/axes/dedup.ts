import { z } from "zod";
import type { Axis } from "../axis.ts";
import { type MarkedTerm, namesOf } from "../term.ts";
import type { DedupName } from "../names.ts";

export type { DedupName };

/** Which duplicates are found and removed before training. */
export const dedups = {
  "none": {
    title: "duplicates kept",
    meaning: "no duplicates are removed before training",
    mark: "circle",
  },
  "exact": {
    title: "exact duplicates removed",
    meaning:
      "images that equal an earlier one in every pixel are removed before training",
    mark: "square",
  },
  "near": {
    title: "near duplicates removed",
    meaning:
      "images that nearly equal an earlier one, mirrored or not, are removed before training",
    mark: "triangle-up",
  },
} as const satisfies Record<string, MarkedTerm>;

/**
 * Largest pixel difference of near duplicates, in `[0, 1]`, where none is given:
 * a correlation of .944 between the images. What it finds, and finds wrongly, is
 * measured in `bench/detection`.
 */
export const defaultMaxDifference = 0.33;

/**
 * The same where images are searched by features and aligned by their pixels,
 * whose details must agree, too: a correlation of .866.
 */
export const defaultFeatureDifference = 0.5;

const shape = {
  dedup: z.discriminatedUnion("method", [
    z.strictObject({
      method: z.literal("exact").describe("Which duplicates are removed"),
    }),
    z.strictObject({
      method: z.literal("near"),
      maxDifference: z.number().describe(
        "Largest pixel difference of near duplicates, in [0, 1]",
      ),
      mirrored: z.boolean().describe("Whether mirror images count"),
    }),
  ]).optional().describe("Duplicates removed before training; absent: none"),
};

/** Which duplicates are found and removed before training. */
export const dedupAxis: Axis<
  "dedup",
  "dedup",
  DedupName,
  true,
  typeof shape
> = {
  field: "dedup",
  key: "dedup",
  role: "condition",
  heading: "dedup",
  meaning:
    "Which duplicates are found and removed from the training list before training",
  entry: z.enum(namesOf(dedups)),
  fallback: ["none"],
  isLater: true,
  shape,
  terms: dedups,
  usual: "none",
  resolve(_, { dedup: method }) {
    switch (method) {
      case "none":
        return {};
      case "exact":
        return { dedup: { method } };
      case "near":
        return {
          dedup: {
            method,
            maxDifference: defaultMaxDifference,
            mirrored: true,
          },
        };
    }
  },
  valueOf: ({ dedup }) => dedup?.method ?? "none",
  say: (method) => dedups[method].title,
};

import { z } from "zod";
import { count, laterField } from "./field.ts";
import type { Term } from "./term.ts";
import type { ScheduleName } from "./names.ts";
import type { Schedule } from "./study_types.ts";

export type { Schedule };

export type { ScheduleName };

/** A learning-rate schedule as a study names it. */
export interface ScheduleTerm extends Term {
  /** Its part of a cell's config. */
  readonly config: z.ZodObject;
  /** Fields of the study that it reads, by the name in the config. */
  readonly reads?: Readonly<Record<string, string>>;
  /** Its numbers where a study does not say, by the name in the config. */
  readonly defaults?: Readonly<Record<string, number>>;
}

const STEP = { every: 10, gamma: 0.1 };

/** Learning-rate schedules; rates change between epochs, as PyTorch's do. */
export const schedules = {
  "constant": {
    title: "constant",
    meaning: "the learning rate stays as it is",
    config: z.strictObject({
      name: z.literal("constant").describe("Schedule"),
    }),
  },
  "step": {
    title: "step",
    meaning: "the learning rate drops by a factor every few epochs",
    config: z.strictObject({
      name: z.literal("step"),
      every: z.int().min(1).describe("Epochs between drops"),
      gamma: z.number().describe("Factor of a drop"),
    }),
    reads: { every: "scheduleEvery", gamma: "scheduleGamma" },
    defaults: STEP,
  },
  "cosine": {
    title: "cosine",
    meaning:
      "the learning rate falls to 0 along a cosine (Loshchilov and Hutter 2017)",
    config: z.strictObject({ name: z.literal("cosine") }),
  },
} as const satisfies Record<string, ScheduleTerm>;

/** Fields of a study that schedules read. */
export const scheduleFields = {
  scheduleEvery: laterField(count, {
    meaning: "Epochs between drops of the schedule step",
    fallback: STEP.every,
  }),
  scheduleGamma: laterField(z.number().gt(0).max(1), {
    meaning: "Factor of a drop of the schedule step",
    fallback: STEP.gamma,
  }),
};

type Config = typeof schedules[ScheduleName]["config"];

/** Schedule and its numbers, as the config of a cell has them. */
export const scheduleConfig: z.ZodDiscriminatedUnion<Config[], "name"> = z
  .discriminatedUnion(
    "name",
    Object.values(schedules).map(({ config }) => config) as [Config],
  );

/**
 * A schedule with its numbers: those given, or else its own defaults.
 *
 * @param given Such as a study; fields of other schedules are left out.
 */
export function resolveSchedule(
  name: ScheduleName,
  given: Readonly<Record<string, unknown>>,
): Schedule {
  const { reads = {}, defaults = {} }: ScheduleTerm = schedules[name];
  const numbers = Object.entries(reads).map(([own, field]) => [
    own,
    given[field] ?? defaults[own],
  ]);
  return { name, ...Object.fromEntries(numbers) } as Schedule;
}

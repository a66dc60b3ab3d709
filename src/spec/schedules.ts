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
const ONE_CYCLE = { warmup: 0.23, start: 0.2, end: 0.07 };

const warmup = z.number().describe(
  "Share of the gradient steps in which the rate rises linearly",
);

/** Learning-rate schedules. */
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
    meaning:
      "the learning rate drops by a factor every few epochs, as in PyTorch",
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
      "the learning rate falls to 0 along a cosine (Loshchilov and Hutter 2017), from epoch to epoch, or with a warm-up from step to step, after a linear rise from 0",
    config: z.strictObject({
      name: z.literal("cosine"),
      warmup: warmup.optional().describe(
        "Share of the gradient steps in which the rate rises linearly; absent: the rate falls from epoch to epoch, without a rise",
      ),
    }),
    reads: { warmup: "scheduleWarmup" },
  },
  "one-cycle": {
    title: "one cycle",
    meaning:
      "from step to step, the learning rate rises linearly from scheduleStart times its value, then falls linearly to scheduleEnd times its value (Jordan 2024)",
    config: z.strictObject({
      name: z.literal("one-cycle"),
      warmup,
      start: z.number().describe("Factor of the rate in the first step"),
      end: z.number().describe(
        "Factor that the step after the last would have",
      ),
    }),
    reads: {
      warmup: "scheduleWarmup",
      start: "scheduleStart",
      end: "scheduleEnd",
    },
    defaults: ONE_CYCLE,
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
  scheduleWarmup: laterField(z.number().min(0).lt(1), {
    meaning:
      "Share of the gradient steps in which the learning rate of the schedules cosine and one-cycle rises",
    fallback:
      `${ONE_CYCLE.warmup} for one-cycle; for cosine no warm-up, with changes from epoch to epoch`,
  }),
  scheduleStart: laterField(z.number().min(0).max(1), {
    meaning: "Factor of the learning rate in the first step of one-cycle",
    fallback: ONE_CYCLE.start,
  }),
  scheduleEnd: laterField(z.number().min(0).max(1), {
    meaning: "Factor of the learning rate at the end of one-cycle",
    fallback: ONE_CYCLE.end,
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
  ]).filter(([, number]) => number !== undefined);
  return { name, ...Object.fromEntries(numbers) } as Schedule;
}

/** Fields of the study that schedules read, each with the schedules that do. */
export function schedulesByField(): Map<string, ScheduleName[]> {
  const found = new Map<string, ScheduleName[]>();
  for (const name of Object.keys(schedules) as ScheduleName[]) {
    const { reads = {} }: ScheduleTerm = schedules[name];
    for (const field of Object.values(reads)) {
      found.set(field, [...found.get(field) ?? [], name]);
    }
  }
  return found;
}

import { z } from "zod";
import type { Term } from "./term.ts";
import type { OptimizerName } from "./names.ts";
import type { OptimizerSpec } from "./study_types.ts";

export type { OptimizerSpec };

export type { OptimizerName };

/** An optimizer as a study names it. */
export interface OptimizerTerm extends Term {
  /** Its numbers where a study does not say, by field of the study. */
  readonly defaults: Readonly<Record<string, number>>;
  /** Its part of a cell's config. */
  readonly config: z.ZodObject;
}

/** Optimizers. */
export const optimizers = {
  "sgd": {
    title: "SGD",
    meaning: "stochastic gradient descent with momentum",
    defaults: { learningRate: 0.01, momentum: 0.9, weightDecay: 5e-4 },
    config: z.strictObject({
      name: z.literal("sgd").describe("Optimizer"),
      learningRate: z.number().describe("Learning rate"),
      momentum: z.number().describe("Share of the last update that is kept"),
      weightDecay: z.number().describe("Weight decay, added to the gradient"),
    }),
  },
  "adam": {
    title: "Adam",
    meaning: "Adam (Kingma and Ba 2015)",
    defaults: { learningRate: 0.001, weightDecay: 0 },
    config: z.strictObject({
      name: z.literal("adam"),
      learningRate: z.number().describe("Learning rate"),
      weightDecay: z.number().describe("Weight decay, added to the gradient"),
    }),
  },
} as const satisfies Record<string, OptimizerTerm>;

type Config = typeof optimizers[OptimizerName]["config"];

/** Optimizer and its numbers, as the config of a cell has them. */
export const optimizerConfig: z.ZodDiscriminatedUnion<Config[], "name"> = z
  .discriminatedUnion(
    "name",
    Object.values(optimizers).map(({ config }) => config) as [Config],
  );

/**
 * An optimizer with its numbers: those given, or else its own defaults.
 *
 * @param given Numbers by field of the study; those of others are left out.
 */
export function resolveOptimizer(
  name: OptimizerName,
  given: Readonly<Record<string, unknown>>,
): OptimizerSpec {
  const { defaults }: OptimizerTerm = optimizers[name];
  const numbers = Object.entries(defaults).map(([field, fallback]) => [
    field,
    given[field] ?? fallback,
  ]);
  return { name, ...Object.fromEntries(numbers) } as OptimizerSpec;
}

/** Which optimizers read a field of the study. */
export function optimizersReading(field: string): OptimizerName[] {
  return (Object.keys(optimizers) as OptimizerName[]).filter((name) =>
    Object.hasOwn(optimizers[name].defaults, field)
  );
}

/** The defaults of a field by optimizer, as people read them. */
export function describeDefaults(field: string): string {
  return optimizersReading(field).map((name) => {
    const { defaults }: OptimizerTerm = optimizers[name];
    return `${defaults[field]} for ${name}`;
  }).join(", ");
}

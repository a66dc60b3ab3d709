import { z } from "zod";
import { laterField } from "./field.ts";
import { namesOf, type Term } from "./term.ts";
import type { DecayScope, OptimizerName } from "./names.ts";
import type { OptimizerSpec } from "./study_types.ts";

export type { DecayScope, OptimizerSpec };

export type { OptimizerName };

/** Which parameters decay. */
export const decayScopes = {
  "all": {
    title: "all parameters",
    meaning: "every parameter decays, biases and batch normalisation included",
  },
  "weights": {
    title: "weights only",
    meaning:
      "the weights of convolutions and dense layers decay, but no bias and no scale or shift of batch normalisation",
  },
} as const satisfies Record<string, Term>;

/** A field of the study that a config holds only where it changes something. */
interface OptimizerOption {
  /** The value that changes nothing. */
  readonly usual: unknown;
  /** The number that must be above 0, or else no value changes anything. */
  readonly needs?: string;
}

/** An optimizer as a study names it. */
export interface OptimizerTerm extends Term {
  /** Its numbers where a study does not say, by field of the study. */
  readonly defaults: Readonly<Record<string, number>>;
  /** What else of a study it reads. */
  readonly options: Readonly<Record<string, OptimizerOption>>;
  /** Its part of a cell's config. */
  readonly config: z.ZodObject;
}

const numbers = {
  learningRate: z.number().describe("Learning rate"),
  momentum: z.number().describe(
    "Momentum: the share of the last update that is kept",
  ),
  weightDecay: z.number().describe(
    "Weight decay, added to the gradient except by adamw",
  ),
};

/** What all optimizers read. */
const options = {
  decayOn: { usual: "all", needs: "weightDecay" },
  biasRate: { usual: 1 },
} as const satisfies Record<string, OptimizerOption>;

const optionShape = {
  decayOn: z.enum(namesOf(decayScopes)).exclude([options.decayOn.usual])
    .optional().describe("Which parameters decay; absent: all"),
  biasRate: z.number().optional().describe(
    "Factor by which the learning rate is multiplied for biases and for shifts of batch normalisation; absent: 1",
  ),
};

/** Optimizers. */
export const optimizers = {
  "sgd": {
    title: "SGD",
    meaning: "stochastic gradient descent with momentum",
    defaults: { learningRate: 0.01, momentum: 0.9, weightDecay: 5e-4 },
    options: { nesterov: { usual: false, needs: "momentum" }, ...options },
    config: z.strictObject({
      name: z.literal("sgd").describe("Optimizer"),
      ...numbers,
      nesterov: z.literal(true).optional().describe(
        "Whether momentum is Nesterov's; absent: no",
      ),
      ...optionShape,
    }),
  },
  "adam": {
    title: "Adam",
    meaning: "Adam (Kingma and Ba 2015)",
    defaults: { learningRate: 0.001, weightDecay: 0 },
    options,
    config: z.strictObject({
      name: z.literal("adam"),
      learningRate: numbers.learningRate,
      weightDecay: numbers.weightDecay,
      ...optionShape,
    }),
  },
  "adamw": {
    title: "AdamW",
    meaning:
      "Adam with decoupled weight decay: each step subtracts the decay times the learning rate times the weight (Loshchilov and Hutter 2019)",
    defaults: { learningRate: 0.001, weightDecay: 0.01 },
    options,
    config: z.strictObject({
      name: z.literal("adamw"),
      learningRate: numbers.learningRate,
      weightDecay: z.number().describe(
        "Weight decay: each step subtracts this number times the learning rate times the weight",
      ),
      ...optionShape,
    }),
  },
} as const satisfies Record<string, OptimizerTerm>;

/** Fields of a study that optimizers read next to their numbers. */
export const optimizerOptionFields = {
  nesterov: laterField(z.boolean(), {
    meaning: "Whether the momentum of SGD is Nesterov's, as PyTorch defines it",
    fallback: "no",
  }),
  decayOn: laterField(z.enum(namesOf(decayScopes)), {
    meaning:
      "Which parameters decay: all, or only the weights of convolutions and dense layers",
    fallback: options.decayOn.usual,
  }),
  biasRate: laterField(z.number().gt(0), {
    meaning:
      "Factor by which the learning rate is multiplied for biases and for shifts of batch normalisation",
    fallback: options.biasRate.usual,
  }),
};

type Config = typeof optimizers[OptimizerName]["config"];

/** Optimizer and its numbers, as the config of a cell has them. */
export const optimizerConfig: z.ZodDiscriminatedUnion<Config[], "name"> = z
  .discriminatedUnion(
    "name",
    Object.values(optimizers).map(({ config }) => config) as [Config],
  );

/**
 * An optimizer with its numbers: those given, or else its own defaults; and of
 * its options those that change something.
 *
 * @param given Values by field of the study; those of others are left out.
 */
export function resolveOptimizer(
  name: OptimizerName,
  given: Readonly<Record<string, unknown>>,
): OptimizerSpec {
  const { defaults, options }: OptimizerTerm = optimizers[name];
  const numbers: Record<string, unknown> = Object.fromEntries(
    Object.entries(defaults).map(([field, fallback]) => [
      field,
      given[field] ?? fallback,
    ]),
  );
  const chosen = Object.entries(options).filter(([field, { usual, needs }]) =>
    given[field] !== undefined && given[field] !== usual &&
    (needs === undefined || numbers[needs] as number > 0)
  ).map(([field]) => [field, given[field]]);
  return { name, ...numbers, ...Object.fromEntries(chosen) } as OptimizerSpec;
}

/** All fields of a study that some optimizer reads. */
export const optimizerFields: readonly string[] = [
  ...new Set(
    Object.values(optimizers).flatMap((
      { defaults, options }: OptimizerTerm,
    ) => [...Object.keys(defaults), ...Object.keys(options)]),
  ),
];

/** Which optimizers read a field of the study. */
export function optimizersReading(field: string): OptimizerName[] {
  return (Object.keys(optimizers) as OptimizerName[]).filter((name) => {
    const { defaults, options }: OptimizerTerm = optimizers[name];
    return Object.hasOwn(defaults, field) || Object.hasOwn(options, field);
  });
}

/** The number that must be above 0 for a field of the study to change anything. */
export function neededBy(field: string): string | undefined {
  return Object.values(optimizers).map(({ options }: OptimizerTerm) =>
    options[field]?.needs
  ).find((needs) => needs !== undefined);
}

/** The defaults of a field by optimizer, as people read them. */
export function describeDefaults(field: string): string {
  const own = (Object.entries(optimizers) as [string, OptimizerTerm][])
    .flatMap(([name, { defaults }]) =>
      Object.hasOwn(defaults, field) ? [`${defaults[field]} for ${name}`] : []
    );
  return `the recipe's, otherwise ${own.join(", ")}`;
}

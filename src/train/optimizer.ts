import * as tf from "@tensorflow/tfjs";
import type { KernelCall, KernelSignatures } from "../kernels/common/kernel.ts";
import {
  type Recorder,
  type Recording,
  recordingBackend,
} from "../kernels/common/recorder.ts";
import type { Classifier } from "../models/classifier.ts";
import type { Parameter } from "../spec/infer_network.ts";
import type { OptimizerName, OptimizerSpec } from "../spec/optimizers.ts";
import {
  adamStep,
  adamwStep,
  nesterovStep,
  sgdStep,
} from "../kernels/ops/optimizer_steps.ts";

/** An optimizer bound to the weights it updates. */
export interface Optimizer {
  /**
   * Updates the weights by one step of gradient descent.
   *
   * @param gradients In the order of the weights; the caller disposes them.
   * @param learningRate Of this step.
   */
  update(gradients: readonly tf.Tensor[], learningRate: number): void;
  /**
   * Records the update of one weight and its state, in place.
   *
   * @param index Which of the weights.
   */
  record(recorder: Recorder, index: number, gradient: tf.TensorInfo): void;
  /**
   * Sets the numbers of the next step in a recording. Call it once per step,
   * before the recording runs.
   */
  advance(recording: Recording, learningRate: number): void;
  /** Frees the optimizer's state, not the weights. */
  dispose(): void;
}

/** Kernels that update one weight in place. */
type UpdateKernel =
  | "DupbenchSgdStep"
  | "DupbenchNesterovStep"
  | "DupbenchAdamStep"
  | "DupbenchAdamwStep";

type Attrs<Kernel extends UpdateKernel> = KernelSignatures[Kernel]["attrs"];

/** What the step of one weight depends on, next to its state. */
interface WeightNumbers {
  readonly learningRate: number;
  readonly weightDecay: number;
}

/** How an optimizer updates one weight. */
interface UpdateRule<Kernel extends UpdateKernel = UpdateKernel> {
  readonly kernel: Kernel;
  /** Names of what it keeps of each weight, in the order of the results. */
  readonly state: readonly string[];
  /** The same step as an operation; new weight and state. */
  step(inputs: Record<string, tf.Tensor>, attrs: Attrs<Kernel>): tf.Tensor[];
  /** Attributes of a step that changes no weight. */
  readonly still: Attrs<Kernel>;
  /** Begins the next step, and gives the attributes that weights have in it. */
  begin(): (numbers: WeightNumbers) => Attrs<Kernel>;
}

type MakeRule<Name extends OptimizerName> = (
  spec: Extract<OptimizerSpec, { name: Name }>,
) => UpdateRule;

const rules: { readonly [Name in OptimizerName]: MakeRule<Name> } = {
  sgd: ({ momentum, nesterov }) => {
    const attrs = (numbers: WeightNumbers) => ({ ...numbers, momentum });
    const rest = {
      state: ["velocity"],
      still: attrs({ learningRate: 0, weightDecay: 0 }),
      begin: () => attrs,
    };
    return nesterov
      ? makeRule("DupbenchNesterovStep", nesterovStep, rest)
      : makeRule("DupbenchSgdStep", sgdStep, rest);
  },
  adam: () => {
    const advance = countPowers();
    return makeRule("DupbenchAdamStep", adamStep, {
      state: ["mean", "square"],
      still: { rate: 0, root: 1, ...adamConstants, weightDecay: 0 },
      begin() {
        const numbersOf = advance();
        return ({ learningRate, weightDecay }) => ({
          ...numbersOf(learningRate),
          weightDecay,
        });
      },
    });
  },
  adamw: () => {
    const advance = countPowers();
    return makeRule("DupbenchAdamwStep", adamwStep, {
      state: ["mean", "square"],
      still: { rate: 0, root: 1, ...adamConstants, kept: 1 },
      begin() {
        const numbersOf = advance();
        return ({ learningRate, weightDecay }) => ({
          ...numbersOf(learningRate),
          kept: 1 - learningRate * weightDecay,
        });
      },
    });
  },
};

function makeRule<Kernel extends UpdateKernel, State>(
  kernel: Kernel,
  step: (inputs: State, attrs: Attrs<Kernel>) => tf.Tensor[],
  rest: Omit<UpdateRule<Kernel>, "kernel" | "step">,
): UpdateRule {
  return { ...rest, kernel, step } as unknown as UpdateRule;
}

/** Constants of Adam, as PyTorch has them by default. */
export const adamConstants = { beta1: 0.9, beta2: 0.999, epsilon: 1e-8 };

/**
 * Counts the steps of Adam. Powers of the betas are products, because `**` may
 * round differently between engines.
 */
function countPowers() {
  let power1 = 1;
  let power2 = 1;
  return () => {
    power1 *= adamConstants.beta1;
    power2 *= adamConstants.beta2;
    return (learningRate: number) => ({
      rate: learningRate / (1 - power1),
      root: Math.sqrt(1 - power2),
      ...adamConstants,
    });
  };
}

/** Which weights have the same numbers in every step. */
interface Group {
  /** Of the recorded calls whose numbers change together. */
  readonly name: string;
  /** Factor of the learning rate. */
  readonly factor: number;
  readonly weightDecay: number;
}

function groupOf(
  { weightDecay, decayOn, biasRate = 1 }: OptimizerSpec,
  kind: Parameter["kind"],
): Group {
  const factor = kind === "bias" || kind === "shift" ? biasRate : 1;
  const decays = decayOn === undefined || kind === "weight";
  const decay = decays ? weightDecay : 0;
  return { name: `${factor} ${decay}`, factor, weightDecay: decay };
}

/**
 * Builds the optimizer of a spec with fresh state: SGD, Adam or AdamW as PyTorch
 * has them, Adam with betas .9 and .999 and epsilon 1e-8.
 *
 * @param weights What it updates.
 * @param options `kinds`: what each weight is, which decides its decay and the
 * factor of its learning rate; default: all are weights of layers.
 */
export function buildOptimizer(
  spec: OptimizerSpec,
  weights: readonly tf.Variable[],
  { kinds }: { kinds?: readonly Parameter["kind"][] } = {},
): Optimizer {
  const { kernel, state, still, step, begin } =
    (rules[spec.name] as MakeRule<OptimizerName>)(spec);
  const states = weights.map((weight) => state.map(() => zerosLike(weight)));
  const groups = weights.map((_, i) => groupOf(spec, kinds?.[i] ?? "weight"));
  const distinct = new Map(groups.map((group) => [group.name, group]));
  /** Numbers in a recording, which may stay for many steps. */
  const current = new WeakMap<Recording, Map<string, string>>();

  /** The attributes of each group in the next step. */
  function advance(learningRate: number): Map<string, Attrs<UpdateKernel>> {
    const attrsOf = begin();
    return new Map([...distinct].map(([name, { factor, weightDecay }]) => [
      name,
      attrsOf({ learningRate: learningRate * factor, weightDecay }),
    ]));
  }

  const inputsOf = (index: number): Record<string, tf.Variable> => ({
    weight: weights[index]!,
    ...Object.fromEntries(
      state.map((name, s) => [name, states[index]![s]!]),
    ),
  });

  return {
    update(gradients, learningRate) {
      const attrs = advance(learningRate);
      tf.tidy(() =>
        weights.forEach((weight, i) => {
          const inputs = { ...inputsOf(i), gradient: gradients[i]! };
          const next = step(inputs, attrs.get(groups[i]!.name)!);
          [weight, ...states[i]!].forEach((variable, s) =>
            variable.assign(next[s]!)
          );
        })
      );
    },
    record(recorder, index, gradient) {
      const inputs = { ...inputsOf(index), gradient };
      recorder.call(
        kernel,
        { inputs, attrs: still } as unknown as KernelCall<UpdateKernel>,
        {
          into: [weights[index]!, ...states[index]!],
          live: groups[index]!.name,
        },
      );
    },
    advance(recording, learningRate) {
      const known = current.get(recording) ?? new Map<string, string>();
      current.set(recording, known);
      for (const [name, attrs] of advance(learningRate)) {
        const key = JSON.stringify(attrs);
        if (known.get(name) === key) continue;
        known.set(name, key);
        recording.update<UpdateKernel>(name, attrs);
      }
    },
    dispose: () => tf.dispose(states),
  };
}

/** Builds the optimizer of a classifier's weights. */
export function optimizerOf(
  spec: OptimizerSpec,
  { network, weights }: Pick<Classifier, "network" | "weights">,
): Optimizer {
  const trained = network.parameters.filter(({ isTrained }) => isTrained);
  return buildOptimizer(spec, weights, {
    kinds: trained.map(({ kind }) => kind),
  });
}

function zerosLike(weight: tf.Variable): tf.Variable {
  const device = recordingBackend();
  return tf.tidy(() => {
    const zeros = device === undefined
      ? tf.zerosLike(weight)
      : tf.engine().makeTensorFromTensorInfo(device.makeBuffer(weight.shape));
    return tf.variable(zeros, false);
  });
}

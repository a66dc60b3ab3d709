import * as tf from "@tensorflow/tfjs";
import { openStream } from "../../../src/core/stream.ts";

/** A model as users of TensorFlow.js train it, on tiny data. */
export interface OrdinaryModel {
  /** What it is; unique. */
  readonly name: string;
  /** The heading under which the table lists it. */
  readonly group: string;
  /** Begins a training on the backend in use. */
  readonly start: () => Training;
  /**
   * The same model of operations that the cpu backend computes right, where its
   * own is wrong or refused there.
   */
  readonly reference?: {
    /** What cpu does with the model itself. */
    readonly reason: string;
    readonly start: () => Training;
  };
}

/** A training under way. */
export interface Training {
  /** One step; gives the loss before it. */
  step(): Promise<number>;
  /** Frees weights and data. */
  dispose(): void;
}

/** The losses of the first steps of a model; frees what it made. */
export async function trainModel(
  start: () => Training,
  steps: number,
): Promise<number[]> {
  const training = start();
  try {
    const losses: number[] = [];
    for (let i = 0; i < steps; i++) losses.push(await training.step());
    return losses;
  } finally {
    training.dispose();
  }
}

/** Numbers uniform in `[-1, 1)`, the same on every backend for the same seed. */
export function draw(shape: readonly number[], seed: number): tf.Tensor {
  const stream = openStream(seed, "init", "ordinary-models");
  const size = shape.reduce((a, b) => a * b, 1);
  const values = Float32Array.from(
    { length: size },
    () => 2 * stream.uniform() - 1,
  );
  return tf.tensor(values, [...shape]);
}

/** Whole numbers from 0 to below `end`, of type int32. */
export function drawIntegers(
  shape: readonly number[],
  { end, seed }: { end: number; seed: number },
): tf.Tensor {
  return tf.tidy(() =>
    tf.cast(tf.floor(tf.mul(tf.add(draw(shape, seed), 1), end / 2)), "int32")
  );
}

/** What an optimizer minimises, by way of variables. */
export interface Objective {
  readonly loss: () => tf.Scalar;
  readonly variables: readonly tf.Variable[];
  /** Constants. */
  readonly data?: readonly tf.Tensor[];
  readonly optimizer?: tf.Optimizer;
}

/** Training of variables by an optimizer's `minimize()`. */
export function startObjective(make: () => Objective): Training {
  const { loss, variables, data = [], optimizer = tf.train.sgd(0.1) } = make();
  return {
    async step() {
      const cost = optimizer.minimize(loss, true, [...variables])!;
      const [value] = await cost.data();
      cost.dispose();
      return value!;
    },
    dispose() {
      tf.dispose([[...variables], [...data]]);
      optimizer.dispose();
    },
  };
}

import * as tf from "@tensorflow/tfjs";
import {
  draw,
  drawIntegers,
  type OrdinaryModel,
  type Training,
} from "./ordinary_model.ts";

/** How a model of layers is trained. */
export interface Recipe {
  /** Examples in the batch. */
  readonly batch?: number;
  readonly loss?: string | ((truth: tf.Tensor, made: tf.Tensor) => tf.Tensor);
  readonly optimizer?: () => tf.Optimizer | string;
  /** Inputs are whole numbers from 0 to below this. */
  readonly integers?: number;
  /** Targets of the shape of the outputs; classes as one-hot rows if absent. */
  readonly targets?: (shape: number[]) => tf.Tensor;
}

/** One-hot rows over the last axis. */
export function classTargets(shape: number[]): tf.Tensor {
  const rows = shape.slice(0, -1);
  const classes = shape.at(-1)!;
  return tf.tidy(() =>
    tf.cast(
      tf.oneHot(
        drawIntegers(rows, { end: classes, seed: 7 }) as tf.Tensor1D,
        classes,
      ),
      "float32",
    )
  );
}

/** Numbers in `[-1, 1)`. */
export const valueTargets = (shape: number[]): tf.Tensor => draw(shape, 8);

/** Zeros and ones. */
export const bitTargets = (shape: number[]): tf.Tensor =>
  tf.tidy(() => tf.cast(tf.greater(draw(shape, 9), 0), "float32"));

/** Training of a model of layers by `trainOnBatch()`. */
export function startLayers(
  build: () => tf.LayersModel,
  {
    batch = 4,
    loss = "categoricalCrossentropy",
    optimizer = () => tf.train.sgd(0.1),
    integers,
    targets = classTargets,
  }: Recipe = {},
): Training {
  const model = build();
  // Initial weights do not depend on the backend's random numbers.
  const weights = model.getWeights().map((weight, i) =>
    weight.rank < 2 ? weight.clone() : tf.tidy(() => {
      const fanIn = weight.size / weight.shape.at(-1)!;
      return tf.mul(draw(weight.shape, 100 + i), Math.sqrt(3 / fanIn));
    })
  );
  model.setWeights(weights);
  tf.dispose(weights);
  model.compile({ optimizer: optimizer(), loss: loss as string });
  const inputs = model.inputs.map(({ shape }, i) => {
    const full = [batch, ...shape.slice(1)] as number[];
    return integers === undefined
      ? draw(full, 1 + i)
      : drawIntegers(full, { end: integers, seed: 1 + i });
  });
  const outputs = model.outputs.map(({ shape }) =>
    targets([batch, ...shape.slice(1)] as number[])
  );
  return {
    async step() {
      const value = await model.trainOnBatch(
        inputs.length === 1 ? inputs[0]! : inputs,
        outputs.length === 1 ? outputs[0]! : outputs,
      );
      return [value].flat()[0] as number;
    },
    dispose() {
      tf.dispose([inputs, outputs]);
      model.dispose();
      model.optimizer.dispose();
    },
  };
}

/** Lists models of one group. */
export function listOf(group: string): {
  models: OrdinaryModel[];
  /** Layers one after another. */
  sequential(
    name: string,
    inputShape: number[],
    layers: () => tf.layers.Layer[],
    recipe?: Recipe,
  ): void;
  /** Layers, and a softmax of three classes at the end. */
  classifier(
    name: string,
    inputShape: number[],
    layers: () => tf.layers.Layer[],
    recipe?: Recipe,
  ): void;
  /** Layers in any order. */
  functional(
    name: string,
    inputShapes: number[][],
    connect: (inputs: tf.SymbolicTensor[]) => tf.SymbolicTensor[],
    recipe?: Recipe,
  ): void;
} {
  const models: OrdinaryModel[] = [];
  const sequential = (
    name: string,
    inputShape: number[],
    layers: () => tf.layers.Layer[],
    recipe?: Recipe,
  ) => {
    const build = () => {
      const model = tf.sequential();
      model.add(tf.layers.inputLayer({ inputShape }));
      for (const layer of layers()) model.add(layer);
      return model;
    };
    models.push({ name, group, start: () => startLayers(build, recipe) });
  };
  return {
    models,
    sequential,
    classifier(name, inputShape, layers, recipe) {
      const build = () => {
        const model = tf.sequential();
        model.add(tf.layers.inputLayer({ inputShape }));
        for (const layer of layers()) model.add(layer);
        if (model.outputs[0]!.rank > 2) model.add(tf.layers.flatten());
        model.add(tf.layers.dense({ units: 3, activation: "softmax" }));
        return model;
      };
      models.push({ name, group, start: () => startLayers(build, recipe) });
    },
    functional(name, inputShapes, connect, recipe) {
      const build = () => {
        const inputs = inputShapes.map((shape) => tf.input({ shape }));
        return tf.model({ inputs, outputs: connect(inputs) });
      };
      models.push({ name, group, start: () => startLayers(build, recipe) });
    },
  };
}

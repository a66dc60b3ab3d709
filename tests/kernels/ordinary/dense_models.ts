import * as tf from "@tensorflow/tfjs";
import type { OrdinaryModel } from "./ordinary_model.ts";
import { bitTargets, listOf, valueTargets } from "./layers_model.ts";

const { dense } = tf.layers;

/** Networks of dense layers: every activation, optimizer, loss and regulariser. */
export function listDenseModels(): OrdinaryModel[] {
  return [
    ...listActivations(),
    ...listOptimizers(),
    ...listLosses(),
    ...listRegularisers(),
  ];
}

function listActivations(): OrdinaryModel[] {
  const { models, classifier } = listOf("Dense layers, by activation");
  for (
    const activation of [
      "elu",
      "hardSigmoid",
      "linear",
      "mish",
      "relu",
      "relu6",
      "selu",
      "sigmoid",
      "softplus",
      "softsign",
      "swish",
      "tanh",
    ] as const
  ) {
    classifier(
      `dense, ${activation}`,
      [5],
      () => [dense({ units: 6, activation })],
    );
  }
  const layers: Record<string, () => tf.layers.Layer> = {
    "elu layer": () => tf.layers.elu(),
    "leakyReLU layer": () => tf.layers.leakyReLU(),
    "prelu layer": () => tf.layers.prelu(),
    "reLU layer, at most 0.5": () => tf.layers.reLU({ maxValue: 0.5 }),
    "softmax layer": () => tf.layers.softmax(),
  };
  for (const [name, layer] of Object.entries(layers)) {
    classifier(`dense, ${name}`, [5], () => [dense({ units: 6 }), layer()]);
  }
  return models;
}

function listOptimizers(): OrdinaryModel[] {
  const { models, classifier } = listOf("Dense layers, by optimizer");
  const optimizers: Record<string, () => tf.Optimizer> = {
    adadelta: () => tf.train.adadelta(0.5),
    adagrad: () => tf.train.adagrad(0.1),
    adam: () => tf.train.adam(0.02),
    adamax: () => tf.train.adamax(0.02),
    "momentum": () => tf.train.momentum(0.05, 0.9),
    "momentum of Nesterov": () => tf.train.momentum(0.05, 0.9, true),
    "RMSProp": () => tf.train.rmsprop(0.01),
    "RMSProp with momentum": () => tf.train.rmsprop(0.01, 0.9, 0.5),
    "gradient descent": () => tf.train.sgd(0.1),
  };
  for (const [name, optimizer] of Object.entries(optimizers)) {
    classifier(
      `dense, ${name}`,
      [5],
      () => [dense({ units: 6, activation: "tanh" })],
      { optimizer },
    );
  }
  return models;
}

function listLosses(): OrdinaryModel[] {
  const { models, sequential } = listOf("Dense layers, by loss");
  const hidden = () => dense({ units: 6, activation: "tanh" });
  const output = (activation: "linear" | "sigmoid" | "softmax") => () => [
    hidden(),
    dense({ units: 3, activation }),
  ];
  const signs = (shape: number[]) =>
    tf.tidy(() => tf.sub(tf.mul(bitTargets(shape), 2), 1));
  const counts = (shape: number[]) =>
    tf.tidy(() => tf.abs(valueTargets(shape)));
  const losses = [
    ["binaryCrossentropy", "sigmoid", bitTargets],
    ["categoricalCrossentropy", "softmax", undefined],
    ["categoricalHinge", "linear", undefined],
    ["cosineProximity", "linear", valueTargets],
    ["hinge", "linear", signs],
    ["kullbackLeiblerDivergence", "softmax", undefined],
    ["logcosh", "linear", valueTargets],
    ["meanAbsoluteError", "linear", valueTargets],
    ["meanAbsolutePercentageError", "linear", signs],
    ["meanSquaredError", "linear", valueTargets],
    ["meanSquaredLogarithmicError", "sigmoid", counts],
    ["poisson", "sigmoid", counts],
    ["squaredHinge", "linear", signs],
  ] as const;
  for (const [loss, activation, targets] of losses) {
    sequential(`dense, ${loss}`, [5], output(activation), {
      loss,
      // Percentages have gradients of a hundred.
      optimizer: () => tf.train.sgd(loss.includes("Percentage") ? 0.0005 : 0.1),
      ...(targets && { targets }),
    });
  }
  sequential("dense, sparseCategoricalCrossentropy", [5], output("softmax"), {
    loss: "sparseCategoricalCrossentropy",
    targets: ([batch]) =>
      tf.tensor2d(Array.from({ length: batch! }, (_, i) => [i % 3])),
  });
  const functions: Record<
    string,
    (truth: tf.Tensor, made: tf.Tensor) => tf.Tensor
  > = {
    absoluteDifference: tf.losses.absoluteDifference,
    huberLoss: (truth, made) =>
      tf.losses.huberLoss(truth, made, undefined, 0.3),
    sigmoidCrossEntropy: tf.losses.sigmoidCrossEntropy,
    softmaxCrossEntropy: tf.losses.softmaxCrossEntropy,
  };
  for (const [name, loss] of Object.entries(functions)) {
    sequential(`dense, tf.losses.${name}`, [5], output("linear"), { loss });
  }
  return models;
}

function listRegularisers(): OrdinaryModel[] {
  const { models, classifier, functional, sequential } = listOf(
    "Dense layers, regularised and otherwise",
  );
  const { regularizers, constraints } = tf;
  const given = {
    "l1": { kernelRegularizer: regularizers.l1({ l1: 0.01 }) },
    "l2": { kernelRegularizer: regularizers.l2({ l2: 0.01 }) },
    "l1 and l2": { kernelRegularizer: regularizers.l1l2() },
    "maxNorm": { kernelConstraint: constraints.maxNorm({ maxValue: 1 }) },
    "minMaxNorm": { kernelConstraint: constraints.minMaxNorm({}) },
    "nonNeg": { kernelConstraint: constraints.nonNeg() },
    "unitNorm": { kernelConstraint: constraints.unitNorm({}) },
    "no bias": { useBias: false },
  };
  for (const [name, args] of Object.entries(given)) {
    classifier(
      `dense, ${name}`,
      [5],
      () => [dense({ units: 6, activation: "tanh", ...args })],
    );
  }
  classifier(
    "dense, dropout",
    [5],
    () => [dense({ units: 6 }), tf.layers.dropout({ rate: 0.5, seed: 3 })],
  );
  sequential(
    "linear regression",
    [4],
    () => [dense({ units: 1 })],
    { loss: "meanSquaredError", targets: valueTargets },
  );
  sequential(
    "logistic regression",
    [4],
    () => [dense({ units: 1, activation: "sigmoid" })],
    { loss: "binaryCrossentropy", targets: bitTargets },
  );
  sequential(
    "autoencoder of dense layers",
    [6],
    () => [dense({ units: 3, activation: "relu" }), dense({ units: 6 })],
    { loss: "meanSquaredError", targets: valueTargets },
  );
  functional("two inputs, two outputs", [[3], [4]], ([a, b]) => {
    const both = tf.layers.concatenate().apply([
      dense({ units: 4, activation: "relu" }).apply(a!) as tf.SymbolicTensor,
      b!,
    ]);
    const head = () =>
      dense({ units: 2, activation: "softmax" }).apply(
        both,
      ) as tf.SymbolicTensor;
    return [head(), head()];
  });
  functional("one layer shared by two inputs", [[4], [4]], ([a, b]) => {
    const shared = dense({ units: 5, activation: "tanh" });
    const dot = tf.layers.dot({ axes: -1 }).apply([
      shared.apply(a!) as tf.SymbolicTensor,
      shared.apply(b!) as tf.SymbolicTensor,
    ]);
    return [dot as tf.SymbolicTensor];
  }, { loss: "meanSquaredError", targets: valueTargets });
  for (
    const merge of ["add", "average", "maximum", "minimum", "multiply"] as const
  ) {
    functional(`merge, ${merge}`, [[5]], ([x]) => {
      const parts = [0, 1].map(() =>
        dense({ units: 3 }).apply(x!) as tf.SymbolicTensor
      );
      const merged = tf.layers[merge]().apply(parts);
      return [tf.layers.softmax().apply(merged) as tf.SymbolicTensor];
    });
  }
  return models;
}

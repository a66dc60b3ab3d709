import * as tf from "@tensorflow/tfjs";
import { functionLayer } from "./function_layer.ts";
import { listOf, valueTargets } from "./layers_model.ts";
import type { OrdinaryModel } from "./ordinary_model.ts";

const L = tf.layers;
type Node = tf.SymbolicTensor;

/** Networks for sequences: recurrent, convolutional, of words, with attention. */
export function listSequenceModels(): OrdinaryModel[] {
  const { models, classifier, sequential, functional } = listOf("Sequences");
  const words = { integers: 12 };
  const embedding = (mask = false) =>
    L.embedding({ inputDim: 12, outputDim: 4, maskZero: mask });
  const recurrent = {
    simpleRNN: L.simpleRNN,
    gru: L.gru,
    lstm: L.lstm,
  } as Record<string, (args: { units: number }) => tf.RNN>;
  for (const [name, layer] of Object.entries(recurrent)) {
    const make = (args: object = {}) => layer({ units: 4, ...args });
    classifier(name, [5, 3], () => [make()]);
    classifier(`${name}, two layers`, [5, 3], () => [
      make({ returnSequences: true }),
      make(),
    ]);
    classifier(`${name}, bidirectional`, [5, 3], () => [
      L.bidirectional({ layer: make(), mergeMode: "concat" }),
    ]);
    classifier(`${name}, backwards, unrolled`, [5, 3], () => [
      make({ goBackwards: true, unroll: true }),
    ]);
    classifier(
      `embedding, mask, ${name}`,
      [6],
      () => [embedding(true), make()],
      words,
    );
  }
  classifier("lstm, relu", [5, 3], () => [
    L.lstm({ units: 4, activation: "relu", recurrentActivation: "sigmoid" }),
  ], { optimizer: () => tf.train.adam(0.01) });
  classifier("gru, resetAfter off, implementation 2", [5, 3], () => [
    L.gru({ units: 4, implementation: 2 }),
  ]);
  classifier("masking, lstm", [5, 3], () => [
    L.masking({ maskValue: 0 }),
    L.lstm({ units: 4 }),
  ]);
  classifier("rnn of stacked cells", [4, 3], () => [
    L.rnn({
      cell: [L.lstmCell({ units: 4 }), L.gruCell({ units: 3 })],
    }) as tf.layers.Layer,
  ]);
  sequential("timeDistributed dense", [4, 3], () => [
    L.lstm({ units: 4, returnSequences: true }),
    L.timeDistributed({ layer: L.dense({ units: 2, activation: "softmax" }) }),
  ]);
  sequential("sequence to sequence", [4, 3], () => [
    L.lstm({ units: 4 }),
    L.repeatVector({ n: 3 }),
    L.lstm({ units: 4, returnSequences: true }),
    L.timeDistributed({ layer: L.dense({ units: 2 }) }),
  ], { loss: "meanSquaredError", targets: valueTargets });
  sequential("bidirectional lstm with sequences, by sum", [4, 3], () => [
    L.bidirectional({
      layer: L.lstm({ units: 3, returnSequences: true }) as tf.RNN,
      mergeMode: "sum",
    }),
    L.dense({ units: 2, activation: "softmax" }),
  ]);
  classifier("convLstm2d", [3, 5, 5, 2], () => [
    L.convLstm2d({ filters: 3, kernelSize: 3, padding: "same" }),
  ]);
  classifier("convLstm2d, valid, stride 2", [3, 6, 6, 1], () => [
    L.convLstm2d({ filters: 2, kernelSize: 3, strides: 2 }),
  ]);
  classifier("timeDistributed conv2d, lstm", [3, 5, 5, 1], () => [
    L.timeDistributed({ layer: L.conv2d({ filters: 2, kernelSize: 3 }) }),
    L.timeDistributed({ layer: L.flatten() }),
    L.lstm({ units: 3 }),
  ]);
  for (
    const [kernelSize, strides, padding] of [
      [3, 1, "same"],
      [3, 2, "valid"],
      [5, 1, "same"],
    ] as const
  ) {
    classifier(
      `conv1d ${kernelSize}, stride ${strides}, ${padding}`,
      [9, 3],
      () => [
        L.conv1d({
          filters: 4,
          kernelSize,
          strides,
          padding,
          activation: "relu",
        }),
      ],
    );
  }
  classifier("conv1d, maxPooling1d, globalMaxPooling1d", [9, 3], () => [
    L.conv1d({ filters: 4, kernelSize: 3, activation: "relu" }),
    L.maxPooling1d({ poolSize: 2 }),
    L.globalMaxPooling1d(),
  ]);
  classifier("conv1d, averagePooling1d, globalAveragePooling1d", [9, 3], () => [
    L.conv1d({ filters: 4, kernelSize: 3, activation: "relu" }),
    L.averagePooling1d({ poolSize: 2 }),
    L.globalAveragePooling1d(),
  ]);
  classifier("embedding, dense", [5], () => [embedding()], words);
  classifier("embedding, average over words", [5], () => [
    embedding(),
    L.globalAveragePooling1d(),
  ], words);
  classifier("embedding, conv1d", [8], () => [
    embedding(),
    L.conv1d({ filters: 3, kernelSize: 3, activation: "relu" }),
    L.globalMaxPooling1d(),
  ], words);
  classifier("embedding, l2, adam", [5], () => [
    L.embedding({
      inputDim: 12,
      outputDim: 3,
      embeddingsRegularizer: tf.regularizers.l2({ l2: 0.01 }),
    }),
  ], { ...words, optimizer: () => tf.train.adam(0.02) });
  functional("matrix factorisation by embeddings", [[1], [1]], ([a, b]) => {
    const flat = (x: Node) =>
      L.flatten().apply(embedding().apply(x) as Node) as Node;
    return [L.dot({ axes: -1 }).apply([flat(a!), flat(b!)]) as Node];
  }, { ...words, loss: "meanSquaredError", targets: valueTargets });
  functional("attention by dot layers", [[5, 4]], ([x]) => {
    const [q, k, v] = [0, 1, 2].map(() =>
      L.dense({ units: 4 }).apply(x!) as Node
    );
    const scores = L.dot({ axes: [2, 2] }).apply([q!, k!]) as Node;
    const shares = L.softmax({ axis: -1 }).apply(scores) as Node;
    const mixed = L.dot({ axes: [2, 1] }).apply([shares, v!]) as Node;
    const flat = L.flatten().apply(mixed) as Node;
    return [L.dense({ units: 3, activation: "softmax" }).apply(flat) as Node];
  });
  functional("transformer block by matMul", [[5, 4]], ([x]) => {
    const attention = functionLayer({
      run(x, query, key, value) {
        const project = (w: tf.Tensor) =>
          tf.reshape(tf.matMul(tf.reshape(x, [-1, 4]), w), x.shape);
        const [q, k, v] = [query!, key!, value!].map(project);
        const shares = tf.softmax(tf.mul(tf.matMul(q!, k!, false, true), 0.5));
        return tf.matMul(shares, v!);
      },
      outShape: (shape) => shape,
      weights: [[4, 4], [4, 4], [4, 4]],
    });
    const first = L.layerNormalization().apply(
      L.add().apply([x!, attention.apply(x!) as Node]),
    ) as Node;
    const inner = L.dense({ units: 4 }).apply(
      L.dense({ units: 8, activation: "relu" }).apply(first) as Node,
    ) as Node;
    const second = L.layerNormalization().apply(
      L.add().apply([first, inner]),
    ) as Node;
    const flat = L.flatten().apply(second) as Node;
    return [L.dense({ units: 3, activation: "softmax" }).apply(flat) as Node];
  });
  return models;
}

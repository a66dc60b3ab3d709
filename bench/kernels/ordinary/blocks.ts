import process from "node:process";
import * as tf from "@tensorflow/tfjs";
import { draw } from "../draw.ts";

type Node = tf.SymbolicTensor;

const { layers } = tf;

const pass = (x: Node, ...list: tf.layers.Layer[]) =>
  list.reduce<Node>((node, layer) => layer.apply(node) as Node, x);

const conv = (filters: number, kernelSize: number) =>
  layers.conv2d({ filters, kernelSize, padding: "same", useBias: false });

const norm = () => layers.batchNormalization();

function buildMobileNet(): tf.LayersModel {
  const x = tf.input({ shape: [32, 32, 32] });
  const inner = pass(
    x,
    ...[conv(64, 1), norm(), layers.reLU({ maxValue: 6 })],
    layers.depthwiseConv2d({ kernelSize: 3, padding: "same", useBias: false }),
    ...[norm(), layers.reLU({ maxValue: 6 }), conv(32, 1), norm()],
  );
  return tf.model({
    inputs: x,
    outputs: layers.add().apply([x, inner]) as Node,
  });
}

function buildResNet(): tf.LayersModel {
  const x = tf.input({ shape: [16, 16, 64] });
  const inner = pass(
    x,
    ...[conv(64, 3), norm(), layers.reLU(), conv(64, 3), norm()],
  );
  const sum = layers.add().apply([x, inner]) as Node;
  return tf.model({ inputs: x, outputs: pass(sum, layers.reLU()) });
}

function buildLstm(): tf.LayersModel {
  const x = tf.input({ shape: [16, 64] });
  const lstm = layers.lstm({ units: 128, recurrentActivation: "sigmoid" });
  return tf.model({
    inputs: x,
    outputs: pass(x, lstm, layers.dense({ units: 10 })),
  });
}

/** Blocks of ordinary networks by the names that `blocks.py` gives them. */
export const blocks: Readonly<
  Record<string, { build: () => tf.LayersModel; batch: number }>
> = {
  "MobileNet block": { build: buildMobileNet, batch: 16 },
  "ResNet block": { build: buildResNet, batch: 16 },
  "LSTM": { build: buildLstm, batch: 32 },
};

/**
 * Training steps of a block by `trainOnBatch()`, each in milliseconds of processors,
 * all threads together: unlike those of a clock, they are not those of other
 * programs.
 */
export function startBlock(name: string): () => Promise<number> {
  const { build, batch } = blocks[name]!;
  const model = build();
  model.compile({ optimizer: tf.train.sgd(0.01), loss: "meanSquaredError" });
  const shapeOf = ([tensor]: Node[]) =>
    [batch, ...tensor!.shape.slice(1)] as number[];
  const x = draw(...shapeOf(model.inputs));
  const y = tf.zeros(shapeOf(model.outputs));
  return async () => {
    const started = process.cpuUsage();
    await model.trainOnBatch(x, y);
    const { user, system } = process.cpuUsage(started);
    return (user + system) / 1000;
  };
}

import * as tf from "@tensorflow/tfjs";
import { listOf, valueTargets } from "./layers_model.ts";
import type { OrdinaryModel } from "./ordinary_model.ts";

const L = tf.layers;
type Node = tf.SymbolicTensor;

const pass = (x: Node, ...layers: tf.layers.Layer[]): Node =>
  layers.reduce<Node>((node, layer) => layer.apply(node) as Node, x);

/** Networks of convolutions, by layer. */
export function listConvolutionModels(): OrdinaryModel[] {
  const { models, classifier, sequential } = listOf("Layers of images");
  const image = [8, 7, 3];
  for (
    const [kernelSize, strides, padding] of [
      [1, 1, "valid"],
      [3, 1, "same"],
      [3, 2, "same"],
      [3, 2, "valid"],
      [5, 1, "same"],
      [5, 2, "valid"],
      [7, 1, "valid"],
      [7, 2, "same"],
      [[1, 7], 1, "same"],
      [[3, 1], [2, 1], "same"],
      [[2, 2], 3, "same"],
    ] as const
  ) {
    classifier(
      `conv2d ${kernelSize}, stride ${strides}, ${padding}`,
      image,
      () => [
        L.conv2d({
          filters: 4,
          kernelSize: kernelSize as number,
          strides: strides as number,
          padding,
          activation: "relu",
        }),
        L.conv2d({ filters: 4, kernelSize: 1, activation: "relu" }),
      ],
    );
  }
  for (
    const [kernelSize, strides, padding] of [
      [3, 1, "same"],
      [3, 2, "same"],
      [5, 1, "valid"],
      [[3, 1], 2, "same"],
      [[1, 3], 2, "same"],
      [[2, 2], 3, "same"],
      [[3, 1], [1, 2], "same"],
    ] as const
  ) {
    classifier(
      `depthwiseConv2d ${kernelSize}, stride ${strides}, ${padding}`,
      image,
      () => [
        L.conv2d({ filters: 4, kernelSize: 1 }),
        L.depthwiseConv2d({
          kernelSize: kernelSize as number,
          strides: strides as number,
          padding,
          activation: "relu",
        }),
      ],
    );
  }
  classifier("depthwiseConv2d, two outputs for each input", image, () => [
    L.depthwiseConv2d({ kernelSize: 3, depthMultiplier: 2 }),
  ]);
  classifier("separableConv2d", image, () => [
    L.separableConv2d({ filters: 5, kernelSize: 3, activation: "relu" }),
  ]);
  for (const strides of [1, 2]) {
    sequential(`conv2dTranspose, stride ${strides}`, [4, 3, 3], () => [
      L.conv2dTranspose({
        filters: 2,
        kernelSize: 3,
        strides,
        padding: "same",
      }),
    ], { loss: "meanSquaredError", targets: valueTargets });
  }
  sequential("autoencoder with transposed convolution", [8, 8, 1], () => [
    L.conv2d({ filters: 4, kernelSize: 3, strides: 2, padding: "same" }),
    L.leakyReLU(),
    L.conv2dTranspose({
      filters: 1,
      kernelSize: 4,
      strides: 2,
      padding: "same",
    }),
  ], { loss: "meanSquaredError", targets: valueTargets });
  const pools: Record<string, () => tf.layers.Layer> = {
    "maxPooling2d 2": () => L.maxPooling2d({ poolSize: 2 }),
    "maxPooling2d 3, stride 2, same": () =>
      L.maxPooling2d({ poolSize: 3, strides: 2, padding: "same" }),
    "averagePooling2d 2": () => L.averagePooling2d({ poolSize: 2 }),
    "averagePooling2d 3, stride 1, valid": () =>
      L.averagePooling2d({ poolSize: 3, strides: 1 }),
    "averagePooling2d 3, stride 2, same": () =>
      L.averagePooling2d({ poolSize: 3, strides: 2, padding: "same" }),
    "globalAveragePooling2d": () => L.globalAveragePooling2d({}),
    "globalMaxPooling2d": () => L.globalMaxPooling2d({}),
    "batchNormalization": () => L.batchNormalization(),
    "layerNormalization": () => L.layerNormalization(),
    "zeroPadding2d": () => L.zeroPadding2d({ padding: [[1, 2], [0, 1]] }),
    "cropping2D": () => L.cropping2D({ cropping: [[1, 2], [0, 1]] }),
    "permute": () => L.permute({ dims: [3, 1, 2] }),
    "reshape": () => L.reshape({ targetShape: [10, 12] }),
    "prelu with shared axes": () => L.prelu({ sharedAxes: [1, 2] }),
    "spatial dropout": () => L.dropout({ rate: 0.3, seed: 5 }),
  };
  for (const [name, layer] of Object.entries(pools)) {
    classifier(`conv2d, ${name}`, image, () => [
      L.conv2d({ filters: 4, kernelSize: 3, activation: "relu" }),
      layer(),
    ]);
  }
  classifier("conv2d, channels first", [3, 6, 6], () => [
    L.conv2d({ filters: 4, kernelSize: 3, dataFormat: "channelsFirst" }),
    L.maxPooling2d({ poolSize: 2, dataFormat: "channelsFirst" }),
  ]);
  classifier("two conv3d layers", [4, 5, 4, 2], () => [
    L.conv3d({
      filters: 3,
      kernelSize: 3,
      padding: "same",
      activation: "relu",
    }),
    L.conv3d({ filters: 2, kernelSize: 2, strides: 2 }),
  ]);
  classifier("conv3d, maxPooling3d", [4, 5, 4, 2], () => [
    L.conv3d({ filters: 3, kernelSize: 3, padding: "same" }),
    L.maxPooling3d({ poolSize: 2 }),
  ]);
  classifier("conv3d, averagePooling3d", [4, 5, 4, 2], () => [
    L.conv3d({ filters: 3, kernelSize: 3, padding: "same" }),
    L.averagePooling3d({ poolSize: 2 }),
  ]);
  return models;
}

/** Blocks of well-known networks for images. */
export function listImageNetworks(): OrdinaryModel[] {
  const { models, classifier, functional } = listOf("Networks for images");
  const softmax = (x: Node) =>
    pass(x, L.flatten(), L.dense({ units: 3, activation: "softmax" }));
  const conv = (filters: number, kernelSize: number, strides = 1) =>
    L.conv2d({ filters, kernelSize, strides, padding: "same", useBias: false });
  const convNormRelu = (filters: number, kernelSize: number, strides = 1) => [
    conv(filters, kernelSize, strides),
    L.batchNormalization(),
    L.reLU(),
  ];
  const depthwise = (strides = 1) => [
    L.depthwiseConv2d({ kernelSize: 3, strides, padding: "same" }),
    L.batchNormalization(),
    L.reLU({ maxValue: 6 }),
  ];
  const momentum = { optimizer: () => tf.train.momentum(0.02, 0.9) };
  classifier("LeNet", [12, 12, 1], () => [
    L.conv2d({ filters: 3, kernelSize: 5, activation: "tanh" }),
    L.averagePooling2d({ poolSize: 2 }),
    L.conv2d({ filters: 4, kernelSize: 3, activation: "tanh" }),
  ]);
  classifier("VGG block", [8, 8, 3], () => [
    L.conv2d({
      filters: 4,
      kernelSize: 3,
      padding: "same",
      activation: "relu",
    }),
    L.conv2d({
      filters: 4,
      kernelSize: 3,
      padding: "same",
      activation: "relu",
    }),
    L.maxPooling2d({ poolSize: 2 }),
    L.dropout({ rate: 0.25, seed: 1 }),
  ]);
  classifier("MobileNet v1 blocks", [8, 8, 3], () => [
    ...convNormRelu(4, 3, 2),
    ...depthwise(),
    ...convNormRelu(6, 1),
    ...depthwise(2),
    ...convNormRelu(8, 1),
    L.globalAveragePooling2d({}),
  ], momentum);
  functional("MobileNet v2 block", [[6, 6, 4]], ([x]) => {
    const inner = pass(
      x!,
      ...convNormRelu(8, 1),
      ...depthwise(),
      conv(4, 1),
      L.batchNormalization(),
    );
    return [softmax(L.add().apply([x!, inner]) as Node)];
  }, momentum);
  functional("residual block", [[6, 6, 4]], ([x]) => {
    const inner = pass(
      x!,
      ...convNormRelu(4, 3),
      conv(4, 3),
      L.batchNormalization(),
    );
    return [softmax(pass(L.add().apply([x!, inner]) as Node, L.reLU()))];
  }, momentum);
  functional("residual block, stride 2", [[6, 6, 4]], ([x]) => {
    const inner = pass(
      x!,
      ...convNormRelu(6, 3, 2),
      conv(6, 3),
      L.batchNormalization(),
    );
    const shortcut = pass(x!, conv(6, 1, 2), L.batchNormalization());
    return [softmax(pass(L.add().apply([shortcut, inner]) as Node, L.reLU()))];
  }, momentum);
  functional("bottleneck block before activation", [[6, 6, 4]], ([x]) => {
    const inner = pass(
      x!,
      L.batchNormalization(),
      L.reLU(),
      conv(2, 1),
      L.batchNormalization(),
      L.reLU(),
      conv(4, 3),
    );
    return [softmax(L.add().apply([x!, inner]) as Node)];
  }, momentum);
  functional("DenseNet block", [[6, 6, 3]], ([x]) => {
    const first = pass(x!, ...convNormRelu(3, 3));
    const both = L.concatenate().apply([x!, first]) as Node;
    const second = pass(both, ...convNormRelu(3, 3));
    return [softmax(L.concatenate().apply([both, second]) as Node)];
  }, momentum);
  functional("Inception block", [[6, 6, 3]], ([x]) => {
    const pool = L.maxPooling2d({ poolSize: 3, strides: 1, padding: "same" });
    const parts = [
      pass(x!, conv(2, 1), L.reLU()),
      pass(x!, conv(2, 1), conv(3, 3), L.reLU()),
      pass(x!, conv(2, 1), conv(2, 5), L.reLU()),
      pass(x!, pool, conv(2, 1)),
    ];
    return [softmax(L.concatenate().apply(parts) as Node)];
  });
  functional("squeeze and excitation", [[5, 5, 4]], ([x]) => {
    const gates = pass(
      x!,
      L.globalAveragePooling2d({}),
      L.dense({ units: 2, activation: "relu" }),
      L.dense({ units: 4, activation: "sigmoid" }),
      L.reshape({ targetShape: [1, 1, 4] }),
    );
    return [softmax(L.multiply().apply([x!, gates]) as Node)];
  });
  functional("SqueezeNet block", [[6, 6, 3]], ([x]) => {
    const squeezed = pass(x!, conv(2, 1), L.reLU());
    const parts = [conv(3, 1), conv(3, 3)].map((layer) =>
      pass(squeezed, layer, L.reLU())
    );
    return [softmax(L.concatenate().apply(parts) as Node)];
  });
  functional("image and numbers together", [[6, 6, 1], [3]], ([x, more]) => {
    const flat = pass(x!, conv(2, 3, 2), L.reLU(), L.flatten());
    const both = L.concatenate().apply([flat, more!]) as Node;
    return [pass(both, L.dense({ units: 3, activation: "softmax" }))];
  });
  functional("Siamese network of images", [[6, 6, 1], [6, 6, 1]], ([a, b]) => {
    const layers = [conv(3, 3), L.reLU(), L.flatten(), L.dense({ units: 4 })];
    const ends = [pass(a!, ...layers), pass(b!, ...layers)];
    return [L.dot({ axes: -1, normalize: true }).apply(ends) as Node];
  }, { loss: "meanSquaredError", targets: valueTargets });
  return models;
}

import * as tf from "@tensorflow/tfjs";
import "@tensorflow/tfjs-backend-wasm";
import { registerTrainingKernels } from "../../../src/kernels/wasm/mod.ts";
import { draw } from "../draw.ts";

/** A kernel call of a real training step, at batch 128. */
export interface KernelCase {
  /** Kernel, layer and model. */
  readonly name: string;
  /** Name of our kernel. */
  readonly kernel: string;
  /** Official kernels that do the same work, one after another. */
  readonly official: readonly string[];
  /** Multiplies and adds of the direct sum. */
  readonly operations: number;
  /** Inputs by name. */
  readonly inputs: tf.NamedTensorMap;
  /** Attributes by name. */
  readonly attrs: tf.NamedAttrMap;
}

const BATCH = 128;

const official = new Map<string, tf.KernelConfig>();
for (const config of tf.getKernelsForBackend("wasm")) {
  official.set(config.kernelName, { ...config });
}

/** Makes wasm with our kernels the backend; the official ones can still be called. */
export async function openWasm(): Promise<void> {
  await registerTrainingKernels();
  await tf.setBackend("wasm");
}

/** Calls one kernel, the official one if `stock`, and frees its results. */
export function callKernel(
  kernel: string,
  { inputs, attrs }: Pick<KernelCase, "inputs" | "attrs">,
  { stock }: { stock: boolean },
): void {
  const config = stock ? official.get(kernel) : tf.getKernel(kernel, "wasm");
  const backend = tf.backend();
  const made = config!.kernelFunc({ inputs, attrs, backend });
  for (const { dataId } of [made].flat()) backend.disposeData(dataId);
}

/** Whether the official backend has a kernel. */
export function hasOfficial(kernel: string): boolean {
  return official.has(kernel);
}

/** Every kernel of a training step of a model with these layers. */
export function listCases(
  model: string,
  [c1, c2, hidden]: readonly [number, number, number],
): KernelCase[] {
  const same = {
    strides: [1, 1],
    pad: "same",
    dataFormat: "NHWC",
    dilations: [1, 1],
  };
  const pool = { filterSize: [2, 2], strides: [2, 2], pad: "valid" };
  const layers = [[1, 32, 3, c1], [2, 16, c1, c2]] as const;
  const convolutions = layers.flatMap(([layer, side, channels, out]) => {
    const x = draw(BATCH, side, side, channels);
    const y = draw(BATCH, side, side, out);
    const filter = draw(3, 3, channels, out);
    const operations = BATCH * side * side * 9 * channels * out * 2;
    const pooled = draw(BATCH, side / 2, side / 2, out);
    return [
      { kernel: "Conv2D", inputs: { x, filter }, attrs: same, operations },
      {
        kernel: "Conv2DBackpropInput",
        inputs: { dy: y, filter },
        attrs: { ...same, inputShape: x.shape },
        operations,
      },
      {
        kernel: "Conv2DBackpropFilter",
        inputs: { x, dy: y },
        attrs: { ...same, filterShape: filter.shape },
        operations,
      },
      { kernel: "MaxPool", inputs: { x: y }, attrs: pool, operations: y.size },
      {
        kernel: "MaxPoolGrad",
        inputs: { dy: pooled, input: y, output: pooled },
        attrs: pool,
        operations: y.size,
      },
      {
        kernel: "AvgPoolGrad",
        inputs: { dy: pooled, input: y },
        attrs: pool,
        operations: y.size,
      },
      {
        kernel: "DupbenchConvReluPool",
        official: ["FusedConv2D"],
        inputs: { x, filter, bias: draw(out) },
        attrs: { ...same, activation: "relu" },
        operations,
      },
    ].map((call) => ({
      ...call,
      name: `${call.kernel} conv${layer} ${model}`,
    }));
  });
  const flat = 64 * c2;
  const [x, w, dy] = [
    draw(BATCH, flat),
    draw(flat, hidden),
    draw(BATCH, hidden),
  ];
  const products = [
    { part: "forward", a: x, b: w, transposeA: false, transposeB: false },
    { part: "input", a: dy, b: w, transposeA: false, transposeB: true },
    { part: "weight", a: x, b: dy, transposeA: true, transposeB: false },
  ].map(({ part, a, b, ...attrs }) => ({
    name: `BatchMatMul ${part} ${model}`,
    kernel: "BatchMatMul",
    inputs: { a, b },
    attrs,
    operations: BATCH * flat * hidden * 2,
  }));
  return [...convolutions, ...products].map((call) => ({
    official: [call.kernel],
    ...call,
  })) as unknown as KernelCase[];
}

/** Bytes that a call reads and writes, not counting what is as small as channels. */
export interface LayerCase extends KernelCase {
  /** Bytes of the large arrays, each counted as often as it is passed over. */
  readonly bytes: number;
}

/**
 * The kernels of the other layers of a network, at the sizes of ResNet-20's
 * first group (32x32, 16 channels) and last (8x8, 64), and of pooling in a
 * network of 64 channels.
 */
export function listLayerCases(): LayerCase[] {
  const groups = [[32, 16], [8, 64]] as const;
  const pool = { filterSize: [2, 2], strides: [2, 2], pad: "valid" };
  const layers = groups.flatMap(([side, channels]) => {
    const [x, dy] = [0, 1].map(() => draw(BATCH, side, side, channels));
    const [mean, scale, shift, dscale, dshift] = [0, 1, 2, 3, 4].map(() =>
      draw(channels)
    );
    const variance = tf.abs(draw(channels));
    const inputs = {
      x: x!,
      mean: mean!,
      variance,
      scale: scale!,
      shift: shift!,
    };
    const back = { ...inputs, dy: dy! };
    const attrs = { epsilon: 1e-5, relu: true };
    const inputShape = x!.shape;
    const size = x!.size;
    return [
      { kernel: "DupbenchMoments", inputs: { x: x! }, passes: 1 },
      { kernel: "DupbenchNormalise", inputs, attrs, passes: 2 },
      { kernel: "DupbenchNormaliseSums", inputs: back, attrs, passes: 2 },
      {
        kernel: "DupbenchNormaliseInputGrad",
        inputs: { ...back, dscale: dscale!, dshift: dshift! },
        attrs,
        passes: 3,
      },
      {
        kernel: "DupbenchNormaliseAffineGrad",
        inputs: back,
        attrs,
        passes: 3,
      },
      {
        kernel: "DupbenchResidualAdd",
        inputs: { x: x!, shortcut: dy! },
        attrs: { stride: 1, relu: true },
        passes: 3,
      },
      {
        kernel: "DupbenchAddBias",
        inputs: { x: x!, bias: shift! },
        attrs: { relu: true },
        passes: 2,
      },
      { kernel: "DupbenchGlobalAvgPool", inputs: { x: x! }, passes: 1 },
      {
        kernel: "DupbenchGlobalAvgPoolGrad",
        inputs: { dy: draw(BATCH, channels) },
        attrs: { inputShape },
        passes: 1,
      },
    ].map((call) => ({
      attrs: {},
      ...call,
      name: `${call.kernel} ${side}x${side}x${channels}`,
      bytes: 4 * size * call.passes,
      operations: size,
    }));
  });
  const x = draw(BATCH, 31, 31, 64);
  const dy = draw(BATCH, 15, 15, 64);
  const winners = tf.cast(tf.greater(dy, 0), "bool");
  const shortcut = draw(BATCH, 16, 16, 32);
  const rest = [
    {
      kernel: "DupbenchMaxPool",
      inputs: { x },
      attrs: pool,
      bytes: 4 * x.size + 5 * dy.size,
    },
    {
      kernel: "DupbenchMaxPoolGrad",
      inputs: { dy, winners },
      attrs: { ...pool, inputShape: x.shape },
      bytes: 4 * x.size + 5 * dy.size,
    },
    {
      kernel: "AvgPool",
      inputs: { x },
      attrs: pool,
      bytes: 4 * (x.size + dy.size),
    },
    {
      kernel: "DupbenchShortcutGrad",
      inputs: { dy: shortcut },
      attrs: { inputShape: [BATCH, 32, 32, 16], stride: 2 },
      // A row of zeros is written once, and half of the pixels again.
      bytes: 4 * (shortcut.size / 2 + shortcut.size * 2 + shortcut.size / 2),
    },
  ].map((call) => ({
    ...call,
    name: `${call.kernel} ${
      (call.inputs.x ?? call.inputs.dy)!.shape.slice(1).join("x")
    }`,
    operations: x.size,
  }));
  return [...layers, ...rest].map((call) => ({
    official: [call.kernel],
    ...call,
  })) as unknown as LayerCase[];
}

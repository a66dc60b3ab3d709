import * as tf from "@tensorflow/tfjs";
import "@tensorflow/tfjs-backend-wasm";
import { openStream } from "../../../src/core/stream.ts";
import { registerTrainingKernels } from "../../../src/kernels/wasm/mod.ts";

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

function draw(...shape: number[]): tf.Tensor {
  const stream = openStream(0, "init", "bench", ...shape);
  const size = shape.reduce((product, n) => product * n, 1);
  const values = Float32Array.from(
    { length: size },
    () => 2 * stream.uniform() - 1,
  );
  return tf.tensor(values, shape);
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

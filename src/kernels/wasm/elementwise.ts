import { backend_util, type TensorInfo, util } from "@tensorflow/tfjs";
import type { KernelHost, WasmKernel } from "./kernel_host.ts";

/** A factor and a number added. */
export const scale: WasmKernel<"DupbenchScale"> = {
  name: "DupbenchScale",
  run(host, { inputs: { x }, attrs: { factor, offset } }) {
    const y = host.output(x.shape);
    const size = util.sizeFromShape(x.shape);
    host.kernels.scale(host.address(x), size, factor, offset, host.address(y));
    return y;
  },
};

/**
 * A kernel of two tensors of one shape, element by element.
 *
 * @returns A tensor of their shape.
 */
export function runPairwise(
  host: KernelHost,
  kernel: "add" | "multiply" | "reluGrad" | "sigmoidGrad" | "tanhGrad",
  [a, b]: readonly [TensorInfo, TensorInfo],
): TensorInfo {
  const y = host.output(b.shape);
  host.kernels[kernel](
    host.address(a),
    host.address(b),
    util.sizeFromShape(b.shape),
    host.address(y),
  );
  return y;
}

/** Products element by element. */
export const multiply: WasmKernel<"DupbenchMultiply"> = {
  name: "DupbenchMultiply",
  run: (host, { inputs: { a, b } }) => runPairwise(host, "multiply", [a, b]),
};

/** Sums element by element. */
export const add: WasmKernel<"DupbenchAdd"> = {
  name: "DupbenchAdd",
  run: (host, { inputs: { a, b } }) => runPairwise(host, "add", [a, b]),
};

/** Gradient of the logistic function in one pass. */
export const sigmoidGrad: WasmKernel<"DupbenchSigmoidGrad"> = {
  name: "DupbenchSigmoidGrad",
  run: (host, { inputs: { dy, y } }) =>
    runPairwise(host, "sigmoidGrad", [dy, y]),
};

/** Gradient of the hyperbolic tangent in one pass. */
export const tanhGrad: WasmKernel<"DupbenchTanhGrad"> = {
  name: "DupbenchTanhGrad",
  run: (host, { inputs: { dy, y } }) => runPairwise(host, "tanhGrad", [dy, y]),
};

/** Gradient of a clip in one pass. */
export const clipGrad: WasmKernel<"DupbenchClipGrad"> = {
  name: "DupbenchClipGrad",
  run(host, { inputs: { dy, x }, attrs: { clipValueMin, clipValueMax } }) {
    const dx = host.output(x.shape);
    host.kernels.clipGrad(
      host.address(dy),
      host.address(x),
      util.sizeFromShape(x.shape),
      clipValueMin,
      clipValueMax,
      host.address(dx),
    );
    return dx;
  },
};

/** Numbers kept between two bounds. The official kernel gives a bound for NaN. */
export const clipByValue: WasmKernel<"ClipByValue"> = {
  name: "ClipByValue",
  run: (host, { inputs: { x }, attrs: { clipValueMin, clipValueMax } }) =>
    clip(host, x, [clipValueMin, clipValueMax]),
};

/** Numbers kept between 0 and 6. The official kernel gives a bound for NaN. */
export const relu6: WasmKernel<"Relu6"> = {
  name: "Relu6",
  run: (host, { inputs: { x } }) => clip(host, x, [0, 6]),
};

function clip(
  host: KernelHost,
  x: TensorInfo,
  [least, most]: readonly [number, number],
): TensorInfo {
  const y = host.output(x.shape);
  const size = util.sizeFromShape(x.shape);
  host.kernels.clip(host.address(x), size, least, most, host.address(y));
  return y;
}

/**
 * The greater or the smaller of two numbers. The official kernels ignore a NaN of b;
 * `correct_kernels.ts` broadcasts inputs other than single numbers.
 */
const extremes = (
  name: "Maximum" | "Minimum",
): WasmKernel<"Maximum" | "Minimum"> => ({
  name,
  accepts: ({ inputs: { a, b } }) =>
    isOne(a) || isOne(b) || util.arraysEqual(a.shape, b.shape),
  run(host, { inputs: { a, b } }) {
    const shape = backend_util.assertAndGetBroadcastShape(a.shape, b.shape);
    const y = host.output(shape);
    host.kernels.extremes(
      host.address(a),
      host.address(b),
      isOne(a),
      isOne(b),
      name === "Minimum",
      util.sizeFromShape(shape),
      host.address(y),
    );
    return y;
  },
});

const isOne = ({ shape }: TensorInfo) => util.sizeFromShape(shape) === 1;

/** The greater of two numbers, NaN if either is. */
export const maximum = extremes("Maximum");

/** The smaller of two numbers, NaN if either is. */
export const minimum = extremes("Minimum");

import { type TensorInfo, util } from "@tensorflow/tfjs";
import type { KernelCall } from "../common/kernel.ts";
import type { KernelHost, WasmKernel } from "./kernel_host.ts";

type Reduction = KernelCall<"Sum" | "Mean">;

/**
 * Sums over axes that lie next to each other (the gradient of a bias, a loss), in
 * float64 with one rounding at the end. Others go to the official kernel.
 */
export const sum: WasmKernel<"Sum"> = {
  name: "Sum",
  accepts: (call) => splitAxes(call) !== undefined,
  run: (host, call) => reduce(host, call, () => 1),
};

/**
 * Means over axes that lie next to each other, in float64 with one rounding at
 * the end. Means of everything go to the official kernel, as `DupbenchMean` gives
 * its bits, and those of nothing to the cpu backend.
 */
export const meanOverAxes: WasmKernel<"Mean"> = {
  name: "Mean",
  accepts(call) {
    const split = splitAxes(call);
    return split !== undefined && split.outer * split.inner > 1 &&
      split.count > 0;
  },
  run: (host, call) => reduce(host, call, (count) => count),
};

/** Sums over a divisor that depends on how many numbers are summed. */
function reduce(
  host: KernelHost,
  call: Reduction,
  divisorOf: (count: number) => number,
): TensorInfo {
  const { outer, count, inner, shape } = splitAxes(call)!;
  const y = host.output(shape);
  const [from, to] = [host.address(call.inputs.x), host.address(y)];
  const divisor = divisorOf(count);
  if (inner === 1) {
    host.kernels.sumColumns(from, outer, count, divisor, to);
  } else {
    for (let i = 0; i < outer; i++) {
      const at = from + 4 * i * count * inner;
      host.kernels.sumRows(at, count, inner, divisor, to + 4 * i * inner);
    }
  }
  return y;
}

/** The shape before, in and after the axes that are summed; that of the result. */
function splitAxes({ inputs, attrs }: Reduction) {
  const { shape } = inputs.x;
  const axes = util.parseAxisParam(attrs.axis as number | number[], shape)
    .sort((a, b) => a - b);
  const first = axes[0] ?? shape.length;
  if (axes.some((axis, i) => axis !== first + i)) return undefined;
  const last = first + axes.length;
  const [before, after] = [shape.slice(0, first), shape.slice(last)];
  return {
    outer: util.sizeFromShape(before),
    count: util.sizeFromShape(shape.slice(first, last)),
    inner: util.sizeFromShape(after),
    shape: [...before, ...(attrs.keepDims ? axes.map(() => 1) : []), ...after],
  };
}

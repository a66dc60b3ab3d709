import { util } from "@tensorflow/tfjs";
import type { KernelCall } from "../common/kernel.ts";
import type { WasmKernel } from "./kernel_host.ts";

/**
 * Sums over the first axes (the gradient of a bias) or over the last (a loss),
 * in float64 with one rounding at the end. Other axes go to the official kernel.
 */
export const sum: WasmKernel<"Sum"> = {
  name: "Sum",
  accepts: (call) => splitAxes(call) !== undefined,
  run(host, call) {
    const { x } = call.inputs;
    const { leading, kept, summed } = splitAxes(call)!;
    const shape = call.attrs.keepDims
      ? leading
        ? [...summed.map(() => 1), ...kept]
        : [...kept, ...summed.map(() => 1)]
      : kept;
    const y = host.output(shape);
    const [rows, columns] = leading ? [summed, kept] : [kept, summed];
    const run = leading ? host.kernels.sumRows : host.kernels.sumColumns;
    run(
      host.address(x),
      util.sizeFromShape(rows),
      util.sizeFromShape(columns),
      host.address(y),
    );
    return y;
  },
};

/** The shape cut in two: first or last axes that are summed, and the others. */
function splitAxes({ inputs, attrs }: KernelCall<"Sum">) {
  const { shape } = inputs.x;
  const axes = util.parseAxisParam(attrs.axis as number | number[], shape)
    .sort((a, b) => a - b);
  const rank = shape.length;
  if (axes.every((axis, i) => axis === rank - axes.length + i)) {
    const cut = rank - axes.length;
    return {
      leading: false,
      kept: shape.slice(0, cut),
      summed: shape.slice(cut),
    };
  }
  if (axes.every((axis, i) => axis === i)) {
    const cut = axes.length;
    return {
      leading: true,
      kept: shape.slice(cut),
      summed: shape.slice(0, cut),
    };
  }
  return undefined;
}

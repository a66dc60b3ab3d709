import { type TensorInfo, util } from "@tensorflow/tfjs";
import { elementwise } from "./elementwise.ts";
import type { KernelHost } from "./kernel_host.ts";
import type { KernelCall } from "./training_kernel.ts";

/**
 * Activations that clamp, in WGSL. A NaN stays one, so that a run that diverged
 * is seen to: `max` alone would make it 0.
 */
const clamps: Readonly<Record<string, string>> = {
  linear: "value",
  relu: "select(max(value, Value()), value, isNan(value))",
  relu6: "select(clamp(value, Value(), Value(6.0)), value, isNan(value))",
};

/** The activation of a fused call, undefined unless it is a plain clamp. */
export function activationOf({ attrs }: KernelCall): string | undefined {
  const name = String(attrs?.["activation"] ?? "linear");
  return name in clamps ? name : undefined;
}

/**
 * Whether the bias of a fused call, if any, is one number for each column; then
 * `addBias` takes it.
 */
export function hasPlainBias({ inputs }: KernelCall, columns: number): boolean {
  const { bias } = inputs;
  return !bias || (bias.shape.at(-1) === columns &&
    util.sizeFromShape(bias.shape) === columns);
}

/**
 * The rows of a matrix plus the bias of a fused call, clamped.
 *
 * @returns The sum, or `y` itself where there is nothing to do; `y` is freed
 * otherwise.
 */
export function addBias(
  host: KernelHost,
  y: TensorInfo,
  call: KernelCall,
): TensorInfo {
  const bias = call.inputs["bias"];
  const activation = activationOf(call) ?? "linear";
  if (!bias && activation === "linear") return y;
  const sum = host.output(y.shape);
  const columns = y.shape.at(-1)!;
  const vector = columns % 4 === 0;
  elementwise(host, {
    key: `addBias_${activation}_${bias !== undefined}_${vector}`,
    scalar: !vector,
    inputs: { y, ...(bias && { bias }) },
    outputs: { sum },
    integers: { columns: [vector ? columns / 4 : columns] },
    code: `
fn element(i : i32) {
  let value = y[i]${bias ? " + bias[i % uniforms.columns]" : ""};
  sum[i] = ${clamps[activation]};
}`,
  });
  host.dispose(y);
  return sum;
}

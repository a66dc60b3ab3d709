import type { TensorInfo } from "@tensorflow/tfjs";
import { type Activation, activationOf } from "../common/activation.ts";
import type { KernelCall } from "../common/kernel.ts";
import { elementwise } from "./elementwise.ts";
import type { KernelHost } from "./kernel_host.ts";

/**
 * Activations, in WGSL. A NaN stays one, so that a run that diverged is noticed:
 * `max` alone would make it 0.
 */
const activations: Readonly<Record<Activation, string>> = {
  linear: "value",
  relu: "select(max(value, Value()), value, isNan(value))",
  relu6: "select(clamp(value, Value(), Value(6.0)), value, isNan(value))",
};

/**
 * The rows of a matrix plus the bias of a fused call, then its activation.
 *
 * @returns The sum, or `y` itself if there is nothing to do; otherwise `y` is
 * freed.
 */
export function addBias(
  host: KernelHost,
  y: TensorInfo,
  call: KernelCall<"FusedConv2D" | "_FusedMatMul">,
): TensorInfo {
  const { bias } = call.inputs;
  const activation = activationOf(call) ?? "linear";
  if (!bias && activation === "linear") return y;
  const sum = host.output(y.shape);
  const columns = y.shape.at(-1)!;
  const vector = columns % 4 === 0;
  elementwise(host, {
    key: `addBias_${activation}_${Boolean(bias)}_${vector}`,
    scalar: !vector,
    inputs: { y, ...(bias && { bias }) },
    outputs: { sum },
    integers: { columns: [vector ? columns / 4 : columns] },
    code: `
fn element(i : i32) {
  let value = y[i]${bias ? " + bias[i % uniforms.columns]" : ""};
  sum[i] = ${activations[activation]};
}`,
  });
  host.dispose(y);
  return sum;
}

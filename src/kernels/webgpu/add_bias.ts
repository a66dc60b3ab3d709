import type { TensorInfo } from "@tensorflow/tfjs";
import { type Activation, activationOf } from "../common/activation.ts";
import type { KernelCall } from "../common/kernel.ts";
import { elementwise } from "./elementwise.ts";
import type { KernelHost, WebgpuKernel } from "./kernel_host.ts";

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
  const sum = activate(host, { x: y, bias: bias ?? undefined, activation });
  host.dispose(y);
  return sum;
}

/** A bias for each channel, then relu, after a convolution of any kind. */
export const addChannelBias: WebgpuKernel<"DupbenchAddBias"> = {
  name: "DupbenchAddBias",
  run: (host, { inputs: { x, bias }, attrs: { relu } }) =>
    activate(host, { x, bias, activation: relu ? "relu" : "linear" }),
};

/** x plus a bias for each column, then an activation. */
function activate(
  host: KernelHost,
  { x, bias, activation }: {
    x: TensorInfo;
    bias: TensorInfo | undefined;
    activation: Activation;
  },
): TensorInfo {
  const sum = host.output(x.shape);
  const columns = x.shape.at(-1)!;
  const vector = columns % 4 === 0;
  elementwise(host, {
    key: `addBias_${activation}_${Boolean(bias)}_${vector}`,
    scalar: !vector,
    inputs: { y: x, ...(bias && { bias }) },
    outputs: { sum },
    integers: { columns: [vector ? columns / 4 : columns] },
    code: `
fn element(i : i32) {
  let value = y[i]${bias ? " + bias[i % uniforms.columns]" : ""};
  sum[i] = ${activations[activation]};
}`,
  });
  return sum;
}

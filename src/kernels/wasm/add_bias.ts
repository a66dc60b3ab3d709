import { type TensorInfo, util } from "@tensorflow/tfjs";
import { type Activation, activationOf } from "../common/activation.ts";
import type { KernelCall } from "../common/kernel.ts";
import type { KernelHost, WasmKernel } from "./kernel_host.ts";

/** Upper bound of each activation that clamps; undefined does not clamp. */
const clamps: Readonly<Record<Activation, number | undefined>> = {
  linear: undefined,
  relu: Infinity,
  relu6: 6,
};

/** Adds the bias of a fused call to its rows in place, then clamps. */
export function addBias(
  host: KernelHost,
  y: TensorInfo,
  call: KernelCall<"FusedConv2D" | "_FusedMatMul">,
): void {
  const { bias } = call.inputs;
  const most = clamps[activationOf(call) ?? "linear"];
  if (!bias && most === undefined) return;
  host.kernels.addBias(
    host.address(y),
    util.sizeFromShape(y.shape.slice(0, -1)),
    y.shape.at(-1)!,
    bias ? host.address(bias) : 0,
    most !== undefined,
    most ?? 0,
    host.address(y),
  );
}

/** A bias for each channel, then relu, after a convolution of any kind. */
export const addChannelBias: WasmKernel<"DupbenchAddBias"> = {
  name: "DupbenchAddBias",
  run(host, { inputs: { x, bias }, attrs: { relu } }) {
    const y = host.output(x.shape);
    host.kernels.addBias(
      host.address(x),
      util.sizeFromShape(x.shape.slice(0, -1)),
      x.shape.at(-1)!,
      host.address(bias),
      relu,
      Infinity,
      host.address(y),
    );
    return y;
  },
};

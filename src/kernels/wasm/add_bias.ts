import type { TensorInfo } from "@tensorflow/tfjs";
import type { KernelHost } from "./kernel_host.ts";
import type { KernelCall } from "./training_kernel.ts";

/** Upper bound of the activations that clamp; undefined does not clamp. */
const clamps: Readonly<Record<string, number | undefined>> = {
  linear: undefined,
  relu: Infinity,
  relu6: 6,
};

/** The activation of a fused call, undefined unless it is a plain clamp. */
export function activationOf(call: KernelCall): string | undefined {
  const name = String(call.attrs?.["activation"] ?? "linear");
  return name in clamps ? name : undefined;
}

/** Adds the bias of a fused call to its rows in place, then clamps. */
export function addBias(
  host: KernelHost,
  y: TensorInfo,
  call: KernelCall,
): void {
  const bias = call.inputs["bias"];
  const most = clamps[activationOf(call) ?? "linear"];
  if (!bias && most === undefined) return;
  const columns = y.shape.at(-1)!;
  const rows = y.shape.slice(0, -1).reduce((product, n) => product * n, 1);
  host.kernels.addBias(
    host.address(y),
    rows,
    columns,
    bias ? host.address(bias) : 0,
    most !== undefined,
    most ?? 0,
  );
}

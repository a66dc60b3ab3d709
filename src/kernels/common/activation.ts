import type { KernelCall } from "./kernel.ts";

/** The activations of fused calls that our kernels compute: plain clamps. */
export type Activation = "linear" | "relu" | "relu6";

type FusedCall = KernelCall<"FusedConv2D" | "_FusedMatMul">;

/** The activation of a fused call, undefined unless it is one of ours. */
export function activationOf({ attrs }: FusedCall): Activation | undefined {
  const { activation = "linear" } = attrs;
  switch (activation) {
    case "linear":
    case "relu":
    case "relu6":
      return activation;
    default:
      return undefined;
  }
}

/** Whether the bias of a fused call, if any, is one number for each column. */
export function hasColumnBias(
  { inputs: { bias } }: FusedCall,
  columns: number,
): boolean {
  return !bias || (bias.shape.length === 1 && bias.shape[0] === columns);
}

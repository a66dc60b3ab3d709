import type { TensorInfo } from "@tensorflow/tfjs";
import { elementwise } from "./elementwise.ts";
import type { KernelHost } from "./kernel_host.ts";

/**
 * Numbers that are int32 or bool in memory, as float32.
 *
 * @returns A new tensor; the caller disposes it.
 */
export function toFloat(host: KernelHost, x: TensorInfo): TensorInfo {
  const y = host.output(x.shape);
  elementwise(host, {
    key: "toFloat",
    integerInputs: { x },
    outputs: { y },
    code: "fn element(i : i32) { y[i] = Value(x[i]); }",
  });
  return y;
}

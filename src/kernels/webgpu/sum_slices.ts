import type { TensorInfo } from "@tensorflow/tfjs";
import { elementwise } from "./elementwise.ts";
import type { KernelHost } from "./kernel_host.ts";

/**
 * Adds the slices of a partial result, first to last.
 *
 * @param partial Shape `[slices, ...]`.
 * @param shape Of the sum; has as many elements as one slice.
 * @returns The sum; the caller disposes it.
 */
export function sumSlices(
  host: KernelHost,
  partial: TensorInfo,
  shape: readonly number[],
): TensorInfo {
  const sum = host.output(shape);
  elementwise(host, {
    key: "sumSlices",
    inputs: { partial },
    outputs: { sum },
    integers: { slices: [partial.shape[0]!] },
    code: `
fn element(i : i32) {
  var total = Value();
  for (var slice = 0; slice < uniforms.slices; slice++) {
    total += partial[slice * uniforms.size + i];
  }
  sum[i] = total;
}`,
  });
  return sum;
}

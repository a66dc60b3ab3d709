import type { TensorInfo } from "@tensorflow/tfjs";
import { elementwise } from "./elementwise.ts";
import type { KernelHost } from "./kernel_host.ts";

/** A new float32 tensor of one number, NaN included, written by a program. */
export function fill(
  host: KernelHost,
  shape: readonly number[],
  value: number,
): TensorInfo {
  const values = host.output(shape);
  const [bits] = new Int32Array(Float32Array.of(value).buffer);
  elementwise(host, {
    key: "fill",
    outputs: { values },
    // As bits, because WGSL lets compilers assume that there is no NaN.
    integers: { bits: [bits!] },
    code: `
fn element(i : i32) {
  values[i] = Value(bitcast<f32>(uniforms.bits));
}`,
  });
  return values;
}

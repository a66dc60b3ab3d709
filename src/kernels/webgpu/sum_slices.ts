import type { TensorInfo } from "@tensorflow/tfjs";
import { elementwise } from "./elementwise.ts";
import { type Epilogue, plainSum } from "./epilogue.ts";
import type { KernelHost } from "./kernel_host.ts";

/**
 * Adds the slices of a partial result, first to last.
 *
 * @param partial Shape `[slices, ..., columns]`.
 * @param shape Of the sum; has as many elements as one slice.
 * @param epilogue What is computed from each sum.
 * @returns The sum; the caller disposes it.
 */
export function sumSlices(
  host: KernelHost,
  partial: TensorInfo,
  shape: readonly number[],
  epilogue: Epilogue = plainSum,
): TensorInfo {
  const sum = host.output(shape);
  const columns = partial.shape.at(-1)!;
  // A vector must not reach into the next row, as the epilogue sees columns.
  const isPlain = epilogue === plainSum;
  const vector = columns % 4 === 0;
  elementwise(host, {
    key: `sumSlices_${epilogue.key}`,
    scalar: !isPlain && !vector,
    inputs: { partial, ...epilogue.inputs },
    outputs: { sum },
    integers: {
      slices: [partial.shape[0]!],
      columns: [vector ? columns / 4 : columns],
    },
    code: `
${epilogue.code}
fn element(i : i32) {
  var total = Value();
  for (var slice = 0; slice < uniforms.slices; slice++) {
    total += partial[slice * uniforms.size + i];
  }
  sum[i] = finish(total, i % uniforms.columns);
}`,
  });
  return sum;
}

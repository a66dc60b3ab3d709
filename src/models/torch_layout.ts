import type { WeightSpec } from "./classifier_spec.ts";

/** A weight as PyTorch stores it. */
export interface TorchTensor {
  /** Name in the `state_dict`. */
  name: string;
  /** Shape in PyTorch's order. */
  shape: number[];
  /** Values, row-major. */
  data: Float32Array;
}

/**
 * Rearranges one weight from TF.js's layout to PyTorch's: convolutions
 * `[h, w, in, out]` to `[out, in, h, w]`, dense layers `[in, out]` to
 * `[out, in]`. The inputs of `fc1` also change order, because PyTorch flattens
 * `[c, h, w]` where TF.js flattens `[h, w, c]`.
 *
 * @param weight Name and shape in TF.js's layout.
 * @param values Values in that layout.
 * @param channels Output channels of the last convolution.
 */
export function toTorchLayout(
  weight: WeightSpec,
  values: Float32Array,
  channels: number,
): TorchTensor {
  const { name, shape } = weight;
  if (shape.length === 1) {
    return { name, shape: [...shape], data: values.slice() };
  }
  const outputs = shape.at(-1)!;
  const inputs = values.length / outputs;
  // Both dense and convolution kernels are [positions, channels, out] in TF.js
  // and [out, channels, positions] in PyTorch.
  const isDense = shape.length === 2;
  const depth = isDense ? (name === "fc1.weight" ? channels : 1) : shape[2]!;
  const positions = inputs / depth;
  const data = new Float32Array(values.length);
  for (let position = 0; position < positions; position++) {
    for (let channel = 0; channel < depth; channel++) {
      const from = (position * depth + channel) * outputs;
      const to = channel * positions + position;
      for (let out = 0; out < outputs; out++) {
        data[out * inputs + to] = values[from + out]!;
      }
    }
  }
  return {
    name,
    shape: isDense
      ? [outputs, inputs]
      : [outputs, shape[2]!, shape[0]!, shape[1]!],
    data,
  };
}

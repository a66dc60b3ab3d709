import type { Parameter } from "../spec/infer_network.ts";

/** A parameter as PyTorch stores it. */
export interface TorchTensor {
  /** Name in the `state_dict`. */
  name: string;
  /** Shape in PyTorch's order. */
  shape: number[];
  /** Values, row-major. */
  data: Float32Array;
}

/**
 * Rearranges one parameter from TensorFlow.js's layout to PyTorch's:
 * convolutions `[h, w, in, out]` to `[out, in, h, w]`, dense layers `[in, out]` to
 * `[out, in]`. What there is for each value of a flattened image also changes
 * order, because PyTorch flattens `[c, h, w]` where TensorFlow.js flattens
 * `[h, w, c]`.
 *
 * @param parameter Name and shape in TensorFlow.js's layout.
 * @param values Values in that layout.
 */
export function toTorchLayout(
  { name, shape, flattened }: Parameter,
  values: Float32Array,
): TorchTensor {
  // All are [positions, channels, outputs] in TensorFlow.js's layout and
  // [outputs, channels, positions] in PyTorch's; a vector has one output.
  const isVector = shape.length === 1;
  const isDense = shape.length === 2;
  const outputs = isVector ? 1 : shape.at(-1)!;
  const inputs = values.length / outputs;
  const depth = shape.length === 4 ? shape[2]! : flattened?.[2] ?? 1;
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
    shape: isVector
      ? [inputs]
      : isDense
      ? [outputs, inputs]
      : [outputs, shape[2]!, shape[0]!, shape[1]!],
    data,
  };
}

import type { ClassifierSpec } from "../spec/networks.ts";

/** One weight of a classifier: PyTorch's name, TF.js's layout. */
export interface WeightSpec {
  /** Name as PyTorch's `state_dict` would have it, such as `conv1.weight`. */
  readonly name: string;
  /** Shape in TF.js's layout: `[h, w, in, out]`, `[in, out]` or `[out]`. */
  readonly shape: readonly number[];
  /** Number of inputs of one output of the layer. */
  readonly fanIn: number;
}

/** Shape of the images and number of classes of a data set. */
export interface ModelInput {
  /** Height, width and channels of an image; height and width at least 4. */
  readonly shape: readonly [height: number, width: number, channels: number];
  /** Number of classes, at least 2. */
  readonly classes: number;
}

/**
 * Lists the weights of a classifier in the order of its layers.
 *
 * @throws {RangeError} If the images are too small to be pooled twice.
 */
export function listWeights(
  spec: ClassifierSpec,
  { shape: [height, width, channels], classes }: ModelInput,
): WeightSpec[] {
  if (height < 4 || width < 4) {
    throw new RangeError(
      `Images must have at least 4x4 pixels, got ${height}x${width}`,
    );
  }
  const [first, second] = spec.filters;
  const flat = Math.floor(height / 4) * Math.floor(width / 4) * second;
  const layer = (name: string, shape: number[]): WeightSpec[] => {
    const fanIn = shape.slice(0, -1).reduce((a, b) => a * b, 1);
    return [
      { name: `${name}.weight`, shape, fanIn },
      { name: `${name}.bias`, shape: shape.slice(-1), fanIn },
    ];
  };
  return [
    ...layer("conv1", [3, 3, channels, first]),
    ...layer("conv2", [3, 3, first, second]),
    ...layer("fc1", [flat, spec.hidden]),
    ...layer("fc2", [spec.hidden, classes]),
  ];
}

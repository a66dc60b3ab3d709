/** A small convolutional classifier, as numbers. */
export interface ClassifierSpec {
  /** Output channels of the two 3x3 convolutions. */
  readonly filters: readonly [number, number];
  /** Units of the hidden dense layer. */
  readonly hidden: number;
  /** Rate of the dropout behind the hidden layer, in `[0, 1)`. */
  readonly dropout: number;
}

/** Names of the models. */
export const modelNames = [
  "published-standard",
  "published-adversarial",
] as const;

/** Name of a model. */
export type ModelName = typeof modelNames[number];

/**
 * The two models of Aghabagherloo et al. 2025 (arXiv:2504.00638), as their
 * notebooks build them: twice (convolution 3x3, ReLU, max-pool 2), then dense,
 * ReLU, dropout, dense.
 */
export const classifierSpecs: Readonly<Record<ModelName, ClassifierSpec>> = {
  "published-standard": { filters: [16, 32], hidden: 128, dropout: 0.5 },
  "published-adversarial": { filters: [32, 64], hidden: 256, dropout: 0 },
};

/** One weight of a classifier: PyTorch's name, TF.js's layout. */
export interface WeightSpec {
  /** Name as PyTorch's `state_dict` would have it, such as `conv1.weight`. */
  readonly name: string;
  /** Shape in TF.js's layout: `[h, w, in, out]`, `[in, out]` or `[out]`. */
  readonly shape: readonly number[];
  /** Inputs that one output of the layer sums over. */
  readonly fanIn: number;
}

/** What the images and labels of a data set ask of a model. */
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
      `Cannot build model as images must be at least 4x4: current value is ${height}x${width}`,
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

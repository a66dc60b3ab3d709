/** Placeholder until spec has it. */
export type Layer =
  | {
    type: "conv";
    filters: number;
    kernel: number;
    stride: number;
    padding: "same" | number;
    bias: boolean;
    frozen: boolean;
  }
  | { type: "dense"; units: number; bias: boolean; frozen: boolean }
  | {
    type: "batchNorm";
    momentum: number;
    epsilon: number;
    scale: boolean;
    shift: boolean;
    frozen: boolean;
  }
  | { type: "relu" }
  | { type: "maxPool"; size: number; stride: number }
  | { type: "avgPool"; size: number; stride: number }
  | { type: "globalAvgPool" }
  | {
    type: "residual";
    layers: Layer[];
    shortcut: "identity" | "pad" | "project";
  }
  | { type: "dropout"; rate: number }
  | { type: "scale"; factor: number; offset: number }
  | { type: "flatten" };

export interface Parameter {
  name: string;
  shape: readonly number[];
  kind: "weight" | "bias" | "statistic";
  isTrained: boolean;
}

interface Inferred<Type extends Layer["type"]> {
  layer: Extract<Layer, { type: Type }>;
  input: readonly number[];
  output: readonly number[];
  parameters: readonly Parameter[];
  layers?: readonly InferredLayer[];
  shortcut?: readonly InferredLayer[];
}

export type InferredLayer<Type extends Layer["type"] = Layer["type"]> =
  Type extends Layer["type"] ? Inferred<Type> : never;

/** The layers of a published classifier. */
export function layersOf(
  { filters, hidden, dropout }: {
    filters: readonly [number, number];
    hidden: number;
    dropout: number;
  },
  { shape, classes }: {
    shape: readonly [number, number, number];
    classes: number;
  },
): InferredLayer[] {
  const found: InferredLayer[] = [];
  let input: readonly number[] = shape;
  const add = (
    layer: Layer,
    output: readonly number[],
    parameters: Parameter[] = [],
  ) => {
    found.push({ layer, input, output, parameters } as InferredLayer);
    input = output;
  };
  const pair = (name: string, shape: number[]): Parameter[] => [
    { name: `${name}.weight`, shape, kind: "weight", isTrained: true },
    {
      name: `${name}.bias`,
      shape: shape.slice(-1),
      kind: "bias",
      isTrained: true,
    },
  ];
  add({ type: "scale", factor: 2, offset: -1 }, input);
  filters.forEach((filters, i) => {
    const [height, width, channels] = input as [number, number, number];
    const full = [height, width, filters];
    add(
      {
        type: "conv",
        filters,
        kernel: 3,
        stride: 1,
        padding: "same",
        bias: true,
        frozen: false,
      },
      full,
      pair(`conv${i + 1}`, [3, 3, channels, filters]),
    );
    add({ type: "relu" }, full);
    add({ type: "maxPool", size: 2, stride: 2 }, [
      Math.floor(height / 2),
      Math.floor(width / 2),
      filters,
    ]);
  });
  const flat = input.reduce((a, b) => a * b);
  add({ type: "flatten" }, [flat]);
  add(
    { type: "dense", units: hidden, bias: true, frozen: false },
    [hidden],
    pair("fc1", [flat, hidden]),
  );
  add({ type: "relu" }, [hidden]);
  if (dropout > 0) add({ type: "dropout", rate: dropout }, [hidden]);
  add(
    { type: "dense", units: classes, bias: true, frozen: false },
    [classes],
    pair("fc2", [hidden, classes]),
  );
  return found;
}
